package io.sallyport.gateway.tls;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalKind;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Verifies a leaf from the ground: RFC 5280 path validation by the JDK from the leaf over the
 * issuing CA that we name to the root, then what the leaf says of itself. The part from an issuing
 * CA to its root is the same for a whole fleet, so it is walked once.
 */
final class DevicePaths {
  private static final int KEY_CERT_SIGN = 5;
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";

  private final List<X509Certificate> issuers;
  private final CertificateFactory certificates;
  private final InstantSource clock;

  /**
   * Paths to these anchors.
   *
   * @throws IllegalArgumentException if an issuing CA does not lead to one of the roots
   */
  DevicePaths(DeviceAnchors anchors, InstantSource clock) {
    this.issuers = anchors.issuers();
    this.clock = clock;
    try {
      this.certificates = CertificateFactory.getInstance("X.509");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK reads X.509", e);
    }
    issuers.forEach(issuer -> requirePath(issuer, anchors.roots()));
  }

  /** Its dates are asked for with every leaf, so here it is judged as of its first day. */
  private void requirePath(X509Certificate issuer, List<X509Certificate> roots) {
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

  VerifiedDevice verify(X509Certificate presented, Fingerprint fingerprint)
      throws CertificateRefused {
    var issuer = issuer(presented);
    return switch (CertificateIdentity.of(presented)) {
      case CertificateIdentity.Refused(var reason) ->
          throw refused(HandshakeRefusal.NAMES_NOBODY, presented, reason.text());
      case CertificateIdentity.Identified(var kind, var id) -> {
        if (kind == PrincipalKind.OPERATOR) {
          throw refused(HandshakeRefusal.NAMES_NOBODY, presented, "operators have another door");
        }
        yield new VerifiedDevice(
            fingerprint,
            id,
            kind,
            later(presented.getNotBefore().toInstant(), issuer.getNotBefore().toInstant()),
            earlier(presented.getNotAfter().toInstant(), issuer.getNotAfter().toInstant()));
      }
    };
  }

  /** The issuing CA that the leaf has a valid path to. */
  private X509Certificate issuer(X509Certificate leaf) throws CertificateRefused {
    CertificateRefused refused = refused(HandshakeRefusal.UNKNOWN_CA, leaf, "");
    for (var issuer : issuers) {
      if (issuer.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
        try {
          validate(leaf, List.of(issuer), Date.from(clock.instant()));
          return issuer;
        } catch (CertPathValidatorException e) {
          // Another CA of the same name: look further.
          if (e.getReason() != BasicReason.INVALID_SIGNATURE
              && e.getReason() != PKIXReason.NO_TRUST_ANCHOR) {
            refused = refused(refusal(e), leaf, e.getReason().toString());
          }
        } catch (GeneralSecurityException e) {
          refused = refused(HandshakeRefusal.UNTRUSTED_PATH, leaf, "");
        }
      }
    }
    throw refused;
  }

  private void validate(X509Certificate certificate, List<X509Certificate> anchors, Date at)
      throws GeneralSecurityException {
    var parameters =
        new PKIXParameters(
            anchors.stream()
                .map(anchor -> new TrustAnchor(anchor, null))
                .collect(Collectors.toUnmodifiableSet()));
    // Revocation is the registry's to know, asked at every handshake.
    parameters.setRevocationEnabled(false);
    parameters.setDate(at);
    var path = certificates.generateCertPath(List.of(certificate));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }

  private static HandshakeRefusal refusal(CertPathValidatorException e) {
    if (e.getReason() == BasicReason.EXPIRED) {
      return HandshakeRefusal.EXPIRED;
    }
    if (e.getReason() == BasicReason.NOT_YET_VALID) {
      return HandshakeRefusal.NOT_YET_VALID;
    }
    return HandshakeRefusal.UNTRUSTED_PATH;
  }

  private static CertificateRefused refused(
      HandshakeRefusal refusal, X509Certificate leaf, String detail) {
    return CertificateRefused.unverified(refusal, leaf.getSubjectX500Principal().getName(), detail);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
