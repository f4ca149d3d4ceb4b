package io.sallyport.identity.rotation;

import java.time.Duration;

/**
 * Waits between attempts: twice as long each time, up to a bound, each shortened by up to a half so
 * that those who failed together do not come back together.
 *
 * @param first the wait after the first attempt
 * @param max the longest wait
 */
public record Backoff(Duration first, Duration max) {
  // Bound: more doublings than any two durations are apart.
  private static final int DOUBLINGS_MAX = 40;

  /** Refuses, with {@link IllegalArgumentException}, waits that are not positive and in order. */
  public Backoff {
    if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException("waits are positive, and the longest is not the shortest");
    }
  }

  /**
   * The wait after that many attempts.
   *
   * @param attempts how many there were, at least 1
   * @param share a share of at least 0 and less than 1, by which this one is spread
   */
  public Duration after(int attempts, double share) {
    var doublings = Math.clamp(attempts - 1L, 0, DOUBLINGS_MAX);
    var most = Math.min(max.toMillis(), (double) first.toMillis() * (1L << doublings));
    return Duration.ofMillis(Math.max(1, (long) (most * (1 - share / 2))));
  }
}
