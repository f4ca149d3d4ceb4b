package io.sallyport.identity.issuance;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * What proves in a handshake that a name leads here (RFC 8737, 3): a certificate that is signed by
 * its own key, for one name, with a critical extension that makes it nothing else.
 */
public final class ValidationCertificate {
  // id-pe-acmeIdentifier
  private static final ASN1ObjectIdentifier ACME_IDENTIFIER =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");

  private static final Duration BEFORE = Duration.ofHours(1);
  private static final Duration LIFE = Duration.ofDays(1);

  private ValidationCertificate() {}

  /**
   * A certificate of a key that is used for nothing else.
   *
   * @param name the DNS name that is proven
   * @param validation SHA-256 of the key authorization, 32 bytes
   */
  public static X509Certificate of(
      KeyPair keys, String name, byte[] validation, Serials serials, Instant now) {
    try {
      var nobody = new X500Name("CN=acme.invalid");
      var builder =
          new X509v3CertificateBuilder(
              nobody,
              serials.next().value(),
              Date.from(now.minus(BEFORE)),
              Date.from(now.plus(LIFE)),
              nobody,
              SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
      builder.addExtension(ACME_IDENTIFIER, true, new DEROctetString(validation));
      var signer = CertificateSigner.contentSigner(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (IOException | CertificateException | OperatorCreationException e) {
      throw new IssuanceUnavailable("a proof could not be signed", e);
    }
  }
}
