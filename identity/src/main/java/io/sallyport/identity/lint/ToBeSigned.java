package io.sallyport.identity.lint;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Boolean;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * What a signature covers (TBSCertificate), read as it is written: unlike a parsed certificate it
 * keeps what is wrong, such as an extension that is there twice.
 */
public final class ToBeSigned {
  private final byte[] der;
  private final int version;
  private final ASN1Integer serial;
  private final AlgorithmIdentifier algorithm;
  private final ASN1Encodable issuer;
  private final ASN1Primitive notBefore;
  private final ASN1Primitive notAfter;
  private final ASN1Encodable subject;
  private final SubjectPublicKeyInfo key;
  private final boolean uniqueIdentifiers;
  private final List<Extension> extensions;

  /**
   * One extension as it is written.
   *
   * @param explicitlyNot whether {@code critical} is written out although it is false
   */
  public record Extension(
      ASN1ObjectIdentifier oid, boolean critical, boolean explicitlyNot, ASN1OctetString octets) {
    /** What the octets hold. */
    public ASN1Primitive value() {
      try {
        return ASN1Primitive.fromByteArray(octets.getOctets());
      } catch (IOException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }

  /** Not the structure of a certificate. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Reads what is about to be signed. */
  public static ToBeSigned parse(byte[] der) throws Malformed {
    try {
      return new ToBeSigned(der, ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der)));
    } catch (IOException | RuntimeException e) {
      throw new Malformed("not the structure of a certificate");
    }
  }

  private ToBeSigned(byte[] der, ASN1Sequence sequence) {
    this.der = der.clone();
    int at = 0;
    if (sequence.getObjectAt(0) instanceof ASN1TaggedObject tagged && tagged.hasContextTag(0)) {
      version = ASN1Integer.getInstance(tagged.getExplicitBaseObject()).intValueExact() + 1;
      at = 1;
    } else {
      version = 1;
    }
    serial = ASN1Integer.getInstance(sequence.getObjectAt(at));
    algorithm = AlgorithmIdentifier.getInstance(sequence.getObjectAt(at + 1));
    issuer = sequence.getObjectAt(at + 2);
    var validity = ASN1Sequence.getInstance(sequence.getObjectAt(at + 3));
    notBefore = validity.getObjectAt(0).toASN1Primitive();
    notAfter = validity.getObjectAt(1).toASN1Primitive();
    if (validity.size() != 2) {
      throw new IllegalArgumentException("a validity has two ends");
    }
    subject = sequence.getObjectAt(at + 4);
    key = SubjectPublicKeyInfo.getInstance(sequence.getObjectAt(at + 5));
    boolean unique = false;
    var read = new ArrayList<Extension>();
    for (int i = at + 6; i < sequence.size(); i++) {
      var tagged = ASN1TaggedObject.getInstance(sequence.getObjectAt(i), BERTags.CONTEXT_SPECIFIC);
      switch (tagged.getTagNo()) {
        case 1, 2 -> unique = true;
        case 3 -> addExtensions(read, ASN1Sequence.getInstance(tagged.getExplicitBaseObject()));
        default -> throw new IllegalArgumentException("an unknown part");
      }
    }
    uniqueIdentifiers = unique;
    extensions = List.copyOf(read);
  }

  private static void addExtensions(List<Extension> read, ASN1Sequence sequence) {
    for (var element : sequence) {
      var parts = ASN1Sequence.getInstance(element);
      var oid = ASN1ObjectIdentifier.getInstance(parts.getObjectAt(0));
      boolean written = parts.size() == 3;
      boolean critical = written && ASN1Boolean.getInstance(parts.getObjectAt(1)).isTrue();
      var octets = ASN1OctetString.getInstance(parts.getObjectAt(written ? 2 : 1));
      read.add(new Extension(oid, critical, written && !critical, octets));
    }
  }

  /** Whether it is written in the one form that DER has. */
  boolean isDer() {
    try {
      var again = ASN1Primitive.fromByteArray(der).getEncoded(ASN1Encoding.DER);
      return Arrays.equals(again, der);
    } catch (IOException e) {
      return false;
    }
  }

  /** 1, 2 or 3. */
  public int version() {
    return version;
  }

  /** As it is written, be it negative. */
  public BigInteger serial() {
    return serial.getValue();
  }

  /** The algorithm that the signature is to have. */
  public AlgorithmIdentifier algorithm() {
    return algorithm;
  }

  /** The issuer's name, byte for byte. */
  public byte[] issuer() {
    return encoded(issuer);
  }

  /** The subject's name, byte for byte. */
  public byte[] subject() {
    return encoded(subject);
  }

  X500Name issuerName() {
    return X500Name.getInstance(issuer);
  }

  /** The subject's name. */
  public X500Name subjectName() {
    return X500Name.getInstance(subject);
  }

  ASN1Primitive notBefore() {
    return notBefore;
  }

  ASN1Primitive notAfter() {
    return notAfter;
  }

  /** From when until when it holds. */
  public Period period() {
    return new Period(Times.instant(notBefore), Times.instant(notAfter));
  }

  /** The subject's key. */
  public SubjectPublicKeyInfo key() {
    return key;
  }

  boolean uniqueIdentifiers() {
    return uniqueIdentifiers;
  }

  /** All extensions, in their order. */
  public List<Extension> extensions() {
    return extensions;
  }

  /** The first extension of that kind. */
  public Optional<Extension> extension(ASN1ObjectIdentifier oid) {
    return extensions.stream().filter(one -> one.oid().equals(oid)).findFirst();
  }

  /** Whether issuer and subject have the same name, as a root's. */
  public boolean isSelfIssued() {
    return Arrays.equals(issuer(), subject());
  }

  private static byte[] encoded(ASN1Encodable name) {
    try {
      return name.toASN1Primitive().getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written", e);
    }
  }
}
