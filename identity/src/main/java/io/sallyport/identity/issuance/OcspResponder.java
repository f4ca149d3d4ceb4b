package io.sallyport.identity.issuance;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * Answers for one authority in its name (RFC 6960): with a certificate of its own, made for nothing
 * else and for a short time, whose key never leaves this object.
 */
public final class OcspResponder {
  /** How long its certificate holds; after half of that it has another. */
  public static final Duration LIFETIME = Duration.ofDays(7);

  /** Why there is no answer about a certificate (RFC 6960, 4.2.1). */
  public enum Refusal {
    MALFORMED(OCSPRespBuilder.MALFORMED_REQUEST),
    INTERNAL(OCSPRespBuilder.INTERNAL_ERROR),
    TRY_LATER(OCSPRespBuilder.TRY_LATER),
    UNAUTHORIZED(OCSPRespBuilder.UNAUTHORIZED);

    private final int code;

    Refusal(int code) {
      this.code = code;
    }
  }

  private record Delegate(PrivateKey key, X509Certificate certificate, Instant renewal) {}

  private final CertificateAuthority authority;
  private final Serials serials;
  private final IssuerHashes issuer;
  private @Nullable Delegate delegate;

  /** A responder for what that authority issued. */
  public OcspResponder(CertificateAuthority authority, Serials serials) {
    this.authority = authority;
    this.serials = serials;
    issuer = IssuerHashes.of(authority.certificate());
  }

  /** Whether at least one of the certificates would be of this authority. */
  public boolean concerns(OcspRequest request) {
    return request.certificates().stream().anyMatch(issuer::matches);
  }

  /** The serials of this authority that are asked for; not those that no certificate can have. */
  public List<Serial> serials(OcspRequest request) {
    return request.certificates().stream()
        .map(this::serial)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  private Optional<Serial> serial(CertID id) {
    var number = id.getSerialNumber().getValue();
    return issuer.matches(id) && isPossible(number)
        ? Optional.of(new Serial(number))
        : Optional.empty();
  }

  private static boolean isPossible(BigInteger number) {
    return number.signum() > 0 && number.bitLength() <= Serial.BITS_MAX;
  }

  /**
   * The signed answer in DER; whatever is of another authority is unknown.
   *
   * @param statuses of the serials of this authority
   * @param nextUpdate until when the answer may be believed; never beyond the responder's own end
   */
  public byte[] answer(
      OcspRequest request, Function<Serial, OcspStatus> statuses, Instant now, Instant nextUpdate) {
    var signing = delegate(now);
    var last = signing.certificate().getNotAfter().toInstant();
    var until = Date.from(nextUpdate.isBefore(last) ? nextUpdate : last);
    try {
      var holder = new X509CertificateHolder(signing.certificate().getEncoded());
      var builder =
          new BasicOCSPRespBuilder(
              new RespID(new ResponderID(IssuerHashes.keyHash(signing.certificate()))));
      for (var id : request.certificates()) {
        var status = serial(id).map(statuses).orElse(new OcspStatus.Unknown());
        builder.addResponse(
            new CertificateID(id), status(status), Date.from(now), until, (Extensions) null);
      }
      if (request.nonce() != null) {
        builder.setResponseExtensions(new Extensions(request.nonce()));
      }
      var signer = CertificateSigner.contentSigner(signing.key());
      var basic = builder.build(signer, new X509CertificateHolder[] {holder}, Date.from(now));
      return encoded(OCSPRespBuilder.SUCCESSFUL, basic);
    } catch (OCSPException
        | OperatorCreationException
        | IOException
        | CertificateEncodingException e) {
      throw new IssuanceUnavailable("a status could not be signed", e);
    }
  }

  /** An answer that says only why there is none; it is not signed. */
  public static byte[] refusal(Refusal refusal) {
    try {
      return encoded(refusal.code, null);
    } catch (OCSPException | IOException e) {
      throw new IllegalStateException("a refusal has a DER form", e);
    }
  }

  private static byte[] encoded(int code, @Nullable Object basic)
      throws OCSPException, IOException {
    OCSPResp response = new OCSPRespBuilder().build(code, basic);
    return response.getEncoded();
  }

  private static @Nullable CertificateStatus status(OcspStatus status) {
    return switch (status) {
      case OcspStatus.Good _ -> CertificateStatus.GOOD;
      case OcspStatus.Revoked(var at, var reason) ->
          reason == RevocationReason.UNSPECIFIED
              ? new RevokedStatus(Date.from(at))
              : new RevokedStatus(Date.from(at), reason.code());
      case OcspStatus.Unknown _ -> new UnknownStatus();
    };
  }

  /** The certificate that the answers of this moment are verified by. */
  X509Certificate certificate(Instant now) {
    return delegate(now).certificate();
  }

  private synchronized Delegate delegate(Instant now) {
    var current = delegate;
    if (current == null || !now.isBefore(current.renewal())) {
      current = renewed(current, now);
      delegate = current;
    }
    return current;
  }

  /** Another one; while none can be signed, the old one as long as it holds. */
  private Delegate renewed(@Nullable Delegate current, Instant now) {
    try {
      var keys = KeyPairs.p256();
      var certificate = authority.signResponder(keys.getPublic(), serials.next(), now, LIFETIME);
      return new Delegate(keys.getPrivate(), certificate, now.plus(LIFETIME.dividedBy(2)));
    } catch (IssuanceUnavailable e) {
      if (current != null && now.isBefore(current.certificate().getNotAfter().toInstant())) {
        return current;
      }
      throw e;
    }
  }
}
