package io.sallyport.identity.issuance;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what an operator's command must find again after a crash and nobody else may read: under a
 * key that only the operator's own private key leads to (HKDF-SHA256, then AES-256-GCM).
 */
public final class WorkSeal implements AutoCloseable {
  /** Bytes of the salt that gives each piece of work a key of its own. */
  public static final int SALT_BYTES = 32;

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final byte[] PURPOSE = {
    's', 'a', 'l', 'l', 'y', 'p', 'o', 'r', 't', ' ', 'w', 'o', 'r', 'k'
  };

  private final byte[] key;
  private final SecureRandom random = new SecureRandom();

  private WorkSeal(byte[] key) {
    this.key = key;
  }

  /** The seal of one piece of work. */
  public static WorkSeal of(PrivateKey operator, byte[] salt) {
    var secret = operator.getEncoded();
    try {
      var parameters =
          HKDFParameterSpec.ofExtract().addIKM(secret).addSalt(salt).thenExpand(PURPOSE, KEY_BYTES);
      return new WorkSeal(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("a key could not be derived", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** A fresh salt. */
  public static byte[] salt() {
    var salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  /**
   * Seals a secret, which stays the caller's to wipe.
   *
   * @param name must be given again to open it
   */
  public byte[] seal(byte[] name, byte[] secret) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, name);
      var sealed = Arrays.copyOf(nonce, NONCE_BYTES + cipher.getOutputSize(secret.length));
      cipher.doFinal(secret, 0, secret.length, sealed, NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("it could not be sealed", e);
    }
  }

  /** Opens what was sealed, for the caller to wipe. */
  public byte[] open(byte[] name, byte[] sealed) throws SealBroken {
    if (sealed.length < NONCE_BYTES) {
      throw new SealBroken("it is too short");
    }
    var nonce = Arrays.copyOf(sealed, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, name)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new SealBroken("it was sealed with another operator's key, or it was changed");
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] name) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name);
    return cipher;
  }

  @Override
  public void close() {
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public String toString() {
    return "WorkSeal[hidden]";
  }
}
