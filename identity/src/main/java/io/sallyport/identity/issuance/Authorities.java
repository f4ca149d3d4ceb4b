package io.sallyport.identity.issuance;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The authorities of an installation, ready to sign, and the keys that its servers show; the root's
 * key stays sealed.
 */
public record Authorities(
    X509Certificate root,
    CertificateAuthority devices,
    CertificateAuthority servers,
    ServerKeys serverKeys) {

  /** The authority that may sign that profile. */
  public CertificateAuthority issuerOf(LeafProfile profile) {
    return profile.issuer() == AuthorityName.DEVICES ? devices : servers;
  }

  /** What a holder of that leaf presents: the leaf and its issuer, without the root. */
  public List<X509Certificate> chain(X509Certificate leaf, LeafProfile profile) {
    return List.of(leaf, issuerOf(profile).certificate());
  }

  /** A set of authorities that lives in memory only. */
  public static Authorities create(Serials serials, Instant now) {
    var root = CertificateAuthority.createRoot(serials, now);
    return new Authorities(
        root.certificate(),
        root.createIssuing(AuthorityName.DEVICES, serials, now),
        root.createIssuing(AuthorityName.SERVERS, serials, now),
        ServerKeys.create());
  }
}
