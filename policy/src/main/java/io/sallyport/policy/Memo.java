package io.sallyport.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names that were decided lately for one action. A device says the same few all day and gets by
 * with a handful; for a backend that hears from many the memo grows while it is being missed.
 */
final class Memo {
  /** Bound: the names remembered, at first and at most. */
  static final int NAMES_MIN = 4;

  static final int NAMES_MAX = 128;

  /** Bound: the longest name remembered; longer ones are decided each time. */
  static final int NAME_LENGTH_MAX = 128;

  private static final int ROUNDING = 32;
  // A memo that is missed this many times for each name in it is too small.
  private static final int MISSES_PER_NAME = 4;

  private byte[][] names = new byte[NAMES_MIN][0];
  private int[] lengths = new int[NAMES_MIN];
  private @Nullable Ruling[] rulings = new Ruling[NAMES_MIN];
  private int misses;

  /** The ruling on this name if it is remembered. */
  @Nullable Ruling find(byte[] name) {
    int place = place(name);
    int length = lengths[place];
    return length == name.length && Arrays.equals(names[place], 0, length, name, 0, length)
        ? rulings[place]
        : null;
  }

  /** Remembers a ruling in the place of another; reuses its buffer if the name fits in. */
  void remember(byte[] name, Ruling ruling) {
    if (name.length > NAME_LENGTH_MAX) {
      return;
    }
    misses++;
    if (misses > MISSES_PER_NAME * names.length && names.length < NAMES_MAX) {
      grow();
    }
    int place = place(name);
    if (names[place].length < name.length) {
      names[place] = new byte[(name.length + ROUNDING - 1) / ROUNDING * ROUNDING];
    }
    System.arraycopy(name, 0, names[place], 0, name.length);
    lengths[place] = name.length;
    rulings[place] = ruling;
  }

  private void grow() {
    int size = names.length * 2;
    names = new byte[size][0];
    lengths = new int[size];
    rulings = new Ruling[size];
    misses = 0;
  }

  private int place(byte[] name) {
    int hash = Arrays.hashCode(name);
    return (hash ^ hash >>> 7 ^ hash >>> 16) & (names.length - 1);
  }
}
