package io.sallyport.gateway.tls;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;

/**
 * Verifies a leaf from the ground: RFC 5280 path validation by the JDK from the leaf to the issuing
 * CA that we name, then what the leaf says of itself. The part from an issuing CA to its root is
 * the same for a whole fleet: the anchors have walked it.
 */
final class DevicePaths {
  private final List<X509Certificate> issuers;
  private final List<X509Certificate> retired;
  private final InstantSource clock;

  DevicePaths(DeviceAnchors anchors, InstantSource clock) {
    this.issuers = anchors.issuers();
    this.retired = anchors.retired();
    this.clock = clock;
  }

  VerifiedDevice verify(X509Certificate presented, Fingerprint fingerprint)
      throws CertificateRefused {
    return named(presented, fingerprint, issuer(presented, clock.instant()));
  }

  /** The same for a leaf whose time may be over, as of its last day; its issuer's must not be. */
  VerifiedDevice verifyToItsEnd(X509Certificate presented, Fingerprint fingerprint)
      throws CertificateRefused {
    var issuer = issuer(presented, presented.getNotAfter().toInstant());
    if (clock.instant().isAfter(issuer.getNotAfter().toInstant())) {
      throw refused(HandshakeRefusal.EXPIRED, presented, "and so has the CA that issued it");
    }
    return named(presented, fingerprint, issuer);
  }

  private static VerifiedDevice named(
      X509Certificate presented, Fingerprint fingerprint, X509Certificate issuer)
      throws CertificateRefused {
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
            earlier(presented.getNotAfter().toInstant(), issuer.getNotAfter().toInstant()),
            PublicKeyHash.of(issuer.getPublicKey()));
      }
    };
  }

  /** The issuing CA that the leaf has a valid path to at that moment. */
  private X509Certificate issuer(X509Certificate leaf, Instant at) throws CertificateRefused {
    CertificateRefused refused = refused(HandshakeRefusal.UNKNOWN_CA, leaf, "");
    for (var issuer : issuers) {
      if (issuer.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
        try {
          DeviceAnchors.validate(leaf, List.of(issuer), Date.from(at));
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
    throw retired.stream().anyMatch(one -> isSignedBy(leaf, one))
        ? refused(HandshakeRefusal.RETIRED_CA, leaf, leaf.getIssuerX500Principal().getName())
        : refused;
  }

  private static boolean isSignedBy(X509Certificate leaf, X509Certificate issuer) {
    if (!issuer.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())) {
      return false;
    }
    try {
      leaf.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
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
