package io.sallyport.identity.lint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1Primitive;

/** The contents of a short value as its bytes are, which its reader may have tidied. */
final class Written {
  private Written() {}

  static String text(ASN1Primitive value) {
    try {
      var encoded = value.getEncoded();
      // Tag and one octet of length: no time is longer than 127 octets.
      return new String(encoded, 2, encoded.length - 2, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written", e);
    }
  }
}
