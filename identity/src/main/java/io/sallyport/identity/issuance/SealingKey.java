package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.Derivation.Argon2id;
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

/**
 * The AES-256 key that a passphrase becomes. Deriving it may be slow on purpose, so the sealed keys
 * of one directory share one salt and with it one derivation; each has its own nonce.
 */
final class SealingKey implements AutoCloseable {
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
        passphrase, passphrase.isGuessable() ? new Argon2id(salt) : new Derivation.Extract(salt));
  }

  /** The key that a sealed file asks for. */
  static SealingKey derive(Passphrase passphrase, Derivation derivation) {
    var secret = passphrase.utf8();
    try {
      return new SealingKey(derivation, derivation.derive(secret));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
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
                      Derivation.KEY_BYTES));
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
