package io.sallyport.firmware.signing;

import io.sallyport.identity.cose.CoseAlgorithm;
import java.security.PublicKey;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of keys that sign releases. */
public enum KeyKind {
  /** ECDSA on P-256 with SHA-256: every bootloader and every library verifies it. */
  ECDSA_P256("ecdsa-p256", "EC", CoseAlgorithm.ES256),
  /** ML-DSA-65 (FIPS 204): a second signature that a quantum computer does not forge. */
  ML_DSA_65("ml-dsa-65", "ML-DSA", CoseAlgorithm.ML_DSA_65);

  private final String word;
  private final String family;
  private final CoseAlgorithm algorithm;

  KeyKind(String word, String family, CoseAlgorithm algorithm) {
    this.word = word;
    this.family = family;
    this.algorithm = algorithm;
  }

  /** The word in options and reports. */
  public String word() {
    return word;
  }

  /** The name of the JDK's key factory. */
  String family() {
    return family;
  }

  CoseAlgorithm algorithm() {
    return algorithm;
  }

  /** The one of a word. */
  public static Optional<KeyKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** The one of a key; refuses, with {@link IllegalArgumentException}, a key of another kind. */
  public static KeyKind of(PublicKey key) {
    return Stream.of(values())
        .filter(kind -> kind.algorithm.fits(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "releases are signed by keys on P-256 or of ML-DSA-65, not by one of "
                        + key.getAlgorithm()));
  }
}
