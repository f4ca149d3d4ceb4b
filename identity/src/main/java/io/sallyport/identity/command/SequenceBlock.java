package io.sallyport.identity.command;

import java.util.OptionalLong;

/**
 * Sequence numbers that a sender may give out: all up to its end are reserved where they survive,
 * so that none is given out twice, whatever happens to the sender.
 *
 * @param next the number that is given out next
 * @param end the first that is not reserved
 */
public record SequenceBlock(long next, long end) {
  /** How many numbers are reserved at once: at most so many are lost by a crash. */
  public static final int SIZE = 100;

  /** Refuses, with {@link IllegalArgumentException}, what no block is. */
  public SequenceBlock {
    if (next < 0 || next > end || end > ReplayWindow.NUMBER_MAX + 1) {
      throw new IllegalArgumentException("no block of sequence numbers: " + next + ", " + end);
    }
  }

  /** The block after what was reserved so far; shorter, at last empty, where the numbers end. */
  public static SequenceBlock after(long reserved) {
    return new SequenceBlock(reserved, Math.min(reserved + SIZE, ReplayWindow.NUMBER_MAX + 1));
  }

  /** The number to give out; none if another block must be reserved first. */
  public OptionalLong number() {
    return next < end ? OptionalLong.of(next) : OptionalLong.empty();
  }

  /** The block without that number. */
  public SequenceBlock rest() {
    return new SequenceBlock(next + 1, end);
  }
}
