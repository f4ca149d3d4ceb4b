package io.sallyport.identity.cose;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;

/** The signatures that are verified, with the numbers of RFC 9053, sections 2.1 and 2.2. */
enum CoseAlgorithm {
  ES256(-7, "SHA256withECDSAinP1363Format", 256, 64),
  ES384(-35, "SHA384withECDSAinP1363Format", 384, 96),
  EDDSA(-8, "Ed25519", 0, 64);

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

  static CoseAlgorithm of(long label) throws MalformedCbor {
    for (var algorithm : values()) {
      if (algorithm.label == label) {
        return algorithm;
      }
    }
    throw new MalformedCbor("the signature algorithm " + label + " is not one that is verified");
  }

  /** Whether the key, being one for this algorithm, made that signature; any doubt is a no. */
  boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
    if (!fits(key) || signature.length != signatureLength) {
      return false;
    }
    try {
      var verifier = Signature.getInstance(jca);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** One curve for each algorithm: ES256 over another would be a weaker or an unknown thing. */
  private boolean fits(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec -> ec.getParams().getOrder().bitLength() == curveBits;
      case EdECPublicKey ed -> this == EDDSA && "Ed25519".equals(ed.getParams().getName());
      default -> false;
    };
  }
}
