package io.sallyport.control.shadow;

import java.time.Duration;

/**
 * How much a thing's shadows may hold.
 *
 * @param documentMax the longest state of one shadow in bytes: desired and reported as JSON without
 *     spaces; metadata does not count
 * @param namedMax the most named shadows of one thing
 */
public record ShadowSettings(int documentMax, int namedMax) {
  /** For how long after a deletion versions go on counting, as AWS IoT's 48 hours. */
  public static final Duration REMEMBERED = Duration.ofDays(2);

  /** 8 KiB, as AWS IoT's; 25 named shadows. */
  public static final ShadowSettings DEFAULTS = new ShadowSettings(8 * 1024, 25);
}
