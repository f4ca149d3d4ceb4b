package io.sallyport.policy;

import io.sallyport.policy.PatternTree.Node;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Walks all patterns of a tree at once with the values of one session, as its facts are now. What
 * is reached is a sorted set of places: a node, or so many letters of the value that leads to it.
 */
final class PatternWalk {
  private static final int NODE_SHIFT = 32;

  private final PatternTree tree;
  private final Slots slots;
  private final BitSet resting;
  private final Map<Integer, int[]> values = new HashMap<>();

  PatternWalk(PatternTree tree, Slots slots, Facts facts) {
    this.tree = tree;
    this.slots = slots;
    this.resting = tree.resting(facts);
  }

  long[] start() {
    var reached = new Reached();
    reached.enter(tree.root());
    return reached.sorted();
  }

  /** Where a letter leads. */
  long[] next(long[] from, int letter) {
    var reached = new Reached();
    for (long place : from) {
      var node = node(place);
      int begun = begun(place);
      if (begun > 0) {
        reached.readOn(node, begun, letter);
        continue;
      }
      if (node.stays) {
        reached.enter(node);
      }
      var next = node.letters.get(letter);
      if (next != null) {
        reached.enter(next);
      }
      if (node.anyLetter != null) {
        reached.enter(node.anyLetter);
      }
      for (var behind : node.values) {
        reached.readOn(behind, 0, letter);
      }
    }
    return reached.sorted();
  }

  /** The letters by which places can be told apart. */
  Set<Integer> expected(long[] from) {
    var letters = new TreeSet<Integer>();
    for (long place : from) {
      var node = node(place);
      int begun = begun(place);
      if (begun > 0) {
        letters.add(value(node)[begun]);
        continue;
      }
      letters.addAll(node.letters.keySet());
      for (var behind : node.values) {
        letters.add(value(behind)[0]);
      }
    }
    return letters;
  }

  /** Whether a name that ends here is allowed. */
  boolean allows(long[] reached) {
    var covering = covering(reached, false);
    boolean allowed = false;
    for (int rule = covering.nextSetBit(0); rule >= 0; rule = covering.nextSetBit(rule + 1)) {
      if (!tree.isExcluding(rule) && !resting.get(rule)) {
        if (tree.isDenying(rule)) {
          return false;
        }
        allowed = true;
      }
    }
    for (int rule : tree.excluding()) {
      if (!covering.get(rule) && !resting.get(rule)) {
        if (tree.isDenying(rule)) {
          return false;
        }
        allowed = true;
      }
    }
    return allowed;
  }

  /**
   * Whether a name that ends here is allowed, and every longer one: then nothing is left to ask.
   */
  boolean allowsAllFrom(long[] reached) {
    for (long place : reached) {
      if (node(place).mayDeny) {
        return false;
      }
    }
    var covering = covering(reached, true);
    for (int rule : tree.excluding()) {
      if (tree.isDenying(rule) && !covering.get(rule) && !resting.get(rule)) {
        return false;
      }
    }
    covering.andNot(resting);
    return covering.stream().anyMatch(rule -> !tree.isDenying(rule) && !tree.isExcluding(rule));
  }

  /** The rules whose patterns cover a name that ends here; for ever: and all that is longer. */
  private BitSet covering(long[] reached, boolean forEver) {
    var covering = new BitSet();
    for (long place : reached) {
      var node = node(place);
      if (begun(place) == 0 && (node.stays || !forEver)) {
        node.endingRules.forEach(covering::set);
      }
    }
    return covering;
  }

  private Node node(long place) {
    return tree.node((int) (place >>> NODE_SHIFT));
  }

  private static int begun(long place) {
    return (int) place;
  }

  private int[] value(Node behind) {
    return values.computeIfAbsent(
        behind.place,
        place -> new String(slots.value(place), StandardCharsets.UTF_8).codePoints().toArray());
  }

  /** Collects places. */
  private final class Reached {
    private long[] places = new long[8];
    private int count;

    /** A node, and the runs that may begin there. */
    void enter(Node node) {
      add((long) node.id << NODE_SHIFT);
      if (node.anyRun != null) {
        enter(node.anyRun);
      }
    }

    /** The next letter of a value of which some are read. */
    void readOn(Node behind, int read, int letter) {
      var value = value(behind);
      if (value[read] != letter) {
        return;
      }
      if (read + 1 == value.length) {
        enter(behind);
      } else {
        add(((long) behind.id << NODE_SHIFT) | (read + 1));
      }
    }

    private void add(long place) {
      if (count == places.length) {
        places = Arrays.copyOf(places, 2 * count);
      }
      places[count++] = place;
    }

    long[] sorted() {
      Arrays.sort(places, 0, count);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (kept == 0 || places[kept - 1] != places[i]) {
          places[kept++] = places[i];
        }
      }
      return Arrays.copyOf(places, kept);
    }
  }
}
