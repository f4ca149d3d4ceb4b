package io.sallyport.bench.server;

import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.KeyPairs;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A throw-away P-256 CA: it gives mosquitto its server certificate, and a fleet its certificates
 * when mosquitto is measured alone.
 */
final class TestAuthority {
  private static final Duration LIFETIME = Duration.ofDays(2);

  private final X500Name name;
  private final KeyPair keys;
  private final X509v3CertificateBuilder self;

  private TestAuthority(X500Name name, KeyPair keys) throws IOException {
    this.name = name;
    this.keys = keys;
    this.self = builder(name, keys.getPublic());
    self.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    self.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
  }

  static TestAuthority create(String purpose) throws IOException {
    return new TestAuthority(new X500Name("CN=bench CA of " + purpose), KeyPairs.p256());
  }

  String certificatePem() throws IOException {
    return sign(self);
  }

  /** Its own certificate and key, as files. */
  void write(Path certificate, Path key) throws IOException {
    Files.writeString(certificate, certificatePem());
    Files.write(key, Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  /** A certificate for localhost and its key, as files. */
  void issueServer(Path certificate, Path key) throws IOException {
    var server = KeyPairs.p256();
    var leaf = leaf("localhost", server.getPublic(), KeyPurposeId.id_kp_serverAuth);
    leaf.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    Files.writeString(certificate, sign(leaf));
    Files.write(key, Pem.encode("PRIVATE KEY", server.getPrivate().getEncoded()));
  }

  /** A key and a certificate whose only common name is the id. */
  Fleet.Identity issueClient(String id) throws IOException {
    var keys = KeyPairs.p256();
    var certificate = sign(leaf(id, keys.getPublic(), KeyPurposeId.id_kp_clientAuth));
    return new Fleet.Identity(
        certificate, Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded()));
  }

  private X509v3CertificateBuilder leaf(String commonName, PublicKey key, KeyPurposeId purpose)
      throws IOException {
    var leaf = builder(new X500Name("CN=" + commonName), key);
    leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    leaf.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    return leaf;
  }

  private X509v3CertificateBuilder builder(X500Name subject, PublicKey key) {
    var now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        new BigInteger(127, new SecureRandom()).setBit(0),
        Date.from(now.minus(Duration.ofHours(1))),
        Date.from(now.plus(LIFETIME)),
        subject,
        key);
  }

  private String sign(X509v3CertificateBuilder builder) throws IOException {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      var certificate = builder.build(signer).getEncoded();
      return new String(Pem.encode(Pem.CERTIFICATE, certificate), StandardCharsets.US_ASCII);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("every JDK signs with ECDSA", e);
    }
  }
}
