package io.sallyport.testkit;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A private key with its certificate and whatever is sent along, in every form a client takes. */
public final class TestIdentity {
  private static final char[] STORE_PASSWORD = "test".toCharArray();

  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;
  private final X509Certificate trusted;

  /**
   * An identity that trusts a root.
   *
   * @param chain the end certificate first
   */
  public TestIdentity(PrivateKey privateKey, List<X509Certificate> chain, X509Certificate trusted) {
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
    this.trusted = trusted;
  }

  /** The end certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** The end certificate's fingerprint. */
  public Fingerprint fingerprint() {
    try {
      return Fingerprint.ofDer(certificate().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is sent in a handshake, the end certificate first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The private key. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** The root by which this identity knows its peer. */
  public X509Certificate trusted() {
    return trusted;
  }

  /** The same key and certificate, sent with other certificates after it. */
  public TestIdentity withChain(X509Certificate... after) {
    var sent = new ArrayList<X509Certificate>(List.of(certificate()));
    sent.addAll(List.of(after));
    return new TestIdentity(privateKey, sent, trusted);
  }

  /** A JSSE context that shows this identity and trusts the root. */
  public SSLContext sslContext() {
    try {
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(keyStore(), STORE_PASSWORD);
      return context(keys.getKeyManagers(), trusted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A JSSE context that shows nothing and trusts that root. */
  public static SSLContext anonymousSslContext(X509Certificate trusted) {
    try {
      return context(new KeyManager[0], trusted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store in memory, its entry's password being {@link #storePassword}. */
  public KeyStore keyStore() {
    try {
      var store = emptyStore();
      store.setKeyEntry("key", privateKey, STORE_PASSWORD, chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The password of {@link #keyStore}. */
  public char[] storePassword() {
    return STORE_PASSWORD.clone();
  }

  /** Writes {@code ca.crt}, {@code client.crt} and {@code client.key} as PEM. */
  public PemFiles writePem(Path directory) {
    try {
      Files.createDirectories(directory);
      var ca = Files.writeString(directory.resolve("ca.crt"), Pem.of(trusted));
      var certificate = Files.writeString(directory.resolve("client.crt"), Pem.of(chain));
      var key = directory.resolve("client.key");
      Files.write(key, Pem.encode("PRIVATE KEY", privateKey.getEncoded()));
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      return new PemFiles(ca, certificate, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where an identity was written to. */
  public record PemFiles(Path ca, Path certificate, Path key) {}

  private static SSLContext context(KeyManager[] keys, X509Certificate trusted)
      throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, trustManagers(trusted), new SecureRandom());
    return context;
  }

  private static TrustManager[] trustManagers(X509Certificate root)
      throws GeneralSecurityException {
    var store = emptyStore();
    store.setCertificateEntry("root", root);
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
