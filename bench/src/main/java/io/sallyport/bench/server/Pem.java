package io.sallyport.bench.server;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;

/** Text around DER (RFC 7468). */
final class Pem {
  private static final int LINE_CHARACTERS = 64;

  private Pem() {}

  static String of(PrivateKey key) {
    return of("PRIVATE KEY", key.getEncoded());
  }

  static String of(String label, byte[] der) {
    var encoder = Base64.getMimeEncoder(LINE_CHARACTERS, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, encoder.encodeToString(der), label);
  }

  /** The DER of the first block. */
  static byte[] der(String pem) {
    var begin = pem.indexOf('\n', pem.indexOf("-----BEGIN ")) + 1;
    return Base64.getMimeDecoder().decode(pem.substring(begin, pem.indexOf("-----END ", begin)));
  }
}
