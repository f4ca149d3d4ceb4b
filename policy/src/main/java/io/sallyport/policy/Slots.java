package io.sallyport.policy;

import java.util.Arrays;

/** The values of one session's variables in UTF-8, by the places that its template gave them. */
final class Slots {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[][] NO_MORE = new byte[0][];

  static final Slots NONE = new Slots(NO_MORE);

  // Most policies have one variable: a million sessions pay for no array of arrays.
  private final byte[] first;
  private final byte[][] others;

  /** Invariant: nobody else keeps the arrays. */
  Slots(byte[][] values) {
    this.first = values.length == 0 ? NOTHING : values[0];
    this.others = values.length < 2 ? NO_MORE : Arrays.copyOfRange(values, 1, values.length);
  }

  byte[] value(int slot) {
    return slot == 0 ? first : others[slot - 1];
  }
}
