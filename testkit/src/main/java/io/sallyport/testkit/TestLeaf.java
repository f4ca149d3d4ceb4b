package io.sallyport.testkit;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * The draft of an end certificate, in which anything can be made wrong before it is signed. Begins
 * as a good client certificate without any name.
 */
public final class TestLeaf {
  private final X509Certificate root;
  private final TestAuthority issuer;
  private final List<String> commonNames = new ArrayList<>();
  private final List<GeneralName> alternativeNames = new ArrayList<>();
  private final List<KeyPurposeId> purposes = new ArrayList<>();
  private Instant notBefore;
  private Instant notAfter;
  private int keyUsage = KeyUsage.digitalSignature;
  private boolean authority;
  private boolean selfSigned;
  private KeyPair keys = keyPair("EC", 256);

  TestLeaf(X509Certificate root, TestAuthority issuer, Instant now) {
    this.root = root;
    this.issuer = issuer;
    this.notBefore = now.minus(Duration.ofHours(1));
    this.notAfter = now.plus(Duration.ofDays(365));
  }

  /** A draft that any authority signs whose key the caller has. */
  public static TestLeaf below(
      X509Certificate root, X509Certificate issuer, PrivateKey key, Instant now) {
    return new TestLeaf(root, TestAuthority.of(issuer, key), now);
  }

  /** Adds a common name, unchecked. */
  public TestLeaf commonName(String name) {
    commonNames.add(name);
    return this;
  }

  /** Adds a URI to the alternative names, unchecked. */
  public TestLeaf uri(String uri) {
    alternativeNames.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    return this;
  }

  /** Adds a host name to the alternative names. */
  public TestLeaf dnsName(String name) {
    alternativeNames.add(new GeneralName(GeneralName.dNSName, name));
    return this;
  }

  /** Adds an address to the alternative names. */
  public TestLeaf address(String address) {
    alternativeNames.add(new GeneralName(GeneralName.iPAddress, address));
    return this;
  }

  /** Adds clientAuth. */
  public TestLeaf forClients() {
    purposes.add(KeyPurposeId.id_kp_clientAuth);
    return this;
  }

  /** Adds serverAuth. */
  public TestLeaf forServers() {
    purposes.add(KeyPurposeId.id_kp_serverAuth);
    return this;
  }

  /** Adds a purpose by its object identifier. */
  public TestLeaf forPurpose(String identifier) {
    purposes.add(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(identifier)));
    return this;
  }

  /** Sets when it holds. */
  public TestLeaf valid(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  /** Makes it an authority's (CA:TRUE). */
  public TestLeaf authority() {
    authority = true;
    return this;
  }

  /** Sets the bits of the key usage, those of Bouncy Castle's {@link KeyUsage}; 0 leaves it out. */
  public TestLeaf keyUsage(int bits) {
    keyUsage = bits;
    return this;
  }

  /** Lets it be signed by its own key, under its own name. */
  public TestLeaf selfSigned() {
    selfSigned = true;
    return this;
  }

  /** Gives it an RSA key of 2048 bits. */
  public TestLeaf rsa() {
    keys = keyPair("RSA", 2048);
    return this;
  }

  /** Gives it an Ed25519 key. */
  public TestLeaf ed25519() {
    keys = keyPair("Ed25519", 255);
    return this;
  }

  /** Gives it a key of the caller's. */
  public TestLeaf keys(KeyPair pair) {
    keys = pair;
    return this;
  }

  /** Signs it. */
  public TestIdentity sign() {
    var subject = subject();
    var certificate =
        selfSigned
            ? certificate(subject, subject, keys.getPublic(), keys.getPrivate())
            : certificate(subject, issuer.name(), issuer.publicKey(), issuer.privateKey());
    var chain = selfSigned ? List.of(certificate) : List.of(certificate, issuer.certificate());
    return new TestIdentity(keys.getPrivate(), chain, root);
  }

  private X500Name subject() {
    var builder = new X500NameBuilder(BCStyle.INSTANCE);
    // Encoded here, because of a text that begins with # Bouncy Castle would read hexadecimal.
    commonNames.forEach(name -> builder.addRDN(BCStyle.CN, new DERUTF8String(name)));
    return builder.build();
  }

  private X509Certificate certificate(
      X500Name subject, X500Name issuerName, PublicKey issuerKey, PrivateKey signingKey) {
    try {
      var builder =
          new X509v3CertificateBuilder(
              issuerName,
              TestAuthority.serial(),
              Date.from(notBefore),
              Date.from(notAfter),
              subject,
              SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      addExtensions(builder);
      var identifiers = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          identifiers.createAuthorityKeyIdentifier(issuerKey));
      return TestAuthority.sign(builder, signingKey);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addExtensions(X509v3CertificateBuilder builder) throws IOException {
    if (authority) {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    }
    if (keyUsage != 0) {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
    }
    if (!purposes.isEmpty()) {
      var usage = new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new));
      builder.addExtension(Extension.extendedKeyUsage, false, usage);
    }
    if (!alternativeNames.isEmpty()) {
      var names = new GeneralNames(alternativeNames.toArray(GeneralName[]::new));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
    }
  }

  static KeyPair keyPair(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
