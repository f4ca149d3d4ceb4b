package io.sallyport.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rules that cover a name in one pass over its bytes, however many rules there are: a
 * deterministic automaton, made state by state as names need it, and shared by all sessions of a
 * template. What differs between sessions, the values of variables, is compared where a state
 * expects it.
 *
 * <p>Two things it leaves to {@link Rule#on}, one rule after the other, and counts: names that
 * would need more states than the bound, and names in which the values of two variables overlap.
 */
final class NameMachine {
  /** The answer to a name that has to be decided rule by rule. */
  static final int UNDECIDED = -2;

  static final int NONE = -1;

  /** Bound: the states kept, and the positions in all of them. */
  static final int STATES_MAX = 4_096;

  static final int POSITIONS_MAX = 1 << 20;

  /** After so many names that did not fit, what was learnt is forgotten: names change. */
  private static final int FORGET_AFTER = 1 << 16;

  private static final LongAdder FALLBACKS = new LongAdder();

  private final GlobPositions globs;
  private final int[] classes;
  private final boolean[] isContinuation;
  private final int firstValue;
  private final int[] places;
  private final Map<Key, State> states = new HashMap<>();
  private final LongAdder undecided = new LongAdder();
  private final State dead;
  private int positions;
  private int misfits;
  private volatile State start;

  /** Its first fields are final: a state that is seen at all is seen whole, also without a lock. */
  private static final class State {
    private final int[] positions;
    private final int[] rules;
    private final boolean settled;
    private final boolean expectsValue;
    // All that can follow, if it is one run of bytes or one value.
    private final byte @Nullable [] literal;
    private final int onlyValue;
    private final @Nullable State[] next;
    private @Nullable State leap;
    private @Nullable Merged merged;

    State(int[] positions, GlobPositions globs) {
      this.positions = positions;
      this.rules = globs.ended(positions);
      this.settled = globs.isSettled(positions);
      this.expectsValue = globs.expectsValue(positions);
      var follows = globs.literal(positions);
      this.literal = follows.length == 0 ? null : follows;
      this.onlyValue = globs.onlyValue(positions);
      this.next = new State[positions.length == 0 ? 0 : globs.symbols()];
    }

    /** What must follow for any rule to apply, or null if that is more than one thing. */
    byte @Nullable [] expected(Slots slots, int[] places) {
      return onlyValue < 0 ? literal : slots.value(places[onlyValue]);
    }
  }

  /** This state and another at once: what both have reached. */
  private record Merged(State other, State both) {}

  /** Positions as a key, which a record of an array would not be. */
  private static final class Key {
    private final int[] positions;

    Key(int[] positions) {
      this.positions = positions;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(positions, key.positions);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(positions);
    }
  }

  /**
   * The machine of these rules.
   *
   * @param rules the patterns of each rule
   * @param placeOf the places of variables among a session's slots
   */
  NameMachine(List<List<List<GlobItem>>> rules, Map<Variable, Integer> placeOf) {
    globs = new GlobPositions(rules, placeOf);
    dead = new State(new int[0], globs);
    classes = globs.classes();
    firstValue = globs.firstValue();
    places = globs.places();
    isContinuation = new boolean[globs.symbols()];
    for (int b = 0; b < classes.length; b++) {
      isContinuation[classes[b]] = Utf8.isContinuation((byte) b);
    }
    start = begin();
  }

  /** The beginning, which every machine has room for. */
  private State begin() {
    if (globs.start().length == 0) {
      return dead;
    }
    var made = new State(globs.start(), globs);
    states.put(new Key(made.positions), made);
    positions = made.positions.length;
    return made;
  }

  /**
   * The first rule at or after {@code from} that covers this well-formed name, {@link #NONE}, or
   * {@link #UNDECIDED}.
   */
  int first(byte[] name, Slots slots, int from) {
    @Nullable State state = start;
    // A value that begins where several patterns may go on is caught up with where it ends.
    @Nullable State waiting = null;
    int waitingFor = -1;
    int at = 0;
    while (true) {
      if (waiting != null && waitingFor == at) {
        state = merge(state, waiting);
        waiting = null;
      }
      if (state == null) {
        return undecided();
      }
      if (waiting == null) {
        if (state.settled || at == name.length) {
          return firstOf(state.rules, from);
        }
        var expected = state.expected(slots, places);
        if (expected != null) {
          at = endOf(expected, name, at);
          if (at < 0) {
            return NONE;
          }
          var leap = state.leap;
          state = leap == null ? learnLeap(state) : leap;
          continue;
        }
      } else if (state == dead) {
        at = waitingFor;
        continue;
      }
      for (int value = 0; state.expectsValue && value < places.length; value++) {
        var behind = next(state, firstValue + value);
        if (behind == null) {
          return undecided();
        }
        int end = behind == dead ? -1 : endOf(slots.value(places[value]), name, at);
        if (end >= 0) {
          if (waiting == null) {
            waiting = behind;
            waitingFor = end;
          } else if (waitingFor == end) {
            waiting = merge(waiting, behind);
          } else {
            return undecided();
          }
        }
      }
      state = next(state, classes[name[at] & 0xFF]);
      at++;
    }
  }

  private static int endOf(byte[] value, byte[] name, int at) {
    int end = at + value.length;
    return end <= name.length && Arrays.equals(name, at, end, value, 0, value.length) ? end : -1;
  }

  private static int firstOf(int[] rules, int from) {
    for (int rule : rules) {
      if (rule >= from) {
        return rule;
      }
    }
    return NONE;
  }

  private int undecided() {
    undecided.increment();
    FALLBACKS.increment();
    return UNDECIDED;
  }

  /** How many names had to be decided rule by rule. */
  long undecidedNames() {
    return undecided.sum();
  }

  /** The same for all machines that there have been in this process. */
  static long fallbacks() {
    return FALLBACKS.sum();
  }

  synchronized int size() {
    return states.size();
  }

  /** The state behind a symbol, or null where there is no room for it. */
  private @Nullable State next(State state, int symbol) {
    var known = state.next[symbol];
    return known == null ? learn(state, symbol) : known;
  }

  private synchronized @Nullable State learn(State state, int symbol) {
    // Before the work: a full machine must not hold everybody up for what it cannot keep.
    if (isFull()) {
      return null;
    }
    var made = state(globs.step(state.positions, symbol, isContinuation[symbol]));
    state.next[symbol] = made;
    return made;
  }

  /** Behind all that a state expects. */
  private synchronized @Nullable State learnLeap(State state) {
    if (isFull()) {
      return null;
    }
    var made =
        state.literal == null
            ? state(globs.step(state.positions, firstValue + state.onlyValue, false))
            : state(globs.behind(state.positions, state.literal.length));
    state.leap = made;
    return made;
  }

  private @Nullable State merge(@Nullable State one, @Nullable State other) {
    if (one == null || other == null) {
      return null;
    }
    if (one == dead || one == other) {
      return other;
    }
    var known = one.merged;
    return known != null && known.other == other ? known.both : learnMerged(one, other);
  }

  private synchronized @Nullable State learnMerged(State one, State other) {
    if (isFull()) {
      return null;
    }
    var both = Arrays.copyOf(one.positions, one.positions.length + other.positions.length);
    System.arraycopy(other.positions, 0, both, one.positions.length, other.positions.length);
    var made = state(Arrays.stream(both).sorted().distinct().toArray());
    if (made != null) {
      one.merged = new Merged(other, made);
    }
    return made;
  }

  private @Nullable State state(int[] reached) {
    if (reached.length == 0) {
      return dead;
    }
    var key = new Key(reached);
    var known = states.get(key);
    if (known != null) {
      return known;
    }
    if (positions + reached.length > POSITIONS_MAX) {
      misfit();
      return null;
    }
    var made = new State(reached, globs);
    states.put(key, made);
    positions += reached.length;
    return made;
  }

  /** Whether there is room for not one state more; counts that one was wanted. */
  private boolean isFull() {
    boolean full = states.size() >= STATES_MAX || positions >= POSITIONS_MAX;
    if (full) {
      misfit();
    }
    return full;
  }

  private void misfit() {
    misfits++;
    if (misfits >= FORGET_AFTER) {
      misfits = 0;
      states.clear();
      start = begin();
    }
  }
}
