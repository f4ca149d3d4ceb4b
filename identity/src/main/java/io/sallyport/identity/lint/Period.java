package io.sallyport.identity.lint;

import java.time.Duration;
import java.time.Instant;

/** From when until when a certificate holds, both ends included. */
public record Period(Instant notBefore, Instant notAfter) {
  /** How long that is (RFC 5280, 4.1.2.5: both ends are part of it). */
  public Duration length() {
    return Duration.between(notBefore, notAfter).plusSeconds(1);
  }

  /** Whether this lies within another. */
  public boolean within(Period outer) {
    return !notBefore.isBefore(outer.notBefore) && !notAfter.isAfter(outer.notAfter);
  }
}
