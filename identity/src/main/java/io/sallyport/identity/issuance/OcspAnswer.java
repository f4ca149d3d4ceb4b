package io.sallyport.identity.issuance;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.RevocationReason;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * A signed answer about one certificate, believed only as RFC 6960, 3.2 says: signed by the issuer
 * or by whom the issuer made its responder, about that certificate, and of now.
 *
 * @param status what it says
 * @param thisUpdate since when that is so
 * @param nextUpdate until when it may be believed
 */
public record OcspAnswer(OcspStatus status, Instant thisUpdate, Instant nextUpdate) {
  /** Bound: an answer with a responder's certificate has less than a tenth of it. */
  public static final int BYTES_MAX = 32 * 1024;

  // Bound: a responder sends its own certificate, and perhaps that of its issuer.
  private static final int CERTIFICATES_MAX = 8;

  // What two clocks may differ by.
  private static final Duration SKEW = Duration.ofMinutes(5);

  /** Reads an answer about a certificate of that issuer. */
  public static OcspAnswer read(
      byte[] der, X509Certificate certificate, X509Certificate issuer, Instant now)
      throws OcspAnswerRefused {
    if (der.length == 0 || der.length > BYTES_MAX) {
      throw new OcspAnswerRefused("it has not 1 to " + BYTES_MAX + " bytes");
    }
    try {
      // Refuses bytes behind it, which would be passed on to clients.
      var whole = ASN1Primitive.fromByteArray(der);
      var response = new OCSPResp(OCSPResponse.getInstance(whole));
      if (response.getStatus() != OCSPResp.SUCCESSFUL) {
        throw new OcspAnswerRefused("the responder gives none: error " + response.getStatus());
      }
      if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
        throw new OcspAnswerRefused("it is of an unknown type");
      }
      requireSigned(basic, issuer, now);
      return of(single(basic, certificate.getSerialNumber(), issuer), now);
    } catch (IOException
        | OCSPException
        | GeneralSecurityException
        | OperatorCreationException
        | RuntimeException e) {
      // The library tells of some malformed input by a class cast or an index.
      throw new OcspAnswerRefused("it cannot be understood: " + e.getMessage());
    }
  }

  private static OcspAnswer of(SingleResp single, Instant now) throws OcspAnswerRefused {
    var from = single.getThisUpdate().toInstant();
    if (single.getNextUpdate() == null) {
      throw new OcspAnswerRefused("it does not say until when it holds");
    }
    var until = single.getNextUpdate().toInstant();
    if (from.isAfter(now.plus(SKEW))) {
      throw new OcspAnswerRefused("it is of the future: " + from);
    }
    if (!now.isBefore(until)) {
      throw new OcspAnswerRefused("it ended at " + until);
    }
    return new OcspAnswer(status(single), from, until);
  }

  private static OcspStatus status(SingleResp single) throws OcspAnswerRefused {
    return switch (single.getCertStatus()) {
      case null -> new OcspStatus.Good();
      case RevokedStatus revoked ->
          new OcspStatus.Revoked(
              revoked.getRevocationTime().toInstant(),
              reason(revoked.hasRevocationReason() ? revoked.getRevocationReason() : 0));
      case UnknownStatus _ -> new OcspStatus.Unknown();
      default -> throw new OcspAnswerRefused("its status is none of the three");
    };
  }

  private static RevocationReason reason(int code) {
    return Stream.of(RevocationReason.values())
        .filter(reason -> reason.code() == code)
        .findFirst()
        .orElse(RevocationReason.UNSPECIFIED);
  }

  private static SingleResp single(BasicOCSPResp basic, BigInteger serial, X509Certificate issuer)
      throws OcspAnswerRefused {
    var hashes = IssuerHashes.of(issuer);
    return Stream.of(basic.getResponses())
        .filter(one -> one.getCertID().getSerialNumber().equals(serial))
        .filter(one -> hashes.matches(one.getCertID().toASN1Primitive()))
        .findFirst()
        .orElseThrow(() -> new OcspAnswerRefused("it is about another certificate"));
  }

  private static void requireSigned(BasicOCSPResp basic, X509Certificate issuer, Instant now)
      throws GeneralSecurityException, OperatorCreationException, OCSPException, OcspAnswerRefused {
    var verifiers = new JcaContentVerifierProviderBuilder();
    if (basic.isSignatureValid(verifiers.build(issuer.getPublicKey()))) {
      return;
    }
    var delegate =
        delegate(basic, issuer, now)
            .orElseThrow(() -> new OcspAnswerRefused("nobody signed it whom the issuer named"));
    if (!basic.isSignatureValid(verifiers.build(delegate.getPublicKey()))) {
      throw new OcspAnswerRefused("its signature is wrong");
    }
  }

  /** Whom the issuer itself made its responder (RFC 6960, 4.2.2.2). */
  private static Optional<X509Certificate> delegate(
      BasicOCSPResp basic, X509Certificate issuer, Instant now) throws GeneralSecurityException {
    var shown = basic.getCerts();
    var converter = new JcaX509CertificateConverter();
    for (int i = 0; i < Math.min(shown.length, CERTIFICATES_MAX); i++) {
      var one = converter.getCertificate(shown[i]);
      var purposes = one.getExtendedKeyUsage();
      if (purposes != null
          && purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId())
          && isIssuedBy(one, issuer)
          && !now.isAfter(one.getNotAfter().toInstant())
          && !now.plus(SKEW).isBefore(one.getNotBefore().toInstant())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private static boolean isIssuedBy(X509Certificate one, X509Certificate issuer) {
    try {
      one.verify(issuer.getPublicKey());
      return one.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
