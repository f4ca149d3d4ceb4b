package io.sallyport.control.publication;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One answer about certificates, and whether others may be given the same. */
final class StatusAnswer {
  private final byte[] der;
  private final @Nullable Instant made;
  private final @Nullable Instant until;

  private StatusAnswer(byte[] der, @Nullable Instant made, @Nullable Instant until) {
    this.der = der;
    this.made = made;
    this.until = until;
  }

  /** For nobody else. */
  static StatusAnswer once(byte[] der) {
    return new StatusAnswer(der, null, null);
  }

  /** For everybody who asks the same until then. */
  static StatusAnswer until(byte[] der, Instant made, Instant until) {
    return new StatusAnswer(der, made, until);
  }

  /** To be read only. */
  byte[] der() {
    return der;
  }

  /** When it was made, if others may have it. */
  @Nullable Instant made() {
    return made;
  }

  /** Until when it may be believed, if others may have it. */
  @Nullable Instant until() {
    return until;
  }

  boolean isAfter(Instant now) {
    return made != null && made.isAfter(now);
  }
}
