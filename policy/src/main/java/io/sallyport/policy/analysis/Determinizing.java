package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The subset construction with a budget, which the library's own does not have. */
final class Determinizing {
  private final int statesMax;
  private final Map<Set<State>, State> known = new HashMap<>();
  private final ArrayDeque<Open> open = new ArrayDeque<>();

  private record Open(Set<State> set, State state) {}

  private Determinizing(int statesMax) {
    this.statesMax = statesMax;
  }

  static Automaton of(Automaton automaton, int statesMax) {
    return new Determinizing(statesMax).run(automaton);
  }

  private Automaton run(Automaton automaton) {
    var initial = state(Set.of(automaton.getInitialState()));
    while (!open.isEmpty()) {
      var next = open.remove();
      expand(next.set, next.state);
    }
    var result = new Automaton();
    result.setInitialState(initial);
    result.setDeterministic(true);
    return result;
  }

  private void expand(Set<State> from, State made) {
    var borders = new TreeSet<Integer>();
    for (var state : from) {
      for (var transition : state.getTransitions()) {
        borders.add((int) transition.getMin());
        borders.add(transition.getMax() + 1);
      }
    }
    int first = -1;
    for (int border : borders) {
      if (first >= 0) {
        var reached = reached(from, (char) first);
        if (!reached.isEmpty()) {
          made.addTransition(new Transition((char) first, (char) (border - 1), state(reached)));
        }
      }
      first = border;
    }
  }

  private static Set<State> reached(Set<State> from, char letter) {
    var reached = new HashSet<State>();
    for (var state : from) {
      state.step(letter, reached);
    }
    return reached;
  }

  private State state(Set<State> set) {
    var found = known.get(set);
    if (found == null) {
      if (known.size() == statesMax) {
        throw new TooComplex(statesMax);
      }
      found = new State();
      found.setAccept(set.stream().anyMatch(State::isAccept));
      known.put(set, found);
      open.add(new Open(set, found));
    }
    return found;
  }
}
