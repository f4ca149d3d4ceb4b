package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.RequestRefused.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * A PKCS#10 request that passed every check: its sender has the private key, the key is strong, and
 * nothing is asked for that its expected sender may not have. Nothing but the key is taken from it.
 */
public final class CertificateRequest {
  /** Bound: a request of a 8192-bit RSA key has about 2.5 KiB. */
  public static final int LENGTH_MAX = 8 * 1024;

  private final PublicKey publicKey;

  private CertificateRequest(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  /**
   * Reads and checks what a client sent.
   *
   * @param encoded one PEM block or DER
   * @param kind the kind that the certificate will be for
   * @param id the only name that the request may hold; it may also hold none
   */
  public static CertificateRequest parse(byte[] encoded, PrincipalKind kind, PrincipalId id)
      throws RequestRefused {
    if (encoded.length > LENGTH_MAX) {
      throw new RequestRefused(
          Reason.TOO_LARGE, "a request must not be longer than " + LENGTH_MAX + " bytes");
    }
    try {
      return check(encoded, kind, id);
    } catch (RuntimeException e) {
      // Fail closed: the ASN.1 reader reports bad input by many unchecked exceptions.
      throw new RequestRefused(Reason.MALFORMED, "not a PKCS#10 request");
    }
  }

  /** The name that a request claims, if that is exactly one; nothing else of it is checked. */
  public static Optional<PrincipalId> claimedName(byte[] der) {
    try {
      return der.length > LENGTH_MAX
          ? Optional.empty()
          : RequestedNames.claimed(strict(der).getSubject());
    } catch (RequestRefused | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** The key to certify, in the one encoding that its kind has. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** By this a registry knows a key that it has ever seen. */
  public PublicKeyHash publicKeyHash() {
    return PublicKeyHash.of(publicKey);
  }

  private static CertificateRequest check(byte[] encoded, PrincipalKind kind, PrincipalId id)
      throws RequestRefused {
    var request = strict(looksLikeDer(encoded) ? encoded : dearmoured(encoded));
    var key = RequestedKey.of(request.getSubjectPublicKeyInfo());
    ProofOfPossession.require(request, key);
    RequestedNames.require(request, kind, id);
    return new CertificateRequest(key);
  }

  private static boolean looksLikeDer(byte[] encoded) {
    return encoded.length > 0 && encoded[0] == 0x30;
  }

  private static byte[] dearmoured(byte[] encoded) throws RequestRefused {
    try {
      var text = new String(encoded, StandardCharsets.US_ASCII);
      return Pem.decode(text, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    } catch (MalformedPem e) {
      throw new RequestRefused(Reason.MALFORMED, "not a PKCS#10 request: " + e.getMessage());
    }
  }

  /**
   * Only DER has one reading: what would be written differently is refused. The structure is
   * compared, not the raw values in it, because the signature is checked over the structure as
   * written anew, so a tag that was read over would not break it.
   */
  private static PKCS10CertificationRequest strict(byte[] der) throws RequestRefused {
    try {
      var structure = CertificationRequest.getInstance(ASN1Primitive.fromByteArray(der));
      if (!Arrays.equals(structure.getEncoded(ASN1Encoding.DER), der)) {
        throw new RequestRefused(Reason.MALFORMED, "not a PKCS#10 request: not strict DER");
      }
      return new PKCS10CertificationRequest(structure);
    } catch (IOException e) {
      throw new RequestRefused(Reason.MALFORMED, "not a PKCS#10 request");
    }
  }
}
