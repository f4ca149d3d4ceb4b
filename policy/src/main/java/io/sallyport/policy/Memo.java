package io.sallyport.policy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The last few names that were decided for one action: a device says the same few all day. */
final class Memo {
  /** Bound: the names remembered. */
  static final int NAMES_MAX = 4;

  /** Bound: the longest name remembered; longer ones are decided each time. */
  static final int NAME_LENGTH_MAX = 256;

  private static final int ROUNDING = 32;

  private final byte[][] names = new byte[NAMES_MAX][0];
  private final int[] lengths = new int[NAMES_MAX];
  private final @Nullable Decision[] decisions = new Decision[NAMES_MAX];
  private int next;

  /** The decision on this name if it is remembered. */
  @Nullable Decision find(byte[] name) {
    for (int i = 0; i < NAMES_MAX; i++) {
      int length = lengths[i];
      if (length == name.length && Arrays.equals(names[i], 0, length, name, 0, length)) {
        return decisions[i];
      }
    }
    return null;
  }

  /** Remembers a decision in the place of the oldest; reuses its buffer if the name fits in. */
  void remember(byte[] name, Decision decision) {
    if (name.length > NAME_LENGTH_MAX) {
      return;
    }
    if (names[next].length < name.length) {
      names[next] = new byte[(name.length + ROUNDING - 1) / ROUNDING * ROUNDING];
    }
    System.arraycopy(name, 0, names[next], 0, name.length);
    lengths[next] = name.length;
    decisions[next] = decision;
    next = (next + 1) % NAMES_MAX;
  }
}
