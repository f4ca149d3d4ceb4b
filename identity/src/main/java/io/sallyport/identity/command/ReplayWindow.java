package io.sallyport.identity.command;

/**
 * Which sequence numbers of one signer were taken: the highest, and those shortly before it (RFC
 * 4303, section 3.4.3). A number is {@linkplain #check checked} before the signature is, and
 * {@linkplain #mark marked} only after.
 *
 * @param top the highest number taken; -1 if none was
 * @param map bit {@code i} says that {@code top - i} was taken
 * @param size how many numbers it remembers, 1 to 64
 */
public record ReplayWindow(long top, long map, int size) {
  /** What a device keeps, if it has no reason to keep less. */
  public static final int SIZE = 64;

  /** Bound: the highest number there is, 2^48-1. */
  public static final long NUMBER_MAX = (1L << 48) - 1;

  /** What there is to say of a number. */
  public enum Answer {
    /** It was not taken yet. */
    FRESH,
    /** It was. */
    TAKEN,
    /** It is too far behind the highest to be known. */
    OLD,
    /** There is no such number. */
    RANGE
  }

  /** Refuses, with {@link IllegalArgumentException}, what no window is. */
  public ReplayWindow {
    if (size < 1 || size > SIZE || top < -1 || top > NUMBER_MAX || (map & ~mask(size)) != 0) {
      throw new IllegalArgumentException("no replay window: " + top + ", " + map + ", " + size);
    }
  }

  /** Nothing was taken yet. */
  public static ReplayWindow empty(int size) {
    return new ReplayWindow(-1, 0, size);
  }

  /** What is left where only the highest number survived: everything up to it counts as taken. */
  public static ReplayWindow floor(long top, int size) {
    return new ReplayWindow(top, mask(size), size);
  }

  private static long mask(int size) {
    return size == Long.SIZE ? -1L : (1L << size) - 1;
  }

  /** Whether a number may still come. */
  public Answer check(long number) {
    if (number < 0 || number > NUMBER_MAX) {
      return Answer.RANGE;
    }
    if (number > top) {
      return Answer.FRESH;
    }
    long back = top - number;
    if (back >= size) {
      return Answer.OLD;
    }
    return (map >>> back & 1) == 0 ? Answer.FRESH : Answer.TAKEN;
  }

  /** The window after a number that is {@link Answer#FRESH}. */
  public ReplayWindow mark(long number) {
    if (check(number) != Answer.FRESH) {
      throw new IllegalArgumentException("not fresh: " + number);
    }
    if (number <= top) {
      return new ReplayWindow(top, map | 1L << (top - number), size);
    }
    long ahead = number - top;
    // A shift by 64 is one by 0 in Java: what is far ahead leaves nothing of the old map.
    long moved = top < 0 || ahead >= size ? 1 : (map << ahead | 1) & mask(size);
    return new ReplayWindow(number, moved, size);
  }
}
