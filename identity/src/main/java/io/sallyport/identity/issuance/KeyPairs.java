package io.sallyport.identity.issuance;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Fresh key pairs; deliberately without a way to choose their randomness. */
public final class KeyPairs {
  private KeyPairs() {}

  /** For end certificates: every microcontroller's library knows this curve. */
  public static KeyPair p256() {
    return generate("secp256r1");
  }

  /** For authorities. */
  public static KeyPair p384() {
    return generate("secp384r1");
  }

  /** A private key on P-256 with the public key that belongs to it. */
  static KeyPair ofPrivate(PrivateKey key) throws SealBroken {
    var curve = CustomNamedCurves.getByName("P-256");
    if (!(key instanceof ECPrivateKey secret)
        || !secret.getParams().getOrder().equals(curve.getN())) {
      throw new SealBroken("the sealed key is not one on P-256");
    }
    var point = new FixedPointCombMultiplier().multiply(curve.getG(), secret.getS()).normalize();
    var place =
        new ECPoint(point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    try {
      var belonging =
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(place, secret.getParams()));
      return new KeyPair(belonging, key);
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("a public key could not be found", e);
    }
  }

  private static KeyPair generate(String curve) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("no key could be made on " + curve, e);
    }
  }
}
