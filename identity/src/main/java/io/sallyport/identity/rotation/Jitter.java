package io.sallyport.identity.rotation;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Spreads devices, always the same way for the same seed, so that what is asked twice gets one
 * answer on every server. Not a secret.
 *
 * @param seed what tells one spread from another
 */
public record Jitter(long seed) {
  // The multiplier of Java's 48-bit generator: sends words apart that differ in the last character.
  private static final long APART = 0x5DEECE66DL;

  /** A share for that device, at least 0 and less than 1. */
  public double share(String device, int occasion) {
    var mixed = seed ^ (device.hashCode() * APART) ^ ((long) occasion << 32);
    return new SplittableRandom(mixed).nextDouble();
  }

  /** A delay for that device, at least none and shorter than the width. */
  public Duration within(Duration width, String device, int occasion) {
    return Duration.ofMillis((long) (width.toMillis() * share(device, occasion)));
  }
}
