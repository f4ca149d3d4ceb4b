package io.sallyport.gateway.defence;

import java.time.Duration;

/**
 * When a source is banned, and for how long.
 *
 * @param failuresMax failures within the find time that ban, 0 for never
 * @param findTime how long a failure counts
 * @param time how long the first ban lasts; each further one lasts twice as long as the one before
 * @param timeMax the longest ban, and how long a source must be good until the next is a first one
 * @param sourcesMax most sources that are banned at once, and most whose failures are counted
 */
public record BanSettings(
    int failuresMax, Duration findTime, Duration time, Duration timeMax, int sourcesMax) {
  /** What a user gets who configures nothing. */
  public static final BanSettings DEFAULTS =
      new BanSettings(
          20, Duration.ofMinutes(10), Duration.ofMinutes(1), Duration.ofDays(1), 10_000);

  /** How long the n-th ban of a source lasts. */
  Duration lasting(int times) {
    var grown = time;
    for (int i = 1; i < times && grown.compareTo(timeMax) < 0; i++) {
      grown = grown.multipliedBy(2);
    }
    return grown.compareTo(timeMax) < 0 ? grown : timeMax;
  }
}
