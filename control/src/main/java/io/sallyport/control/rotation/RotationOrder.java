package io.sallyport.control.rotation;

import java.util.List;

/** What became of an operator's demand. */
public sealed interface RotationOrder {
  /**
   * These are asked at once; the others cannot be, or are rotating already.
   *
   * @param left in the order asked
   */
  record Named(List<String> devices, List<String> left) implements RotationOrder {
    public Named {
      devices = List.copyOf(devices);
      left = List.copyOf(left);
    }
  }

  /** A group, or everybody, follows in waves. */
  record Ordered(long devices) implements RotationOrder {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements RotationOrder {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN
  }
}
