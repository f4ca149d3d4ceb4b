package io.sallyport.control;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;

/** Certificate requests that no client of ours makes. */
final class TestRequests {
  private TestRequests() {}

  /** A request that names nobody, so it can be sent for any id: PKCS#10 written by hand. */
  static String withoutSubject() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return withoutSubject(
          generator.generateKeyPair(), "SHA256withECDSA", "300a06082a8648ce3d040302");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same with another key. */
  static String withoutSubject(KeyPair pair, String signature, String algorithmDer) {
    try {
      var version = HexFormat.of().parseHex("020100");
      var subject = HexFormat.of().parseHex("3000");
      var attributes = HexFormat.of().parseHex("a000");
      var info = tagged(0x30, version, subject, pair.getPublic().getEncoded(), attributes);
      var signer = Signature.getInstance(signature);
      signer.initSign(pair.getPrivate());
      signer.update(info);
      var algorithm = HexFormat.of().parseHex(algorithmDer);
      var request = tagged(0x30, info, algorithm, tagged(0x03, new byte[1], signer.sign()));
      return "-----BEGIN CERTIFICATE REQUEST-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(request)
          + "\n-----END CERTIFICATE REQUEST-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    var out = new java.io.ByteArrayOutputStream();
    int length = 0;
    for (var part : parts) {
      length += part.length;
    }
    out.write(tag);
    if (length >= 256) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 128) {
      out.write(0x81);
    }
    out.write(length);
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
