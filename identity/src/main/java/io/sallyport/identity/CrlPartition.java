package io.sallyport.identity;

/**
 * One of the fixed number of parts that revocation lists are published in, so that a device reads
 * little. A certificate names its part for its whole life: neither number nor rule ever change.
 */
public record CrlPartition(int number) {
  /** How many there are. */
  public static final int COUNT = 64;

  /** Refuses, with {@link IllegalArgumentException}, a number that is none of them. */
  public CrlPartition {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException(
          "a partition is a number from 0 to " + (COUNT - 1) + ", not " + number);
    }
  }

  /** The part that a certificate belongs to: random serials are their own hash. */
  public static CrlPartition of(Serial serial) {
    return new CrlPartition(serial.value().intValue() & (COUNT - 1));
  }
}
