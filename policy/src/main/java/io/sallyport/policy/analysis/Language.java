package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import dk.brics.automaton.State;
import dk.brics.automaton.Transition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A regular set of names over the bytes of UTF-8. Immutable, and always deterministic and minimal;
 * whatever would grow beyond the budget ends with {@link TooComplex}.
 */
public final class Language {
  /** Bound: states of one automaton. */
  static final int STATES_MAX = 10_000;

  /** Bound: pairs of states that one operation may look at. */
  private static final long PAIRS_MAX = 4_000_000;

  /** No name at all. */
  static final Language NONE = of(Automaton.makeEmpty());

  // Invariant: deterministic, minimal, and never changed: brics would otherwise rewrite it.
  private final Automaton automaton;

  private Language(Automaton deterministic) {
    deterministic.minimize();
    this.automaton = deterministic;
  }

  /** The language of any automaton, made deterministic within the budget. */
  static Language of(Automaton automaton) {
    automaton.expandSingleton();
    return new Language(
        automaton.isDeterministic() ? automaton : Determinizing.of(automaton, STATES_MAX));
  }

  /** Exactly the names that these clauses allow. */
  static Language allowedBy(List<Clause> clauses) {
    return of(explored(new Machine(clauses)).intersection(Names.ALL.automaton));
  }

  /** The topics that a filter without a share group matches. */
  static Language matching(Pattern pattern) {
    return matching(List.of(pattern));
  }

  /** The names that one of the patterns fits. */
  static Language matching(List<Pattern> patterns) {
    return allowedBy(List.of(Clause.granting(patterns)));
  }

  private record Open(BitSet positions, State state) {}

  private static Automaton explored(Machine machine) {
    var known = new HashMap<BitSet, State>();
    var open = new ArrayDeque<Open>();
    var initial = state(machine, machine.start(), known, open);
    while (!open.isEmpty()) {
      var from = open.remove();
      var targets = new State[machine.classCount()];
      for (int c = 0; c < targets.length; c++) {
        targets[c] = state(machine, machine.next(from.positions, c), known, open);
      }
      connect(from.state, machine, targets);
    }
    var automaton = new Automaton();
    automaton.setInitialState(initial);
    automaton.setDeterministic(true);
    return automaton;
  }

  private static State state(
      Machine machine, BitSet set, Map<BitSet, State> known, ArrayDeque<Open> open) {
    var found = known.get(set);
    if (found == null) {
      if (known.size() == STATES_MAX) {
        throw new TooComplex(STATES_MAX);
      }
      found = new State();
      found.setAccept(machine.allows(set));
      known.put(set, found);
      open.add(new Open(set, found));
    }
    return found;
  }

  /** One arrow for each stretch of bytes that lead to the same state. */
  private static void connect(State from, Machine machine, State[] targets) {
    int first = 0;
    for (int b = 1; b <= ByteSet.SIZE; b++) {
      if (b == ByteSet.SIZE
          || !targets[machine.classOf(b)].equals(targets[machine.classOf(first)])) {
        from.addTransition(
            new Transition((char) first, (char) (b - 1), targets[machine.classOf(first)]));
        first = b;
      }
    }
  }

  Automaton automaton() {
    return automaton;
  }

  /** What is in both. */
  public Language and(Language other) {
    bound(other);
    return of(automaton.intersection(other.automaton));
  }

  /** What is in this one only. */
  public Language minus(Language other) {
    bound(other);
    return of(automaton.minus(other.automaton));
  }

  /** What is in either. */
  public Language or(Language other) {
    bound(other);
    return of(automaton.union(other.automaton));
  }

  private void bound(Language other) {
    if ((long) size() * other.size() > PAIRS_MAX) {
      throw new TooComplex(STATES_MAX);
    }
  }

  int size() {
    return automaton.getNumberOfStates();
  }

  /** Whether no name is in it. */
  public boolean isEmpty() {
    return automaton.isEmpty();
  }

  /** Whether there is nothing in it that is not in the other one. */
  public boolean isWithin(Language other) {
    return minus(other).isEmpty();
  }

  /** Whether both have the same names. */
  public boolean isSameAs(Language other) {
    return isWithin(other) && other.isWithin(this);
  }

  /** Whether the name is in it. */
  public boolean contains(String name) {
    var state = automaton.getInitialState();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      state = state.step((char) (b & 0xFF));
      if (state == null) {
        return false;
      }
    }
    return state.isAccept();
  }

  /** A name of the fewest bytes, of those the most readable; none if there is no name. */
  public Optional<String> shortest() {
    return Shortest.of(automaton);
  }

  /** Some shortest names, each unlike the ones before it in what it begins with. */
  public List<String> examples(int most) {
    var found = new ArrayList<String>();
    var rest = this;
    while (found.size() < most) {
      var next = rest.shortest();
      if (next.isEmpty()) {
        return found;
      }
      found.add(next.get());
      int slash = next.get().indexOf('/');
      rest =
          rest.minus(
              Names.beginningWith(slash < 0 ? next.get() : next.get().substring(0, slash + 1)));
    }
    return found;
  }

  @Override
  public String toString() {
    return shortest().map(word -> "a language with '" + word + "'").orElse("the empty language");
  }
}
