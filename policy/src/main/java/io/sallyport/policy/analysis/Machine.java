package io.sallyport.policy.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The patterns of all clauses side by side: its states are sets of positions, made as they are
 * asked for.
 */
final class Machine {
  private final List<Clause> clauses;
  private final BitSet[] finals;
  private final List<BitSet> entered = new ArrayList<>();
  private final List<Pattern> owners = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final BitSet start = new BitSet();
  private final int[] classes;
  private final byte[] letters;

  Machine(List<Clause> clauses) {
    this.clauses = clauses;
    this.finals = new BitSet[clauses.size()];
    for (int i = 0; i < finals.length; i++) {
      finals[i] = new BitSet();
      for (var pattern : clauses.get(i).patterns()) {
        add(pattern, finals[i]);
      }
    }
    this.classes = classes();
    this.letters = letters(classes);
  }

  private void add(Pattern pattern, BitSet ends) {
    int first = owners.size();
    for (int p = 0; p <= pattern.size(); p++) {
      owners.add(pattern);
      places.add(p);
      var reached = new BitSet();
      int to = p;
      reached.set(first + to);
      while (to < pattern.size() && pattern.skipsFrom(to)) {
        to++;
        reached.set(first + to);
      }
      entered.add(reached);
      ends.set(first + p, pattern.endsAt(p));
    }
    start.or(entered.get(first));
  }

  /** Which bytes no pattern tells apart, as the number of their class. */
  private int[] classes() {
    var sets = new LinkedHashMap<BitSet, Integer>();
    for (int p = 0; p < owners.size(); p++) {
      sets.putIfAbsent(owners.get(p).stayAt(places.get(p)), sets.size());
      if (places.get(p) < owners.get(p).size()) {
        sets.putIfAbsent(owners.get(p).stepFrom(places.get(p)), sets.size());
      }
    }
    var known = new LinkedHashMap<BitSet, Integer>();
    var numbers = new int[ByteSet.SIZE];
    for (int b = 0; b < ByteSet.SIZE; b++) {
      var signature = new BitSet();
      int letter = b;
      sets.forEach((set, number) -> signature.set(number, set.get(letter)));
      known.putIfAbsent(signature, known.size());
      numbers[b] = known.get(signature);
    }
    return numbers;
  }

  private static byte[] letters(int[] classes) {
    var first = new ArrayList<Byte>();
    for (int b = 0; b < ByteSet.SIZE; b++) {
      if (classes[b] == first.size()) {
        first.add((byte) b);
      }
    }
    var letters = new byte[first.size()];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = first.get(i);
    }
    return letters;
  }

  BitSet start() {
    return start;
  }

  /** How many classes of bytes there are. */
  int classCount() {
    return letters.length;
  }

  int classOf(int letter) {
    return classes[letter];
  }

  /** The state after a byte of this class. */
  BitSet next(BitSet state, int byteClass) {
    int b = letters[byteClass] & 0xFF;
    var next = new BitSet(owners.size());
    for (int p = state.nextSetBit(0); p >= 0; p = state.nextSetBit(p + 1)) {
      var pattern = owners.get(p);
      int place = places.get(p);
      if (pattern.stayAt(place).get(b)) {
        next.or(entered.get(p));
      }
      if (place < pattern.size() && pattern.stepFrom(place).get(b)) {
        next.or(entered.get(p + 1));
      }
    }
    return next;
  }

  /** Whether a name that ends in this state is allowed. */
  boolean allows(BitSet state) {
    boolean allowed = false;
    for (int i = 0; i < finals.length; i++) {
      var clause = clauses.get(i);
      if (state.intersects(finals[i]) != clause.excluding()) {
        if (!clause.allows()) {
          return false;
        }
        allowed = true;
      }
    }
    return allowed;
  }
}
