package io.sallyport.control.attestation;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/** Reads the public keys that operators register. */
final class VerificationKeys {
  private static final int LENGTH_MAX = 4096;
  private static final int RSA_BITS_MIN = 2048;
  private static final List<Integer> CURVE_BITS = List.of(256, 384);

  private VerificationKeys() {}

  /**
   * A key from its PEM; refuses, with {@link IllegalArgumentException}, kinds that no evidence is
   * verified by.
   */
  static PublicKey of(String pem) {
    if (pem.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("a key must not be longer than " + LENGTH_MAX + " bytes");
    }
    byte[] der;
    try {
      der = Pem.decode(pem, "PUBLIC KEY");
    } catch (MalformedPem e) {
      throw new IllegalArgumentException("not a public key in PEM: " + e.getMessage());
    }
    for (var algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return checked(
            KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der)));
      } catch (GeneralSecurityException e) {
        // Of another kind, then.
      }
    }
    throw new IllegalArgumentException("a key is of P-256, P-384, RSA or Ed25519");
  }

  private static PublicKey checked(PublicKey key) {
    boolean fits =
        switch (key) {
          case ECPublicKey ec -> CURVE_BITS.contains(ec.getParams().getOrder().bitLength());
          case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
          default -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException(
          "a key is of P-256, P-384, RSA of at least " + RSA_BITS_MIN + " bits, or Ed25519");
    }
    return key;
  }
}
