package io.sallyport.identity.lint;

import io.sallyport.identity.issuance.KeyPairs;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** A certificate written part by part, so that each part can be wrong. */
final class CertificateDraft {
  static final KeyPair ISSUER_KEYS = KeyPairs.p256();
  static final AlgorithmIdentifier ECDSA =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  static final byte[] ISSUER_ID = {1, 2, 3};

  @Nullable Integer version = 2;
  BigInteger serial = BigInteger.valueOf(4711);
  AlgorithmIdentifier inner = ECDSA;
  AlgorithmIdentifier outer = ECDSA;
  ASN1Encodable issuer = new X500Name("CN=Issuer");
  ASN1Encodable notBefore = new DERUTCTime("260101000000Z");
  ASN1Encodable notAfter = new DERUTCTime("270101000000Z");
  ASN1Encodable subject = new X500Name("CN=dev-1");
  ASN1Encodable key = ASN1Sequence.getInstance(KeyPairs.p256().getPublic().getEncoded());
  boolean uniqueIdentifier;
  boolean spoilt;
  boolean loose;
  final List<ASN1Encodable> extensions = new ArrayList<>();

  /** One that has nothing wrong. */
  static CertificateDraft leaf() {
    return new CertificateDraft()
        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
        .with(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))
        .with(
            Extension.subjectAlternativeName,
            false,
            names(GeneralName.uniformResourceIdentifier, "urn:sallyport:device:dev-1"))
        .with(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(new byte[] {9}))
        .with(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(ISSUER_ID));
  }

  static GeneralNames names(int kind, String text) {
    return new GeneralNames(new GeneralName(kind, text));
  }

  CertificateDraft without(ASN1ObjectIdentifier oid) {
    extensions.removeIf(one -> ASN1Sequence.getInstance(one).getObjectAt(0).equals(oid));
    return this;
  }

  /** In the place of one that is there. */
  CertificateDraft replace(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
    return without(oid).with(oid, critical, value);
  }

  CertificateDraft with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
    try {
      return add(oid, critical ? true : null, value.toASN1Primitive().getEncoded("DER"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** With {@code critical} written out, or not. */
  CertificateDraft add(ASN1ObjectIdentifier oid, @Nullable Boolean critical, byte[] value) {
    var parts = new ASN1EncodableVector();
    parts.add(oid);
    if (critical != null) {
      parts.add(ASN1Boolean.getInstance(critical.booleanValue()));
    }
    parts.add(new DEROctetString(value));
    extensions.add(new DERSequence(parts));
    return this;
  }

  ASN1Encodable toBeSigned() {
    var parts = new ASN1EncodableVector();
    if (version != null) {
      parts.add(new DERTaggedObject(true, 0, new ASN1Integer(version)));
    }
    parts.add(new ASN1Integer(serial));
    parts.add(inner);
    parts.add(issuer);
    parts.add(new DERSequence(new ASN1Encodable[] {notBefore, notAfter}));
    parts.add(subject);
    parts.add(key);
    if (uniqueIdentifier) {
      parts.add(new DERTaggedObject(false, 1, new DERBitString(new byte[] {1})));
    }
    if (!extensions.isEmpty()) {
      parts.add(
          new DERTaggedObject(true, 3, new DERSequence(extensions.toArray(ASN1Encodable[]::new))));
    }
    // Of indefinite length, which only BER has.
    return loose ? new BERSequence(parts) : new DERSequence(parts);
  }

  byte[] sign() {
    try {
      var tbs = toBeSigned();
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(ISSUER_KEYS.getPrivate());
      signer.update(tbs.toASN1Primitive().getEncoded());
      if (spoilt) {
        signer.update((byte) 0);
      }
      var parts = new ASN1Encodable[] {tbs, outer, new DERBitString(signer.sign())};
      return (loose ? new BERSequence(parts) : new DERSequence(parts)).getEncoded();
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static ASN1Primitive parsed(byte[] der) {
    try {
      return ASN1Primitive.fromByteArray(der);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
