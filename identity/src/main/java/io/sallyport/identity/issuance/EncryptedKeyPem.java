package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/**
 * A private key in the form that other tools read: PKCS#8 encrypted by PBES2 (AES-256-CBC, key by
 * PBKDF2 with HMAC-SHA-256), in PEM, as {@code openssl pkey} expects it.
 */
public final class EncryptedKeyPem {
  private static final String LABEL = "ENCRYPTED PRIVATE KEY";
  // OWASP's figure for PBKDF2 with HMAC-SHA-256.
  private static final int ITERATIONS = 600_000;
  // Bound: what a file from outside may make us spend.
  private static final int ITERATIONS_MAX = 10_000_000;

  private EncryptedKeyPem() {}

  /** The encrypted form of a key. */
  public static String write(PrivateKey key, Passphrase passphrase) {
    var characters = passphrase.characters();
    try {
      var encryptor =
          new JceOpenSSLPKCS8EncryptorBuilder(JcaPKCS8Generator.AES_256_CBC)
              // An instance of our own: nothing is installed for the whole process.
              .setProvider(new BouncyCastleProvider())
              .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256))
              .setIterationCount(ITERATIONS)
              .setPassword(characters)
              .build();
      var encrypted = new JcaPKCS8Generator(key, encryptor).generate().getContent();
      return new String(Pem.encode(LABEL, encrypted), StandardCharsets.US_ASCII);
    } catch (OperatorCreationException | IOException e) {
      throw new IssuanceUnavailable("a key could not be encrypted", e);
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  /**
   * The key of such a form: one on a curve, or one of ML-DSA (RFC 9881).
   *
   * @throws SealBroken if the passphrase is another, or it is no such key
   */
  public static PrivateKey read(String pem, Passphrase passphrase) throws SealBroken {
    var characters = passphrase.characters();
    try {
      var encrypted = new PKCS8EncryptedPrivateKeyInfo(Pem.decode(pem, LABEL));
      requireAffordable(encrypted.toASN1Structure().getEncryptionAlgorithm());
      var decryptor =
          new JceOpenSSLPKCS8DecryptorProviderBuilder()
              .setProvider(new BouncyCastleProvider())
              .build(characters);
      var opened = encrypted.decryptPrivateKeyInfo(decryptor);
      var secret = opened.getEncoded();
      try {
        return KeyFactory.getInstance(family(opened.getPrivateKeyAlgorithm()))
            .generatePrivate(new PKCS8EncodedKeySpec(secret));
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    } catch (MalformedPem e) {
      throw new SealBroken("not an encrypted private key: " + e.getMessage());
    } catch (IOException
        | OperatorCreationException
        | PKCSException
        | GeneralSecurityException
        | RuntimeException e) {
      // Fail closed: the ASN.1 reader reports bad input by many unchecked exceptions.
      throw new SealBroken("the passphrase is wrong, or the key was changed");
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static String family(AlgorithmIdentifier algorithm) {
    return algorithm.getAlgorithm().equals(NISTObjectIdentifiers.id_ml_dsa_65) ? "ML-DSA" : "EC";
  }

  private static void requireAffordable(AlgorithmIdentifier algorithm) throws SealBroken {
    if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
      throw new SealBroken("the key must be encrypted by PBES2");
    }
    var derivation = PBES2Parameters.getInstance(algorithm.getParameters()).getKeyDerivationFunc();
    if (!derivation.getAlgorithm().equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      throw new SealBroken("the key must be encrypted with a key by PBKDF2");
    }
    var iterations = PBKDF2Params.getInstance(derivation.getParameters()).getIterationCount();
    if (iterations.signum() <= 0
        || iterations.bitLength() > 31
        || iterations.intValue() > ITERATIONS_MAX) {
      throw new SealBroken("the encrypted key asks for more work than is allowed");
    }
  }
}
