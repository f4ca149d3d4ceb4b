package io.sallyport.identity.issuance;

import java.security.cert.X509Certificate;
import java.time.Instant;

/** What a root, its links and its certificates must be to follow another one. */
final class RolloverRules {
  private static final int KEY_CERT_SIGN = 5;

  private RolloverRules() {}

  /** Two roots of one name and of two keys: only then a link is self-issued. */
  static void requireLinkable(X509Certificate one, X509Certificate other) throws CeremonyRefused {
    CeremonyRules.check(
        one.getSubjectX500Principal().equals(other.getSubjectX500Principal()),
        "link-name",
        "the roots have different names: a link between them would take a level of the path's"
            + " length");
    CeremonyRules.check(
        !one.getPublicKey().equals(other.getPublicKey()),
        "link-key",
        "both roots have the same key: nothing would change");
  }

  /**
   * A link: the key of one root, certified by another (RFC 4210, 4.4).
   *
   * @param to whose key it certifies
   * @param by who signed it
   */
  static void requireLink(X509Certificate link, X509Certificate to, X509Certificate by, Instant now)
      throws CeremonyRefused {
    requireLinkable(to, by);
    CeremonyRules.check(
        link.getPublicKey().equals(to.getPublicKey()), "link-key", "it certifies another key");
    CeremonyRules.check(
        link.getIssuerX500Principal().equals(by.getSubjectX500Principal())
            && link.getSubjectX500Principal().equals(to.getSubjectX500Principal())
            && CeremonyRules.verifies(link, by.getPublicKey()),
        "link-issuer",
        "the other root did not sign it");
    var usage = link.getKeyUsage();
    CeremonyRules.check(
        link.getBasicConstraints() >= 1 && usage != null && usage[KEY_CERT_SIGN],
        "link-constraints",
        "no path leads through it");
    CeremonyRules.requireValid("link-validity", link, now);
  }

  /** The key of an authority that follows must be its own. */
  static void requireOwnKey(X509Certificate next, Iterable<X509Certificate> before)
      throws CeremonyRefused {
    for (var one : before) {
      CeremonyRules.check(
          !next.getPublicKey().equals(one.getPublicKey()),
          "rollover-key",
          "it has the key of an authority that there is: nothing would change");
    }
  }
}
