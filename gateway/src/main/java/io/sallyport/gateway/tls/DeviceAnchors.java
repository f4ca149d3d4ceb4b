package io.sallyport.gateway.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a device's certificate must lead to. Only the issuing CAs named here may have signed it; one
 * that the client brings along, or another CA below the same root, is not enough.
 *
 * @param issuers the device issuing CAs, several while one is replaced
 * @param roots the roots that the issuing CAs lead to
 * @param retired issuing CAs whose time is over: what they signed opens nothing, and who shows it
 *     is told why; connections by it end
 */
public record DeviceAnchors(
    List<X509Certificate> issuers, List<X509Certificate> roots, List<X509Certificate> retired) {
  private static final int KEY_CERT_SIGN = 5;
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";

  /** Anchors that no others went before. */
  public DeviceAnchors(List<X509Certificate> issuers, List<X509Certificate> roots) {
    this(issuers, roots, List.of());
  }

  /**
   * Anchors that lead somewhere.
   *
   * @throws IllegalArgumentException if an issuing CA does not lead to one of the roots
   */
  public DeviceAnchors {
    issuers = List.copyOf(issuers);
    roots = List.copyOf(roots);
    retired = List.copyOf(retired);
    if (issuers.isEmpty() || roots.isEmpty()) {
      throw new IllegalArgumentException("an issuing CA and a root are needed");
    }
    for (var issuer : issuers) {
      requirePath(issuer, roots);
    }
  }

  /** Its dates are asked for with every leaf, so here it is judged as of its first day. */
  private static void requirePath(X509Certificate issuer, List<X509Certificate> roots) {
    var name = issuer.getSubjectX500Principal().getName();
    var usage = issuer.getKeyUsage();
    if (issuer.getBasicConstraints() < 0 || usage == null || !usage[KEY_CERT_SIGN]) {
      throw new IllegalArgumentException("not a certificate authority: " + name);
    }
    // What else is critical would constrain the leaves, and an anchor's constraints are not heard.
    if (!Set.of(BASIC_CONSTRAINTS, KEY_USAGE).containsAll(issuer.getCriticalExtensionOIDs())) {
      throw new IllegalArgumentException("critical extensions beyond ours in " + name);
    }
    try {
      validate(issuer, roots, issuer.getNotBefore());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no path to a root from " + name, e);
    }
  }

  /** RFC 5280 path validation by the JDK, of one step. */
  static void validate(X509Certificate certificate, List<X509Certificate> anchors, Date at)
      throws GeneralSecurityException {
    var parameters =
        new PKIXParameters(
            anchors.stream()
                .map(anchor -> new TrustAnchor(anchor, null))
                .collect(Collectors.toUnmodifiableSet()));
    // Revocation is the registry's to know, asked at every handshake.
    parameters.setRevocationEnabled(false);
    parameters.setDate(at);
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }
}
