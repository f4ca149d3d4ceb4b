package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.SealHeader.Derivation;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The AES-256 key that a passphrase becomes. Deriving it is slow on purpose, so the sealed keys of
 * one directory share one salt and with it one derivation; each has its own nonce.
 */
final class SealingKey implements AutoCloseable {
  // RFC 9106, 4: the second recommended setting, with one lane because one thread computes it.
  private static final int MEMORY_KIB = 64 * 1024;
  private static final int PASSES = 3;
  // Nobody guesses 256 random bits at any price: there the price would only slow our own start.
  private static final int MEMORY_KIB_RANDOM = 8 * 1024;
  private static final int PASSES_RANDOM = 1;
  private static final int LANES = 1;
  private static final int KEY_BYTES = 32;
  private static final int TAG_BITS = 128;

  private final Derivation derivation;
  private final byte[] key;

  private SealingKey(Derivation derivation, byte[] key) {
    this.derivation = derivation;
    this.key = key;
  }

  /** A key of a fresh salt. */
  static SealingKey create(Passphrase passphrase) {
    var salt = randomBase64(Derivation.SALT_BYTES);
    return derive(
        passphrase,
        passphrase.isGuessable()
            ? new Derivation(MEMORY_KIB, PASSES, LANES, salt)
            : new Derivation(MEMORY_KIB_RANDOM, PASSES_RANDOM, LANES, salt));
  }

  /** The key that a sealed file asks for. */
  static SealingKey derive(Passphrase passphrase, Derivation derivation) {
    var parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(derivation.memoryKib())
            .withIterations(derivation.passes())
            .withParallelism(derivation.lanes())
            .withSalt(derivation.salt())
            .build();
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var key = new byte[KEY_BYTES];
    var secret = passphrase.utf8();
    generator.generateBytes(secret, key);
    Arrays.fill(secret, (byte) 0);
    return new SealingKey(derivation, key);
  }

  /**
   * Another key, for one purpose: who has it opens nothing else, and cannot come back to this one.
   */
  SealingKey forPurpose(String purpose) {
    try {
      var derived =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.expandOnly(
                      new SecretKeySpec(key, "HKDF"),
                      ("sallyport " + purpose).getBytes(StandardCharsets.US_ASCII),
                      KEY_BYTES));
      return new SealingKey(derivation, derived);
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("a key could not be derived", e);
    }
  }

  boolean fits(SealHeader header) {
    return derivation.equals(header.derivation());
  }

  SealHeader freshHeader(String name) {
    return new SealHeader(name, derivation, randomBase64(SealHeader.NONCE_BYTES));
  }

  byte[] encrypt(SealHeader header, byte[] secret) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, header).doFinal(secret);
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("a key could not be sealed", e);
    }
  }

  byte[] decrypt(SealHeader header, byte[] sealed) throws SealBroken {
    try {
      return cipher(Cipher.DECRYPT_MODE, header).doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw new SealBroken("the passphrase is wrong, or the sealed key was changed");
    }
  }

  private Cipher cipher(int mode, SealHeader header) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, header.nonce()));
    cipher.updateAAD(header.authenticated());
    return cipher;
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "SealingKey[hidden]";
  }

  private static String randomBase64(int bytes) {
    var random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return Base64.getEncoder().encodeToString(random);
  }
}
