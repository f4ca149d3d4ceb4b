package io.sallyport.gateway.est;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Base64;

/** Any body stands for the bytes that it encodes, white space aside, or for none. */
class RequestBodyFuzz {
  @FuzzTest
  void everyBodyIsDecodedOrRefused(byte[] body) {
    var decoded = RequestBody.decode(body);
    if (decoded.isEmpty()) {
      return;
    }
    var dense = new byte[body.length];
    int length = 0;
    for (byte one : body) {
      if (one != ' ' && one != '\t' && one != '\r' && one != '\n') {
        dense[length++] = one;
      }
    }
    var again = Base64.getEncoder().encode(decoded.get());
    // Bits behind the last byte mean nothing, so only what was written there may differ.
    if (again.length != length
        || !Arrays.equals(Base64.getDecoder().decode(again), decoded.get())) {
      throw new AssertionError("a body that is read in two ways");
    }
  }

  @FuzzTest
  void everyCredentialIsReadOrRefused(byte[] header) {
    var text = new String(header, java.nio.charset.StandardCharsets.ISO_8859_1);
    Credential.parse(text)
        .ifPresent(
            credential -> {
              if (credential.user().isEmpty() || credential.toString().contains("secret=")) {
                throw new AssertionError("a credential of nobody");
              }
            });
    Target.parse(text)
        .ifPresent(
            target -> {
              if (!text.startsWith("/.well-known/est/")) {
                throw new AssertionError("an operation elsewhere: " + target);
              }
            });
  }
}
