package io.sallyport.control.publication;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** So many a second and no more; what was not used is saved for one second. */
final class Budget {
  private final int perSecond;
  private final InstantSource clock;
  private double left;
  private Instant last;

  Budget(int perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    left = perSecond;
    last = clock.instant();
  }

  /** Takes one, or says that there is none. */
  synchronized boolean take() {
    var now = clock.instant();
    // A clock that is set back gives nothing, and goes on from there.
    var seconds = Math.max(0, Duration.between(last, now).toNanos() / 1e9);
    last = now;
    left = Math.min(perSecond, left + seconds * perSecond);
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
