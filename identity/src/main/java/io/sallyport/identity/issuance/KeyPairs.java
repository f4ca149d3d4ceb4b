package io.sallyport.identity.issuance;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

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
