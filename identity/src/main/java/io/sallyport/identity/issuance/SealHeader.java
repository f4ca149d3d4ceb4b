package io.sallyport.identity.issuance;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The readable head of a sealed key: whose key it is, how its sealing key is derived, its nonce.
 * The text itself is authenticated, so the one who can change it cannot make it mean anything else.
 */
record SealHeader(String name, Derivation derivation, String nonceBase64) {
  static final int NONCE_BYTES = 12;

  private static final Pattern SYNTAX =
      Pattern.compile(
          """
          Version: 1
          Key: ([a-z]{1,32})
          Cipher: AES-256-GCM
          Derivation: ([A-Za-z0-9= -]{1,64})
          Salt: ([A-Za-z0-9+/]{22}==)
          Nonce: ([A-Za-z0-9+/]{16})
          """);

  static SealHeader parse(String text) throws SealBroken {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new SealBroken("not a sealed key of version 1");
    }
    return new SealHeader(
        matcher.group(1), Derivation.parse(matcher.group(2), matcher.group(3)), matcher.group(4));
  }

  String text() {
    return """
    Version: 1
    Key: %s
    Cipher: AES-256-GCM
    Derivation: %s
    Salt: %s
    Nonce: %s
    """
        .formatted(name, derivation.text(), derivation.saltBase64(), nonceBase64);
  }

  byte[] authenticated() {
    return text().getBytes(StandardCharsets.US_ASCII);
  }

  byte[] nonce() {
    return Base64.getDecoder().decode(nonceBase64);
  }
}
