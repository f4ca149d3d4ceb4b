package io.sallyport.identity.issuance;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text is a sealed key that asks for affordable work, or a refusal. */
class SealedKeyFuzz {
  @FuzzTest
  void everyTextIsReadOrRefused(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      SealedKey.parse(text);
    } catch (SealBroken e) {
      // Said in the same words whatever is wrong.
      return;
    }
    try {
      var header =
          SealHeader.parse(text.substring(text.indexOf('\n') + 1, text.indexOf("\n\n") + 1));
      var salt = header.derivation().salt();
      if (salt.length != Derivation.SALT_BYTES || header.nonce().length != SealHeader.NONCE_BYTES) {
        throw new AssertionError("a header that should have been refused");
      }
    } catch (SealBroken e) {
      throw new AssertionError("taken once and refused once", e);
    }
  }
}
