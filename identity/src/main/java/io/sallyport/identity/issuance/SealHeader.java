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
          Derivation: Argon2id m=([1-9][0-9]{0,6}) t=([1-9][0-9]?) p=([1-9])
          Salt: ([A-Za-z0-9+/]{22}==)
          Nonce: ([A-Za-z0-9+/]{16})
          """);

  /**
   * How a passphrase becomes a sealing key.
   *
   * @param memoryKib Argon2's m
   * @param passes Argon2's t
   * @param lanes Argon2's p
   */
  record Derivation(int memoryKib, int passes, int lanes, String saltBase64) {
    static final int SALT_BYTES = 16;
    // Bound: what a file from outside may make us spend; about four times our own setting each.
    private static final int MEMORY_KIB_MAX = 256 * 1024;
    private static final int MEMORY_KIB_MIN = 8 * 1024;
    private static final int PASSES_MAX = 12;
    private static final int LANES_MAX = 4;

    boolean isAffordable() {
      return memoryKib >= MEMORY_KIB_MIN
          && memoryKib <= MEMORY_KIB_MAX
          && passes <= PASSES_MAX
          && lanes <= LANES_MAX;
    }

    byte[] salt() {
      return Base64.getDecoder().decode(saltBase64);
    }
  }

  static SealHeader parse(String text) throws SealBroken {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      throw new SealBroken("not a sealed key of version 1");
    }
    var derivation =
        new Derivation(
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)),
            Integer.parseInt(matcher.group(4)),
            matcher.group(5));
    if (!derivation.isAffordable()) {
      throw new SealBroken("the sealed key asks for more work than is allowed");
    }
    return new SealHeader(matcher.group(1), derivation, matcher.group(6));
  }

  String text() {
    return """
    Version: 1
    Key: %s
    Cipher: AES-256-GCM
    Derivation: Argon2id m=%d t=%d p=%d
    Salt: %s
    Nonce: %s
    """
        .formatted(
            name,
            derivation.memoryKib(),
            derivation.passes(),
            derivation.lanes(),
            derivation.saltBase64(),
            nonceBase64);
  }

  byte[] authenticated() {
    return text().getBytes(StandardCharsets.US_ASCII);
  }

  byte[] nonce() {
    return Base64.getDecoder().decode(nonceBase64);
  }
}
