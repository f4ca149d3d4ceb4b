package io.sallyport.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock near the real one, because TLS looks at that; it can be put forward. */
public final class TestClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  /** Puts it forward. */
  public void advance(Duration by) {
    ahead = ahead.plus(by);
  }
}
