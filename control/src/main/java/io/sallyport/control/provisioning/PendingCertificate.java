package io.sallyport.control.provisioning;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;

/** A certificate that waits for its device to say what it is; nothing takes it until then. */
record PendingCertificate(
    String tokenHash,
    String serial,
    PrincipalId principal,
    PublicKeyHash key,
    String claim,
    String csr,
    String pem,
    Instant expiresAt) {
  /** The same, for who has another token. */
  PendingCertificate owned(String byTokenHash, Instant until) {
    return new PendingCertificate(byTokenHash, serial, principal, key, claim, csr, pem, until);
  }
}
