package io.sallyport.control.jobs.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many devices a job is given to in a minute. A constant rate is an exponential one that never
 * grows.
 *
 * @param basePerMinute 1 to 1000, from the start
 * @param tenths the factor of each increase in tenths: 10 for none, else 11 to 50
 * @param notified the rate is increased each time so many more devices were given it; null if not
 * @param succeeded the rate is increased each time so many more succeeded; null if not
 * @param maximumPerMinute 1 to 1000
 */
public record RolloutRate(
    int basePerMinute,
    int tenths,
    @Nullable Integer notified,
    @Nullable Integer succeeded,
    int maximumPerMinute) {
  /** Bound, and what holds where nothing is said, as on AWS IoT. */
  public static final int PER_MINUTE_MAX = 1_000;

  /** The fastest. */
  public static final RolloutRate DEFAULT = constant(PER_MINUTE_MAX);

  /** The window in which not more than the rate is given out, wherever it begins. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  /** The same rate from start to end. */
  public static RolloutRate constant(int perMinute) {
    return new RolloutRate(perMinute, 10, null, null, perMinute);
  }

  /** The rate once so many devices were given it, and so many of these succeeded. */
  public int perMinute(long notifiedNow, long succeededNow) {
    long steps = 0;
    if (notified != null) {
      steps = notifiedNow / notified;
    }
    if (succeeded != null) {
      steps = Math.max(steps, succeededNow / succeeded);
    }
    if (tenths <= 10) {
      return Math.min(basePerMinute, maximumPerMinute);
    }
    double rate = basePerMinute;
    for (long step = 0; step < steps && rate < maximumPerMinute; step++) {
      rate = rate * tenths / 10;
    }
    // A little more than the whole number that decimal factors just miss.
    return (int) Math.min(maximumPerMinute, Math.floor(rate + 1e-9));
  }

  /**
   * How many more may be given out now: the minute's share of the time since it was asked last, and
   * never more than the rate in any one minute.
   *
   * @param lately so many were in the last minute
   */
  public static int allowance(int perMinute, long lately, Duration elapsed) {
    long millis = Math.clamp(elapsed.toMillis(), 0, WINDOW.toMillis());
    long share = Math.ceilDiv(perMinute * millis, WINDOW.toMillis());
    return (int) Math.max(0, Math.min(share, perMinute - lately));
  }
}
