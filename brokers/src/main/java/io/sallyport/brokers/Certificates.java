package io.sallyport.brokers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/** Certificates of a measurement: PEM files in, key stores out for brokers that want those. */
final class Certificates {
  /** It keeps nothing secret: the same keys lie beside the stores as PEM. */
  static final String PASSWORD = "throw-away";

  private Certificates() {}

  static String commonName(X500Principal principal) {
    try {
      return new LdapName(principal.getName()).getRdn(0).getValue().toString();
    } catch (InvalidNameException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** From {@code server.key} and {@code server.crt} in the folder. */
  static Path keyStore(Path folder) throws IOException, GeneralSecurityException {
    var store = empty();
    var chain = read(folder.resolve("server.crt")).toArray(Certificate[]::new);
    store.setKeyEntry("server", key(folder), PASSWORD.toCharArray(), chain);
    return write(store, folder.resolve("server.jks"));
  }

  /** From the CA certificates in {@code clients.crt}. */
  static Path trustStore(Path folder) throws IOException, GeneralSecurityException {
    var store = empty();
    var number = 0;
    for (var certificate : read(folder.resolve("clients.crt"))) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    return write(store, folder.resolve("clients.jks"));
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("JKS");
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> read(Path pem)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static PrivateKey key(Path folder) throws IOException, GeneralSecurityException {
    var pem = Files.readString(folder.resolve("server.key"));
    var base64 = pem.replaceAll("-----[^-]+-----", "").replaceAll("\\s", "");
    var encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    return KeyFactory.getInstance("EC").generatePrivate(encoded);
  }

  private static Path write(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }
}
