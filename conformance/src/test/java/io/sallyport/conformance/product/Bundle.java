package io.sallyport.conformance.product;

import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * The folder that a device is flashed with, as {@code enroll --bundle} wrote it.
 *
 * @param id the device's or backend's id
 * @param folder where its files are
 */
public record Bundle(String id, Path folder) {
  public Path ca() {
    return folder.resolve("ca.crt");
  }

  public Path certificate() {
    return file(".crt");
  }

  public Path key() {
    return file(".key");
  }

  /** The lines of its README that start with a program's name, unchanged. */
  public List<String> linesOf(String program) {
    var lines =
        text(folder.resolve("README.txt"))
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith(program + " "))
            .toList();
    if (lines.isEmpty()) {
      throw new AssertionError("no line with " + program + " in the README of " + folder);
    }
    return lines;
  }

  /** As the clients of the testkit take it. */
  public TestIdentity identity() {
    try {
      return new TestIdentity(
          privateKey(), certificates(certificate()), certificates(ca()).getFirst());
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("the bundle does not load: " + folder, e);
    }
  }

  public KeyManagerFactory keyManagers() {
    try {
      var identity = identity();
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(identity.keyStore(), identity.storePassword());
      return factory;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("the bundle does not load: " + folder, e);
    }
  }

  public TrustManagerFactory trustManagers() {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", identity().trusted());
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError("the bundle does not load: " + folder, e);
    }
  }

  private Path file(String ending) {
    return Stream.of("device", "backend", "operator")
        .map(kind -> folder.resolve(kind + ending))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + ending + " file in " + folder));
  }

  private PrivateKey privateKey() throws GeneralSecurityException {
    var base64 = text(key()).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }

  private static List<X509Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (var stream = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
