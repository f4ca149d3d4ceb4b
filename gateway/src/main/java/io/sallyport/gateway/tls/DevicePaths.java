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
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a leaf from the ground: RFC 5280 path validation by the JDK from the leaf over the
 * issuing CA that we name to the root, then what the leaf says of itself.
 */
final class DevicePaths {
  private final List<X509Certificate> issuers;
  private final Set<TrustAnchor> roots;
  private final CertificateFactory certificates;
  private final InstantSource clock;

  DevicePaths(DeviceAnchors anchors, InstantSource clock) {
    this.issuers = anchors.issuers();
    this.roots =
        anchors.roots().stream()
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toUnmodifiableSet());
    this.clock = clock;
    try {
      this.certificates = CertificateFactory.getInstance("X.509");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK reads X.509", e);
    }
  }

  VerifiedDevice verify(X509Certificate presented, Fingerprint fingerprint)
      throws CertificateRefused {
    var issuer = issuer(presented);
    if (issuer == null) {
      throw refused(HandshakeRefusal.UNKNOWN_CA, presented, "");
    }
    validate(presented, issuer);
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

  private @Nullable X509Certificate issuer(X509Certificate leaf) {
    for (var issuer : issuers) {
      if (issuer.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
        try {
          leaf.verify(issuer.getPublicKey());
          return issuer;
        } catch (GeneralSecurityException e) {
          // Another CA of the same name: look further.
        }
      }
    }
    return null;
  }

  private void validate(X509Certificate leaf, X509Certificate issuer) throws CertificateRefused {
    try {
      var parameters = new PKIXParameters(roots);
      // Revocation is the registry's to know, asked at every handshake.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      var path = certificates.generateCertPath(List.of(leaf, issuer));
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw refused(refusal(e), leaf, e.getReason().toString());
    } catch (GeneralSecurityException e) {
      throw refused(HandshakeRefusal.UNTRUSTED_PATH, leaf, "");
    }
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
