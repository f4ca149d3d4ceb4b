package io.sallyport.gateway.trust;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How old what the gate believes may be. Where the registry is changed by others, too, and nobody
 * has told for longer than a bound that nothing was missed, the gate believes nobody.
 */
public final class TrustAge {
  /** Of a gate that is told of every change by whoever makes it: it is never out of date. */
  public static final TrustAge NONE = new TrustAge(Duration.ZERO, () -> 0);

  private final long maxNanos;
  private final LongSupplier nanos;
  private volatile long asOf;

  /**
   * Fresh at first.
   *
   * @param max how old it may become; zero means that it does not age
   */
  public TrustAge(Duration max, LongSupplier nanos) {
    this.maxNanos = max.toNanos();
    this.nanos = nanos;
    this.asOf = nanos.getAsLong();
  }

  /** Every change up to this moment of the clock is known. */
  public void confirmed(long asOfNanos) {
    if (asOfNanos - asOf > 0) {
      asOf = asOfNanos;
    }
  }

  /** Whether it ages at all. */
  public boolean isBounded() {
    return maxNanos > 0;
  }

  /** How old it may become. */
  public Duration max() {
    return Duration.ofNanos(maxNanos);
  }

  /** How old it is. */
  public Duration age() {
    return isBounded() ? Duration.ofNanos(nanos.getAsLong() - asOf) : Duration.ZERO;
  }

  /** Whether it is too old. */
  public boolean isOver() {
    return isBounded() && nanos.getAsLong() - asOf >= maxNanos;
  }
}
