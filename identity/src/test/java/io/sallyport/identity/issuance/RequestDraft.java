package io.sallyport.identity.issuance;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Requests of any content, good or bad. */
final class RequestDraft {
  private final ExtensionsGenerator extensions = new ExtensionsGenerator();
  private X500Name subject = new X500Name("CN=dev-1");
  private SubjectPublicKeyInfo key;
  private PrivateKey signingKey;
  private String algorithm;

  private RequestDraft(KeyPair keys, String algorithm) {
    this.key = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    this.signingKey = keys.getPrivate();
    this.algorithm = algorithm;
  }

  static RequestDraft p256() {
    return new RequestDraft(KeyPairs.p256(), "SHA256withECDSA");
  }

  static RequestDraft of(KeyPair keys, String algorithm) {
    return new RequestDraft(keys, algorithm);
  }

  RequestDraft subject(String name) {
    subject = new X500Name(name);
    return this;
  }

  RequestDraft with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value)
      throws Exception {
    extensions.addExtension(oid, critical, value);
    return this;
  }

  /** Puts another key in than the one that signs. */
  RequestDraft holding(SubjectPublicKeyInfo other) {
    key = other;
    return this;
  }

  RequestDraft signedOver(String name) {
    algorithm = name;
    return this;
  }

  byte[] der() throws Exception {
    var builder = new PKCS10CertificationRequestBuilder(subject, key);
    if (!extensions.isEmpty()) {
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
    }
    return builder.build(new JcaContentSignerBuilder(algorithm).build(signingKey)).getEncoded();
  }

  static KeyPair ec(String curve) throws Exception {
    return keys("EC", new ECGenParameterSpec(curve));
  }

  static KeyPair keys(String algorithm, AlgorithmParameterSpec parameters) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(parameters);
    return generator.generateKeyPair();
  }

  static KeyPair keys(String algorithm, int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }
}
