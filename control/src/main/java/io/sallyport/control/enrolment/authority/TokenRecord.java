package io.sallyport.control.enrolment.authority;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A one-time token as the registry knows it: by its hash.
 *
 * @param key the public key that it was spent for
 */
public record TokenRecord(
    String hash,
    PrincipalId id,
    State state,
    NewcomerTerms terms,
    String createdBy,
    Instant createdAt,
    Instant notAfter,
    @Nullable PublicKeyHash key) {
  private static final int NAME_LENGTH = 16;

  /** What may become of a token. */
  public enum State {
    OPEN,
    SPENT,
    REVOKED
  }

  /** By what operators name it; nothing can be done with that. */
  public String name() {
    return name(hash);
  }

  static String name(String hash) {
    return hash.substring(0, NAME_LENGTH);
  }
}
