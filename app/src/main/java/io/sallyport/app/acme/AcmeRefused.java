package io.sallyport.app.acme;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** No certificate this time, and why. */
final class AcmeRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable Instant retryAfter;

  AcmeRefused(String why) {
    this(why, null);
  }

  /**
   * The same.
   *
   * @param retryAfter before when the server wants to hear nothing, if it said so
   */
  AcmeRefused(String why, @Nullable Instant retryAfter) {
    super(why);
    this.retryAfter = retryAfter;
  }

  @Nullable Instant retryAfter() {
    return retryAfter;
  }
}
