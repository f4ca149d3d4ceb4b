package io.sallyport.firmware.signing;

import io.sallyport.firmware.manifest.SignedManifest;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.EncryptedKeyPem;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.SealBroken;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * A key that signs releases and nothing else, in memory or in a token. The server never holds one:
 * it is a release manager's, on a machine that is off line at best.
 */
public final class ReleaseKey {
  private static final int BLOCK = 64 * 1024;
  private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

  private final KeyKind kind;
  private final PublicKey publicKey;
  private final PrivateKey privateKey;

  private ReleaseKey(KeyKind kind, PublicKey publicKey, PrivateKey privateKey) {
    this.kind = kind;
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  /** A new key. */
  public static ReleaseKey generate(KeyKind kind) {
    try {
      var generator =
          switch (kind) {
            case ECDSA_P256 -> {
              var ec = KeyPairGenerator.getInstance("EC");
              ec.initialize(new ECGenParameterSpec("secp256r1"));
              yield ec;
            }
            case ML_DSA_65 -> KeyPairGenerator.getInstance("ML-DSA-65");
          };
      return of(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("no key could be made of " + kind.word(), e);
    }
  }

  /**
   * A new key on P-256 in a token, which it never leaves.
   *
   * @param label what the token calls it
   * @throws IssuanceUnavailable when there is one of that label, or the token does not serve
   */
  public static ReleaseKey generate(KeyHome home, String label) {
    return of(home.generate(label, "secp256r1"));
  }

  /**
   * The key of a token.
   *
   * @throws IssuanceUnavailable when it is not there, or the token does not serve
   */
  public static ReleaseKey find(KeyHome home, String label) {
    return of(home.find(label));
  }

  /**
   * The key of a file: encrypted PKCS #8 in PEM, with its public half beside it.
   *
   * @throws SealBroken if the passphrase is another, or the halves are not of one key
   */
  public static ReleaseKey open(String pem, PublicKey publicKey, Passphrase passphrase)
      throws SealBroken {
    var key = of(new KeyPair(publicKey, EncryptedKeyPem.read(pem, passphrase)));
    try {
      if (key.kind.algorithm().verifies(publicKey, PROBE, key.sign(PROBE))) {
        return key;
      }
    } catch (IssuanceUnavailable e) {
      // A private key of another kind signs nothing this way.
    }
    throw new SealBroken("the private key is not that of the public key beside it");
  }

  private static ReleaseKey of(KeyPair pair) {
    return new ReleaseKey(KeyKind.of(pair.getPublic()), pair.getPublic(), pair.getPrivate());
  }

  /** It, encrypted for a file; not of a key in a token. */
  public String encrypted(Passphrase passphrase) {
    return EncryptedKeyPem.write(privateKey, passphrase);
  }

  /** What it is. */
  public KeyKind kind() {
    return kind;
  }

  /** Its public half. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** Its name. */
  public PublicKeyHash id() {
    return PublicKeyHash.of(publicKey);
  }

  /** A manifest with this key's signature added. */
  public SignedManifest sign(SignedManifest manifest) {
    return manifest.signedBy(publicKey, this::sign);
  }

  /** Signs bytes; of ECDSA r and s, one after the other (RFC 9053, section 2.1). */
  byte[] sign(byte[] bytes) {
    try {
      var engine = kind.algorithm().engine();
      engine.initSign(privateKey);
      engine.update(bytes);
      return engine.sign();
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("the release key could not sign", e);
    }
  }

  /**
   * The detached signature of an image: ECDSA with SHA-256 in DER (RFC 3279, section 2.2.3), as
   * {@code openssl dgst -sha256 -verify} and mbedTLS read it. 68 to 72 bytes, not a constant.
   *
   * @throws IllegalArgumentException of a key of another kind
   * @throws IOException when the image cannot be read
   */
  public byte[] signDetached(InputStream image) throws IOException {
    if (kind != KeyKind.ECDSA_P256) {
      throw new IllegalArgumentException("a detached signature is made by a key on P-256");
    }
    try {
      var engine = Signature.getInstance("SHA256withECDSA");
      engine.initSign(privateKey);
      update(engine, image);
      return engine.sign();
    } catch (GeneralSecurityException e) {
      throw new IssuanceUnavailable("the release key could not sign", e);
    }
  }

  /** Whether a key made a detached signature of an image; any doubt is a no. */
  public static boolean verifyDetached(PublicKey key, byte[] signature, InputStream image)
      throws IOException {
    if (!KeyKind.ECDSA_P256.algorithm().fits(key)) {
      return false;
    }
    try {
      var engine = Signature.getInstance("SHA256withECDSA");
      engine.initVerify(key);
      update(engine, image);
      return engine.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void update(Signature engine, InputStream image)
      throws IOException, GeneralSecurityException {
    var block = new byte[BLOCK];
    for (int read = image.read(block); read >= 0; read = image.read(block)) {
      engine.update(block, 0, read);
    }
  }

  @Override
  public String toString() {
    return "ReleaseKey[" + id() + "]";
  }
}
