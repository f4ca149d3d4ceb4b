package io.sallyport.policy;

/** The values of one session's variables in UTF-8, by the places that its template gave them. */
final class Slots {
  static final Slots NONE = new Slots(new byte[0][]);

  private final byte[][] values;

  /** Invariant: nobody else keeps the array. */
  Slots(byte[][] values) {
    this.values = values;
  }

  byte[] value(int slot) {
    return values[slot];
  }
}
