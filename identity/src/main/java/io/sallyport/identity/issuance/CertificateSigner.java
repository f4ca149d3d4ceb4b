package io.sallyport.identity.issuance;

import io.sallyport.identity.ClaimName;
import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.LintedSigner.Signing;
import io.sallyport.identity.lint.Period;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Writes out and signs the certificate profiles (RFC 5280) with one authority's key. */
final class CertificateSigner {
  private static final Duration ROOT_LONGEST = Duration.ofDays(25 * 366);
  private static final Duration ISSUING_LONGEST = Duration.ofDays(10 * 366);
  // Ten years and a month: the longest that an operator may ask for, and the backdating.
  private static final Duration LEAF_LONGEST = Duration.ofDays(3_680);

  private static final Duration RESPONDER_LONGEST = Duration.ofDays(31);

  private record Extra(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {}

  private final X500Name issuer;
  private final PublicKey issuerKey;
  private final @Nullable Period within;
  private final Signing signing;
  private final AlgorithmIdentifier algorithm;
  private final SignatureCheck check;

  /** Signs by any means, for an authority or, without its validity, for a new root. */
  CertificateSigner(
      X500Name issuer, PublicKey issuerKey, @Nullable Period within, Signing signing) {
    this.issuer = issuer;
    this.issuerKey = issuerKey;
    this.within = within;
    this.signing = signing;
    algorithm = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm(issuerKey));
    check = SignatureCheck.of(issuerKey, algorithm(issuerKey));
  }

  /** Signs below an authority, whose name is kept byte for byte. */
  static CertificateSigner of(X509Certificate authority, PrivateKey key) {
    var name = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    var within =
        new Period(authority.getNotBefore().toInstant(), authority.getNotAfter().toInstant());
    var publicKey = authority.getPublicKey();
    return new CertificateSigner(name, publicKey, within, signing(publicKey, key));
  }

  /** Signs for a root that has no certificate yet. */
  static CertificateSigner ofNewRoot(PublicKey publicKey, PrivateKey key) {
    var name = commonName(AuthorityName.ROOT.commonName(1));
    return new CertificateSigner(name, publicKey, null, signing(publicKey, key));
  }

  private static Signing signing(PublicKey publicKey, PrivateKey key) {
    return Signing.with(key, algorithm(publicKey));
  }

  /** A certificate of an authority that may have so many levels of authorities below it. */
  X509Certificate authority(
      String subject,
      AuthorityName name,
      int pathLength,
      PublicKey subjectKey,
      Serial serial,
      Validity validity) {
    var extras =
        List.of(
            new Extra(Extension.basicConstraints, true, new BasicConstraints(pathLength)),
            new Extra(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    var expected =
        expected(
            commonName(subject),
            name == AuthorityName.ROOT ? ROOT_LONGEST : ISSUING_LONGEST,
            null,
            KeyUsage.keyCertSign | KeyUsage.cRLSign,
            null,
            pathLength);
    return sign(expected, subjectKey, serial, validity, extras);
  }

  /** An end certificate; basic constraints are left out, because DER omits their default. */
  X509Certificate leaf(
      LeafProfile profile,
      PublicKey subjectKey,
      Serial serial,
      Validity validity,
      int generation,
      @Nullable PublicUrl published) {
    var purpose = purpose(profile);
    var extras = new ArrayList<Extra>();
    extras.add(new Extra(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
    extras.add(new Extra(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)));
    extras.add(new Extra(Extension.subjectAlternativeName, false, alternativeNames(profile)));
    if (published != null
        && profile instanceof LeafProfile.Client client
        && client.issuer() == AuthorityName.DEVICES) {
      extras.add(
          new Extra(Extension.cRLDistributionPoints, false, listOf(published, generation, serial)));
      extras.add(new Extra(Extension.authorityInfoAccess, false, statusAt(published)));
    }
    var expected =
        expected(
            subject(profile),
            LEAF_LONGEST,
            alternativeNames(profile),
            KeyUsage.digitalSignature,
            purpose,
            null);
    return sign(expected, subjectKey, serial, validity, extras);
  }

  /**
   * A certificate that may only sign status answers (RFC 6960, 4.2.2.2). Its own status is not
   * asked for: its life is short instead.
   */
  X509Certificate responder(PublicKey subjectKey, Serial serial, Validity validity) {
    var purpose = KeyPurposeId.id_kp_OCSPSigning;
    var extras =
        List.of(
            new Extra(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            new Extra(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose)),
            new Extra(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE));
    var expected =
        expected(
            commonName("Sallyport OCSP Responder"),
            RESPONDER_LONGEST,
            null,
            KeyUsage.digitalSignature,
            purpose,
            null);
    return sign(expected, subjectKey, serial, validity, extras);
  }

  private static CRLDistPoint listOf(PublicUrl published, int generation, Serial serial) {
    var list = published.list(generation, CrlPartition.of(serial));
    var name = new DistributionPointName(new GeneralNames(uri(list)));
    return new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)});
  }

  private static AuthorityInformationAccess statusAt(PublicUrl published) {
    return new AuthorityInformationAccess(AccessDescription.id_ad_ocsp, uri(published.ocsp()));
  }

  private static GeneralName uri(String text) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, text);
  }

  private static KeyPurposeId purpose(LeafProfile profile) {
    return switch (profile) {
      case LeafProfile.Client _ -> KeyPurposeId.id_kp_clientAuth;
      case LeafProfile.Claim _ -> ExpectedCertificate.CLAIM;
      case LeafProfile.Server _ -> KeyPurposeId.id_kp_serverAuth;
    };
  }

  private ExpectedCertificate expected(
      X500Name subject,
      Duration longest,
      @Nullable GeneralNames names,
      int keyUsage,
      @Nullable KeyPurposeId purpose,
      @Nullable Integer pathLength) {
    return new ExpectedCertificate(
        issuer,
        issuerKey,
        algorithm,
        within,
        longest,
        subject,
        names,
        keyUsage,
        purpose,
        pathLength);
  }

  private X509Certificate sign(
      ExpectedCertificate expected,
      PublicKey subjectKey,
      Serial serial,
      Validity validity,
      List<Extra> extras) {
    try {
      var builder =
          new X509v3CertificateBuilder(
              issuer,
              serial.value(),
              Date.from(validity.notBefore()),
              Date.from(validity.notAfter()),
              expected.subject(),
              SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
      for (var extra : extras) {
        builder.addExtension(extra.oid(), extra.critical(), extra.value());
      }
      var identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          identifiers.createSubjectKeyIdentifier(subjectKey));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(issuerKey));
      var signer = new LintedSigner(expected, check, signing);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | IOException e) {
      throw new IssuanceUnavailable("a certificate could not be signed", e);
    }
  }

  /** For what is no certificate: lists and status answers. */
  static ContentSigner contentSigner(PrivateKey key) throws OperatorCreationException {
    return new JcaContentSignerBuilder(algorithm(key)).build(key);
  }

  /** The hash that fits the curve (NIST SP 800-57: equal strength). */
  private static String algorithm(Key key) {
    return key instanceof ECKey ec && ec.getParams().getOrder().bitLength() > 256
        ? "SHA384withECDSA"
        : "SHA256withECDSA";
  }

  private static X500Name subject(LeafProfile profile) {
    return switch (profile) {
      case LeafProfile.Client(_, var id) -> commonName(id.value());
      case LeafProfile.Claim(var name) -> commonName(name.value());
      // Host names live in the alternative names alone; this is only what people see.
      case LeafProfile.Server _ -> commonName("Sallyport Server");
    };
  }

  static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private static GeneralNames alternativeNames(LeafProfile profile) {
    var names = new ArrayList<GeneralName>();
    switch (profile) {
      case LeafProfile.Client(var kind, var id) -> names.add(uri(kind.uri(id)));
      case LeafProfile.Claim(var name) -> names.add(uri(ClaimName.uri(name)));
      case LeafProfile.Server(var dnsNames, var addresses) -> {
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
      }
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }
}
