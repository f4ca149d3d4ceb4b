package io.sallyport.identity.lint;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** A certificate in its three parts, with the bytes that the signature covers as they are. */
final class SignedCertificate {
  private final byte[] der;
  private final byte[] covered;
  private final ToBeSigned toBeSigned;
  private final AlgorithmIdentifier algorithm;
  private final byte[] signature;

  private SignedCertificate(byte[] der, ASN1Sequence parts)
      throws IOException, ToBeSigned.Malformed {
    if (parts.size() != 3) {
      throw new ToBeSigned.Malformed("not the three parts of a certificate");
    }
    this.der = der.clone();
    this.covered = parts.getObjectAt(0).toASN1Primitive().getEncoded();
    this.toBeSigned = ToBeSigned.parse(covered);
    this.algorithm = AlgorithmIdentifier.getInstance(parts.getObjectAt(1));
    this.signature = ASN1BitString.getInstance(parts.getObjectAt(2)).getOctets();
  }

  static SignedCertificate parse(byte[] der) throws ToBeSigned.Malformed {
    try {
      return new SignedCertificate(der, ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der)));
    } catch (IOException | RuntimeException e) {
      throw new ToBeSigned.Malformed("not the structure of a certificate");
    }
  }

  ToBeSigned toBeSigned() {
    return toBeSigned;
  }

  AlgorithmIdentifier algorithm() {
    return algorithm;
  }

  byte[] covered() {
    return covered.clone();
  }

  byte[] signature() {
    return signature.clone();
  }

  boolean isDer() {
    try {
      var again = ASN1Primitive.fromByteArray(der).getEncoded(ASN1Encoding.DER);
      return Arrays.equals(again, der);
    } catch (IOException e) {
      return false;
    }
  }
}
