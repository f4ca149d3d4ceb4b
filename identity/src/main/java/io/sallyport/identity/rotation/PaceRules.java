package io.sallyport.identity.rotation;

import java.time.Duration;

/**
 * How a fleet is rotated in waves.
 *
 * @param canary how many are in the first wave, at least 1
 * @param waveMax how many are in a wave at full pace, at least the first wave's
 * @param step by how many a wave grows after a good one, at least 1
 * @param slowAbove above which share of failures the next wave is half as big, between 0 and 1
 * @param pauseAbove above which share of failures no wave follows until somebody says so, at least
 *     the other
 * @param sampleMin how many must have ended before there is a pause, at least 1: one bad device
 *     does not stop a fleet; a smaller wave, once all of it has ended, slows at most
 * @param quorum which share of those in a wave who got a certificate must have ended before the
 *     next, between 0 and 1
 * @param patience how long the next wave waits for that
 * @param every how long after a wave the next one comes at the soonest
 */
public record PaceRules(
    int canary,
    int waveMax,
    int step,
    double slowAbove,
    double pauseAbove,
    int sampleMin,
    double quorum,
    Duration patience,
    Duration every) {
  /** 10 first, then up to 1000 each hour; slower above 5 % of failures, a pause above 20 %. */
  public static final PaceRules USUAL =
      new PaceRules(10, 1000, 100, 0.05, 0.2, 5, 0.5, Duration.ofDays(1), Duration.ofHours(1));

  /** Refuses, with {@link IllegalArgumentException}, what is out of its range. */
  public PaceRules {
    if (canary < 1 || waveMax < canary || step < 1 || sampleMin < 1) {
      throw new IllegalArgumentException(
          "waves have at least one device, and the first is smallest");
    }
    if (!(slowAbove > 0
        && pauseAbove >= slowAbove
        && pauseAbove <= 1
        && quorum >= 0
        && quorum <= 1)) {
      throw new IllegalArgumentException(
          "shares are between 0 and 1, and a pause is the last of them");
    }
    if (patience.isNegative() || every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("the time between waves must be positive");
    }
  }
}
