package io.sallyport.control.enrolment.authority;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device that showed nothing asks for a certificate. Who it says it is, is a claim: its key's
 * hash is what an operator compares.
 *
 * @param renews the certificate that has expired, whose key is proven; null if somebody new asks
 */
public record ApplicationRecord(
    PublicKeyHash key,
    PrincipalId id,
    State state,
    String source,
    NewcomerTerms terms,
    Instant askedAt,
    Instant expiresAt,
    @Nullable String decidedBy,
    @Nullable Instant decidedAt,
    @Nullable Fingerprint renews) {
  /** What may become of an application. */
  public enum State {
    PENDING,
    APPROVED,
    REJECTED,
    ISSUED
  }
}
