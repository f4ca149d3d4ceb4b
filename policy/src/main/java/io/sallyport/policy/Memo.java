package io.sallyport.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long MIXER = 0x9E37_79B9_7F4A_7C15L;

  private byte[][] names = new byte[NAMES_MIN][0];
  private int[] lengths = new int[NAMES_MIN];
  private @Nullable Ruling[] rulings = new Ruling[NAMES_MIN];
  private int misses;

  /** The ruling on this name, of which this is the {@link #hash}, if it is remembered. */
  @Nullable Ruling find(byte[] name, int hash) {
    int place = place(hash);
    int length = lengths[place];
    return length == name.length && Arrays.equals(names[place], 0, length, name, 0, length)
        ? rulings[place]
        : null;
  }

  /** Remembers a ruling in the place of another; reuses its buffer if the name fits in. */
  void remember(byte[] name, int hash, Ruling ruling) {
    if (name.length > NAME_LENGTH_MAX) {
      return;
    }
    misses++;
    if (misses > MISSES_PER_NAME * names.length && names.length < NAMES_MAX) {
      grow();
    }
    int place = place(hash);
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

  private int place(int hash) {
    return hash & (names.length - 1);
  }

  /** Eight bytes at a time, the last eight perhaps again; who makes names collide slows himself. */
  static int hash(byte[] name) {
    int last = name.length - Long.BYTES;
    if (last < 0) {
      int small = Arrays.hashCode(name);
      return small ^ small >>> 7 ^ small >>> 16;
    }
    long hash = name.length;
    for (int at = 0; at < last; at += Long.BYTES) {
      hash = (hash ^ (long) EIGHT.get(name, at)) * MIXER;
    }
    hash = (hash ^ (long) EIGHT.get(name, last)) * MIXER;
    return (int) (hash >>> Integer.SIZE ^ hash >>> 48);
  }
}
