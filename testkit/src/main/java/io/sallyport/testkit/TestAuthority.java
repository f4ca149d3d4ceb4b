package io.sallyport.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority whose key every test may use, made without the code that is to be tested. */
record TestAuthority(X500Name name, X509Certificate certificate, KeyPair keys) {
  private static final Duration PAST = Duration.ofDays(400);
  private static final Duration FUTURE = Duration.ofDays(3650);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<String, String> ALGORITHMS =
      Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "Ed25519");

  static TestAuthority root(String commonName, Instant now) {
    var keys = TestLeaf.keyPair("EC", 384);
    var name = new X500Name("CN=" + commonName);
    return new TestAuthority(name, certificate(name, keys.getPublic(), name, keys, 1, now), keys);
  }

  /** Somebody else's authority, by its certificate and key. */
  static TestAuthority of(X509Certificate certificate, PrivateKey key) {
    var name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return new TestAuthority(name, certificate, new KeyPair(certificate.getPublicKey(), key));
  }

  TestAuthority below(String commonName, Instant now) {
    var below = TestLeaf.keyPair("EC", 256);
    var subject = new X500Name("CN=" + commonName);
    var signed = certificate(subject, below.getPublic(), name, keys, 0, now);
    return new TestAuthority(subject, signed, below);
  }

  PublicKey publicKey() {
    return keys.getPublic();
  }

  PrivateKey privateKey() {
    return keys.getPrivate();
  }

  static BigInteger serial() {
    return new BigInteger(120, RANDOM).setBit(119);
  }

  static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    var algorithm = ALGORITHMS.getOrDefault(key.getAlgorithm(), key.getAlgorithm());
    var signer = new JcaContentSignerBuilder(algorithm).build(key);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static X509Certificate certificate(
      X500Name subject,
      PublicKey subjectKey,
      X500Name issuer,
      KeyPair issuerKeys,
      int pathLength,
      Instant now) {
    try {
      var builder =
          new X509v3CertificateBuilder(
              issuer,
              serial(),
              Date.from(now.minus(PAST)),
              Date.from(now.plus(FUTURE)),
              subject,
              SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
      var identifiers = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(subjectKey))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(issuerKeys.getPublic()));
      return sign(builder, issuerKeys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
