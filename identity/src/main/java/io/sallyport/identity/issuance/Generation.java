package io.sallyport.identity.issuance;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * An issuing authority among those of its name.
 *
 * @param certificates its certificates by each root that is trusted, that by the active one first
 */
public record Generation(
    CertificateAuthority authority,
    AuthorityStanding standing,
    List<X509Certificate> certificates) {
  public Generation {
    certificates = List.copyOf(certificates);
  }

  /** Which of its name it is, from 1. */
  public int number() {
    return authority.generation();
  }
}
