package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A directory with an operator's certificate and key and the one root that its server has. */
public final class OperatorFiles {
  /** The root to trust. */
  public static final String ROOT = "ca.crt";

  /** The operator's certificate and its issuer. */
  public static final String CERTIFICATE = "operator.crt";

  /** The operator's private key, PKCS#8. */
  public static final String KEY = "operator.key";

  // Bound: a chain and a key have a few KiB.
  private static final int LENGTH_MAX = 64 * 1024;
  private static final char[] NO_PASSWORD = {};
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path directory;

  /** The files of that directory. */
  public OperatorFiles(Path directory) {
    this.directory = directory;
  }

  /** Whether there is an operator here. */
  public boolean exist() {
    return Files.exists(directory.resolve(CERTIFICATE));
  }

  /** TLS that shows this certificate and trusts this root alone. */
  SSLContext tls() {
    requireSecret();
    var certificates = certificates(CERTIFICATE);
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(certificates), NO_PASSWORD);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trustStore());
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw Failure.badInput("the operator files cannot be used: " + directory);
    }
  }

  /** The operator's certificate and its issuer. */
  public List<X509Certificate> chain() {
    return certificates(CERTIFICATE);
  }

  /** The operator's key, to sign with. */
  public PrivateKey key() {
    requireSecret();
    try {
      return privateKey(chain().getFirst().getPublicKey().getAlgorithm());
    } catch (GeneralSecurityException e) {
      throw Failure.badInput("the operator files cannot be used: " + directory);
    }
  }

  /** The root of the server. */
  public X509Certificate root() {
    return certificates(ROOT).getFirst();
  }

  private KeyStore keyStore(List<X509Certificate> chain)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("JKS");
    store.load(null, NO_PASSWORD);
    var key = privateKey(chain.getFirst().getPublicKey().getAlgorithm());
    store.setKeyEntry("operator", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    return store;
  }

  private KeyStore trustStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("JKS");
    store.load(null, NO_PASSWORD);
    for (var root : certificates(ROOT)) {
      store.setCertificateEntry("root" + store.size(), root);
    }
    return store;
  }

  private PrivateKey privateKey(String algorithm) throws GeneralSecurityException {
    var der = new byte[0];
    try {
      der = Pem.decode(read(KEY), "PRIVATE KEY");
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (MalformedPem e) {
      throw Failure.badInput(directory.resolve(KEY) + ": " + e.getMessage());
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private List<X509Certificate> certificates(String file) {
    try {
      return Pem.certificates(read(file));
    } catch (MalformedPem e) {
      throw Failure.badInput(directory.resolve(file) + ": " + e.getMessage());
    }
  }

  /** A key that others may read or replace is no proof of who the operator is. */
  private void requireSecret() {
    var key = directory.resolve(KEY);
    try {
      var mode = Files.getPosixFilePermissions(key);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw Failure.badInput(
            "others than its owner have rights to the operator key: "
                + key
                + " has mode "
                + PosixFilePermissions.toString(mode)
                + "; run `chmod 600 "
                + key
                + "`");
      }
    } catch (IOException e) {
      throw unreadable(key);
    }
  }

  private String read(String file) {
    var path = directory.resolve(file);
    try (var stream = Files.newInputStream(path)) {
      return new String(stream.readNBytes(LENGTH_MAX), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw unreadable(path);
    }
  }

  private static Failure unreadable(Path path) {
    return Failure.badInput("the operator file cannot be read: " + path);
  }
}
