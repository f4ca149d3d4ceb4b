package io.sallyport.bench.server;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Mutual TLS of the JDK's HTTP client, from PEM files. */
public final class ClientSecurity {
  private static final char[] NO_PASSWORD = new char[0];

  private ClientSecurity() {}

  /**
   * A context that shows a certificate and trusts some authorities.
   *
   * @throws IOException if one of the files cannot be read or used
   */
  public static SSLContext context(Path certificate, Path key, Path trust) throws IOException {
    try {
      var keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "own",
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(privateKey(key))),
          NO_PASSWORD,
          certificates(certificate));
      var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      identity.init(keys, NO_PASSWORD);

      var anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      for (var anchor : certificates(trust)) {
        anchors.setCertificateEntry(anchor.toString(), anchor);
      }
      var trusted = TrustManagerFactory.getInstance("PKIX");
      trusted.init(anchors);

      var context = SSLContext.getInstance("TLS");
      context.init(identity.getKeyManagers(), trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use " + certificate + ", " + key + " and " + trust, e);
    }
  }

  private static byte[] privateKey(Path file) throws IOException {
    try {
      return Pem.decode(Files.readString(file), "PRIVATE KEY");
    } catch (MalformedPem e) {
      throw new IOException("not a private key: " + file, e);
    }
  }

  private static Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(Certificate[]::new);
    }
  }
}
