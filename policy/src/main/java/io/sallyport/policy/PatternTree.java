package io.sallyport.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of all rules of one action as one tree, in which equal beginnings are one path; it
 * is shared by all sessions of a template.
 */
final class PatternTree {
  private static final int NO_VALUE = -1;

  private final List<Rule> rules;
  private final Map<Variable, Integer> placeOf;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> excluding = new ArrayList<>();

  /** A place in patterns; nothing changes in it once the tree is made. */
  static final class Node {
    final int id;

    /** The place of the variable whose value leads here. */
    final int place;

    /** Whether no letter leads away from it. */
    final boolean stays;

    final Map<Integer, Node> letters = new HashMap<>();
    final List<Node> values = new ArrayList<>();
    final List<Integer> endingRules = new ArrayList<>();
    @Nullable Node anyLetter;
    @Nullable Node anyRun;

    /** Whether a pattern that denies what it covers ends here or further on. */
    boolean mayDeny;

    private Node(int id, int place, boolean stays) {
      this.id = id;
      this.place = place;
      this.stays = stays;
    }
  }

  /**
   * The tree of these rules.
   *
   * @param placeOf the places of variables among a session's slots
   */
  PatternTree(List<Rule> all, Map<Variable, Integer> placeOf) {
    this.rules = List.copyOf(all);
    this.placeOf = placeOf;
    node(NO_VALUE, false);
    for (int number = 0; number < rules.size(); number++) {
      if (isExcluding(number)) {
        excluding.add(number);
      }
      for (var items : rules.get(number).writtenPatterns()) {
        add(items, number);
      }
    }
  }

  private Node node(int place, boolean stays) {
    var made = new Node(nodes.size(), place, stays);
    nodes.add(made);
    return made;
  }

  private void add(List<GlobItem> items, int rule) {
    boolean denies = isDenying(rule) && !isExcluding(rule);
    var at = root();
    at.mayDeny |= denies;
    for (var item : items) {
      at = child(at, item);
      at.mayDeny |= denies;
    }
    at.endingRules.add(rule);
  }

  private Node child(Node at, GlobItem item) {
    return switch (item) {
      case GlobItem.Letter(int letter) ->
          at.letters.computeIfAbsent(letter, _ -> node(NO_VALUE, false));
      case GlobItem.AnyLetter() -> behindLetter(at);
      case GlobItem.AnyRun() -> behindRun(at);
      case GlobItem.Value(var variable) ->
          behindValue(at, placeOf.getOrDefault(variable, NO_VALUE));
    };
  }

  private Node behindLetter(Node at) {
    var known = at.anyLetter;
    if (known == null) {
      known = node(NO_VALUE, false);
      at.anyLetter = known;
    }
    return known;
  }

  private Node behindRun(Node at) {
    var known = at.anyRun;
    if (known == null) {
      known = node(NO_VALUE, true);
      at.anyRun = known;
    }
    return known;
  }

  private Node behindValue(Node at, int place) {
    for (var known : at.values) {
      if (known.place == place) {
        return known;
      }
    }
    var made = node(place, false);
    at.values.add(made);
    return made;
  }

  Node root() {
    return nodes.getFirst();
  }

  Node node(int id) {
    return nodes.get(id);
  }

  /** The rules that do not apply at this moment, whatever the name. */
  BitSet resting(Facts facts) {
    var resting = new BitSet();
    for (int number = 0; number < rules.size(); number++) {
      if (!rules.get(number).holds(facts)) {
        resting.set(number);
      }
    }
    return resting;
  }

  /** The rules that apply where their patterns do not. */
  List<Integer> excluding() {
    return excluding;
  }

  boolean isExcluding(int rule) {
    return rules.get(rule).isExcluding();
  }

  boolean isDenying(int rule) {
    return rules.get(rule).isDenying();
  }
}
