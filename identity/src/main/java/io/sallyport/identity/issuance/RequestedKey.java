package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.RequestRefused.Reason;
import io.sallyport.identity.keys.WeakKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Which public keys are certified: P-256, P-384, RSA of 2048 to 8192 bits, Ed25519. */
final class RequestedKey {
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;

  private RequestedKey() {}

  /**
   * The key in its one encoding: a registry compares hashes of it, so a second encoding of a key
   * seen before would be a way around.
   */
  static PublicKey of(SubjectPublicKeyInfo info) throws RequestRefused {
    var key = read(info);
    for (var weakness : WeakKeys.of(key)) {
      throw new RequestRefused(Reason.WEAK_KEY, weakness.text());
    }
    return key;
  }

  /** The same for a key that was made here: how it was made is known. */
  static PublicKey read(SubjectPublicKeyInfo info) throws RequestRefused {
    var algorithm = info.getAlgorithm().getAlgorithm();
    try {
      if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
        return ellipticCurve(info);
      }
      if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
        return rsa(info);
      }
      if (algorithm.equals(EdECObjectIdentifiers.id_Ed25519)) {
        return ed25519(info);
      }
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new RequestRefused(Reason.MALFORMED, "the public key cannot be read");
    }
    throw new RequestRefused(
        Reason.UNSUPPORTED_KEY, "keys of this kind are not certified: " + algorithm.getId());
  }

  private static PublicKey ellipticCurve(SubjectPublicKeyInfo info)
      throws RequestRefused, GeneralSecurityException, IOException {
    var parameters = info.getAlgorithm().getParameters();
    if (!(parameters instanceof ASN1ObjectIdentifier curve)
        || !(curve.equals(SECObjectIdentifiers.secp256r1)
            || curve.equals(SECObjectIdentifiers.secp384r1))) {
      throw new RequestRefused(
          Reason.UNSUPPORTED_KEY, "of elliptic curves only P-256 and P-384 are certified");
    }
    var point = info.getPublicKeyData().getOctets();
    if (point.length == 0 || point[0] != 4) {
      throw new RequestRefused(Reason.UNSUPPORTED_KEY, "a point must be uncompressed");
    }
    // Throws when the point is not on the curve, which Java's own reader would let pass.
    if (ECNamedCurveTable.getByOID(curve).getCurve().decodePoint(point).isInfinity()) {
      throw new RequestRefused(Reason.WEAK_KEY, "the point at infinity is not a key");
    }
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  private static PublicKey rsa(SubjectPublicKeyInfo info)
      throws RequestRefused, GeneralSecurityException, IOException {
    var key = RSAPublicKey.getInstance(info.parsePublicKey());
    var modulus = key.getModulus();
    var exponent = key.getPublicExponent();
    if (modulus.bitLength() < RSA_BITS_MIN || modulus.bitLength() > RSA_BITS_MAX) {
      throw new RequestRefused(
          Reason.WEAK_KEY,
          "an RSA key must have "
              + RSA_BITS_MIN
              + " to "
              + RSA_BITS_MAX
              + " bits: "
              + modulus.bitLength());
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static PublicKey ed25519(SubjectPublicKeyInfo info)
      throws RequestRefused, GeneralSecurityException, IOException {
    var octets = info.getPublicKeyData().getOctets();
    // A point of small order verifies signatures that nobody made: it proves nothing.
    if (octets.length != Ed25519.PUBLIC_KEY_SIZE || !Ed25519.validatePublicKeyFull(octets, 0)) {
      throw new RequestRefused(Reason.WEAK_KEY, "not a point of the prime-order group");
    }
    return KeyFactory.getInstance("Ed25519")
        .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }
}
