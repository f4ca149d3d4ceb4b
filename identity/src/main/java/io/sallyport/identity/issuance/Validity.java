package io.sallyport.identity.issuance;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** From when until when a certificate holds, in whole seconds, as certificates do. */
record Validity(Instant notBefore, Instant notAfter) {
  /** Devices' clocks are wrong: a certificate is valid a little before it was made. */
  private static final Duration BACKDATING = Duration.ofHours(1);

  Validity {
    notBefore = notBefore.truncatedTo(ChronoUnit.SECONDS);
    notAfter = notAfter.truncatedTo(ChronoUnit.SECONDS);
  }

  /** For a certificate that nobody stands above. */
  static Validity ofRoot(Instant now, Duration lifetime) {
    return new Validity(now.minus(BACKDATING), now.plus(lifetime));
  }

  /** For a certificate below an issuer, within whose own validity it stays. */
  static Validity below(X509Certificate issuer, Instant now, Duration lifetime) {
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("a lifetime must be at least a second: " + lifetime);
    }
    var first = issuer.getNotBefore().toInstant();
    var last = issuer.getNotAfter().toInstant();
    if (now.isBefore(first) || !now.isBefore(last)) {
      throw new IssuanceUnavailable(
          "the authority is valid from " + first + " to " + last + " only, and now is " + now);
    }
    return new Validity(latest(now.minus(BACKDATING), first), earliest(now.plus(lifetime), last));
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earliest(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
