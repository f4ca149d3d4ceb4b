package io.sallyport.app.demo;

import io.sallyport.identity.PrincipalKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** What {@code enroll --bundle} wrote, as its owner loads it. */
final class Bundle {
  private static final char[] NONE = new char[0];

  private final Path folder;
  private final String kind;

  /**
   * @param kind device or backend: the name of its files
   */
  Bundle(Path folder, PrincipalKind kind) {
    this.folder = folder;
    this.kind = kind.word();
  }

  /** A TLS context of its own: its session cache is this device's alone, tickets included. */
  SSLContext context() throws IOException, GeneralSecurityException {
    return context(key(), chain());
  }

  /** The same trust in the server, but another key and certificate. */
  SSLContext context(PrivateKey key, Certificate[] chain)
      throws IOException, GeneralSecurityException {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, NONE);
    own.setKeyEntry("own", key, NONE, chain);
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, NONE);
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, NONE);
    anchors.setCertificateEntry("root", certificates("ca.crt")[0]);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** One certificate in PEM. */
  static X509Certificate certificate(String pem) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private Certificate[] chain() throws IOException, GeneralSecurityException {
    return certificates(kind + ".crt");
  }

  private Certificate[] certificates(String file) throws IOException, GeneralSecurityException {
    var bytes = Files.readAllBytes(folder.resolve(file));
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(bytes))
        .toArray(Certificate[]::new);
  }

  private PrivateKey key() throws IOException, GeneralSecurityException {
    var pem = Files.readString(folder.resolve(kind + ".key"), StandardCharsets.US_ASCII);
    var der =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
