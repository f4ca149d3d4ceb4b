package io.sallyport.identity.issuance;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The identifier of a key as RFC 5280, 4.2.1.2, method 1 has it: SHA-1 of the bit string. */
final class KeyIdentifiers {
  private KeyIdentifiers() {}

  static byte[] of(PublicKey key) {
    return of(SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  static byte[] of(SubjectPublicKeyInfo key) {
    try {
      // An index, no protection: nothing rests on SHA-1 here.
      return MessageDigest.getInstance("SHA-1").digest(key.getPublicKeyData().getOctets());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
