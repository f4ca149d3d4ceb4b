package io.sallyport.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Self-signed certificates of any content, made without the code under test. */
final class TestCertificates {
  private static final KeyPair KEYS = keys();

  private record Extra(ASN1ObjectIdentifier oid, ASN1Encodable value) {}

  private X500Name subject = new X500Name("CN=dev-1");
  private final List<Extra> extras = new ArrayList<>();

  /** A certificate that identifies the device dev-1, but for what is then taken away. */
  static TestCertificates good() {
    return bare()
        .usage(KeyUsage.digitalSignature)
        .purposes(KeyPurposeId.id_kp_clientAuth)
        .names(uri("urn:sallyport:device:dev-1"));
  }

  static TestCertificates bare() {
    return new TestCertificates();
  }

  static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  TestCertificates subject(X500Name name) {
    subject = name;
    return this;
  }

  TestCertificates usage(int bits) {
    return with(Extension.keyUsage, new KeyUsage(bits));
  }

  TestCertificates purposes(KeyPurposeId... purposes) {
    return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(purposes));
  }

  TestCertificates names(GeneralName... names) {
    return with(Extension.subjectAlternativeName, new GeneralNames(names));
  }

  TestCertificates authority() {
    return with(Extension.basicConstraints, new BasicConstraints(true));
  }

  TestCertificates without(ASN1ObjectIdentifier oid) {
    extras.removeIf(extra -> extra.oid().equals(oid));
    return this;
  }

  TestCertificates with(ASN1ObjectIdentifier oid, ASN1Encodable value) {
    without(oid);
    extras.add(new Extra(oid, value));
    return this;
  }

  X509Certificate sign() {
    try {
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("O=Amazon\\, Inc.,CN=Some CA"),
              BigInteger.valueOf(0xabc),
              Date.from(now),
              Date.from(now.plusSeconds(3600)),
              subject,
              KEYS.getPublic());
      for (var extra : extras) {
        builder.addExtension(extra.oid(), false, extra.value());
      }
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
