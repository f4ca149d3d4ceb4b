package io.sallyport.identity;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text is certificates that are written as they were read, or a refusal. */
class PemFuzz {
  @FuzzTest
  void everyTextIsReadOrRefused(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      var certificates = Pem.certificates(text);
      if (!Pem.certificates(Pem.of(certificates)).equals(certificates)) {
        throw new AssertionError("not the same certificates");
      }
    } catch (MalformedPem e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
