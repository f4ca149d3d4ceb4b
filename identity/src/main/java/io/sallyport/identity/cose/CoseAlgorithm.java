package io.sallyport.identity.cose;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;

/**
 * The signatures that are verified, with the numbers of RFC 9053, sections 2.1 and 2.2, and RFC
 * 8230, section 2.
 */
public enum CoseAlgorithm {
  /** ECDSA over P-256 with SHA-256. */
  ES256(-7, "SHA256withECDSAinP1363Format", 256, 64),
  /** ECDSA over P-384 with SHA-384. */
  ES384(-35, "SHA384withECDSAinP1363Format", 384, 96),
  /** Ed25519. */
  EDDSA(-8, "Ed25519", 0, 64),
  /**
   * RSASSA-PSS with SHA-256 throughout and a salt of 32 bytes, of keys of 2048 to 8192 bits (RFC
   * 8230, section 5). Devices sign receipts by it; no other message is taken with it.
   */
  PS256(-37, "RSASSA-PSS", 0, 0),
  /** ML-DSA-65 (FIPS 204, RFC 9964), beside another signature of a firmware manifest. */
  ML_DSA_65(-49, "ML-DSA-65", 0, 3309);

  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private final int label;
  private final String jca;
  private final int curveBits;
  private final int signatureLength;

  CoseAlgorithm(int label, String jca, int curveBits, int signatureLength) {
    this.label = label;
    this.jca = jca;
    this.curveBits = curveBits;
    this.signatureLength = signatureLength;
  }

  /** Its number in a header. */
  public int label() {
    return label;
  }

  /** What signs and verifies so, before it has a key. */
  public Signature engine() throws GeneralSecurityException {
    var engine = Signature.getInstance(jca);
    if (this == PS256) {
      engine.setParameter(PSS);
    }
    return engine;
  }

  /** The one for a key; refuses, with {@link IllegalArgumentException}, a key without one. */
  public static CoseAlgorithm of(PublicKey key) {
    for (var algorithm : values()) {
      if (algorithm.fits(key)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException("no signature over CBOR is known for that kind of key");
  }

  /** The one of any message's header; those of one kind of message alone are none of them. */
  static CoseAlgorithm of(long label) throws MalformedCbor {
    for (var algorithm : values()) {
      if (algorithm.label == label && algorithm != PS256 && algorithm != ML_DSA_65) {
        return algorithm;
      }
    }
    throw new MalformedCbor("the signature algorithm " + label + " is not one that is verified");
  }

  /** Whether the key, being one for this algorithm, made that signature; any doubt is a no. */
  public boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
    if (!fits(key) || signature.length != signatureLength(key) || !isInRange(key, signature)) {
      return false;
    }
    try {
      var verifier = engine();
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Of RSA it is as long as the modulus (RFC 8017, section 8.1.1). */
  private int signatureLength(PublicKey key) {
    return key instanceof RSAPublicKey rsa
        ? (rsa.getModulus().bitLength() + 7) / 8
        : signatureLength;
  }

  /** Neither half of an ECDSA signature is 0, nor the order or more (CVE-2022-21449). */
  private static boolean isInRange(PublicKey key, byte[] signature) {
    if (!(key instanceof ECPublicKey ec)) {
      return true;
    }
    int half = signature.length / 2;
    var order = ec.getParams().getOrder();
    var r = new BigInteger(1, Arrays.copyOf(signature, half));
    var s = new BigInteger(1, Arrays.copyOfRange(signature, half, signature.length));
    return r.signum() > 0 && s.signum() > 0 && r.compareTo(order) < 0 && s.compareTo(order) < 0;
  }

  /** One curve for each algorithm: ES256 over another would be a weaker or an unknown thing. */
  public boolean fits(PublicKey key) {
    return switch (key) {
      // Of secp256k1 the order has 256 bits too, but another equation.
      case ECPublicKey ec ->
          ec.getParams().getOrder().bitLength() == curveBits
              && ec.getParams().getCurve().getA().signum() != 0;
      case EdECPublicKey ed -> this == EDDSA && "Ed25519".equals(ed.getParams().getName());
      case RSAPublicKey rsa ->
          this == PS256
              && rsa.getModulus().bitLength() >= RSA_BITS_MIN
              && rsa.getModulus().bitLength() <= RSA_BITS_MAX;
      default ->
          this == ML_DSA_65
              && key.getParams() instanceof NamedParameterSpec named
              && named.getName().equals(jca);
    };
  }
}
