package io.sallyport.policy.analysis;

import dk.brics.automaton.State;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Value;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Solves patterns for the name: which names, put in the place of their variable, make a pattern fit
 * one of the words in question.
 */
final class NameSearch {
  private static final int ID_LENGTH_MAX = 128;

  private final PolicyClass principals;
  private final List<StatementView> statements;
  private final Set<String> found = new TreeSet<>();

  private record At(int position, State state) {}

  NameSearch(PolicyClass principals, List<StatementView> statements) {
    this.principals = principals;
    this.statements = statements;
  }

  /** Every name that can make a difference; some may make none. */
  Set<String> found() {
    return found;
  }

  /** Looks at the patterns of one action, among these words. */
  void within(Language words, Action action) {
    for (var statement : statements) {
      for (var resource : statement.resources()) {
        for (var pieces : resource.names().getOrDefault(action, List.of())) {
          for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Value(var variable) && principals.isNamed(variable)) {
              solve(words, pieces.subList(0, i), pieces.subList(i + 1, pieces.size()));
            }
          }
        }
      }
    }
  }

  private void solve(Language words, List<Piece> before, List<Piece> after) {
    var left = Pattern.of(before, _ -> new Valuation.Unknown());
    var right = Pattern.of(after, _ -> new Valuation.Unknown());
    for (var start : ends(left, words.automaton().getInitialState())) {
      var value = new StringBuilder();
      walk(start, value, right);
    }
  }

  /** Along the letters of ids; the words in question branch only at wildcards, which are none. */
  private void walk(State from, StringBuilder value, Pattern right) {
    if (!value.isEmpty() && ends(right, from).stream().anyMatch(State::isAccept)) {
      add(value.toString());
    }
    if (value.length() == ID_LENGTH_MAX + principals.uriPrefix().length()) {
      return;
    }
    for (char letter = '-'; letter <= 'z'; letter++) {
      var to = from.step(letter);
      if (to != null && PrincipalId.isValid(String.valueOf(letter))) {
        value.append(letter);
        walk(to, value, right);
        value.setLength(value.length() - 1);
      }
    }
  }

  private void add(String value) {
    var prefix = principals.uriPrefix();
    var inside = value.startsWith(prefix) ? value.substring(prefix.length()) : value;
    for (var name : List.of(value, inside)) {
      if (PrincipalId.isValid(name) && found.add(name) && found.size() > FleetReach.NAMES_MAX) {
        throw new TooComplex(FleetReach.NAMES_MAX);
      }
    }
  }

  /** Where in the words one can be when the pattern ends. */
  private static Set<State> ends(Pattern pattern, State start) {
    var seen = new HashSet<At>();
    var open = new ArrayDeque<At>();
    var ends = new HashSet<State>();
    open.add(new At(0, start));
    while (!open.isEmpty()) {
      var at = open.remove();
      if (!seen.add(at)) {
        continue;
      }
      if (pattern.endsAt(at.position)) {
        ends.add(at.state);
      }
      if (at.position < pattern.size() && pattern.skipsFrom(at.position)) {
        open.add(new At(at.position + 1, at.state));
      }
      for (var transition : at.state.getTransitions()) {
        boolean stays =
            touches(pattern.stayAt(at.position), transition.getMin(), transition.getMax());
        if (stays) {
          open.add(new At(at.position, transition.getDest()));
        }
        if (at.position < pattern.size()
            && touches(pattern.stepFrom(at.position), transition.getMin(), transition.getMax())) {
          open.add(new At(at.position + 1, transition.getDest()));
        }
      }
    }
    return ends;
  }

  private static boolean touches(BitSet bytes, char min, char max) {
    int next = bytes.nextSetBit(min);
    return next >= 0 && next <= max;
  }
}
