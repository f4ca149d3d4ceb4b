package io.sallyport.agent.bundle;

import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The key of a device with its certificate. Not a record: a record would print the key. */
public final class Identity {
  private final PrincipalId id;
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private Identity(PrincipalId id, PrivateKey key, List<X509Certificate> chain) {
    this.id = id;
    this.key = key;
    this.chain = chain;
  }

  /**
   * Reads a key and the certificate for it.
   *
   * @param chainPem the device's certificate first, then its issuers
   * @param keyPem PKCS#8
   * @throws MalformedBundle if either is unreadable, if they do not belong together, or if the
   *     certificate is no device's
   */
  public static Identity of(String chainPem, String keyPem) throws MalformedBundle {
    try {
      var chain = Pem.certificates(chainPem);
      if (chain.isEmpty()) {
        throw new MalformedBundle("the certificate file holds no certificate");
      }
      var leaf = chain.getFirst();
      if (!(CertificateIdentity.of(leaf)
          instanceof CertificateIdentity.Identified(PrincipalKind kind, PrincipalId id))) {
        throw new MalformedBundle("the certificate names no principal of Sallyport");
      }
      if (kind != PrincipalKind.DEVICE) {
        throw new MalformedBundle("the certificate is a " + kind.word() + "'s, not a device's");
      }
      var key = key(keyPem, leaf.getPublicKey().getAlgorithm());
      requirePair(key, leaf);
      return new Identity(id, key, chain);
    } catch (MalformedPem e) {
      throw new MalformedBundle("the certificate or key is not PEM: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(String pem, String algorithm) throws MalformedPem, MalformedBundle {
    var der = Pem.decode(pem, "PRIVATE KEY");
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new MalformedBundle("the private key is not the certificate's kind of key", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** A key of another certificate would fail at each handshake, with an alert that says little. */
  private static void requirePair(PrivateKey key, X509Certificate leaf) throws MalformedBundle {
    try {
      var algorithm = signature(key);
      var probe = new byte[] {1, 2, 3};
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(probe);
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(leaf.getPublicKey());
      verifier.update(probe);
      if (!verifier.verify(signer.sign())) {
        throw new MalformedBundle("the private key does not belong to the certificate");
      }
    } catch (GeneralSecurityException e) {
      throw new MalformedBundle("the private key cannot sign: " + e.getMessage(), e);
    }
  }

  private static String signature(PrivateKey key) {
    return switch (key.getAlgorithm().toUpperCase(Locale.ROOT)) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "EdDSA";
    };
  }

  /** Who it is: client id and thing name. */
  public PrincipalId id() {
    return id;
  }

  /** The private key. */
  public PrivateKey key() {
    return key;
  }

  /** What is sent in a handshake, the device's certificate first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The device's certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The key by which certificates of one key are known. */
  public PublicKeyHash keyHash() {
    return PublicKeyHash.of(certificate().getPublicKey());
  }

  /** The key as it signs receipts of commands. */
  public EnvelopeKey receiptKey() {
    return EnvelopeKeys.of(new KeyPair(certificate().getPublicKey(), key));
  }

  @Override
  public String toString() {
    return "Identity[" + id + "]";
  }
}
