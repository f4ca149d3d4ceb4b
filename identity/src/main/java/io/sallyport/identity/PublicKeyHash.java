package io.sallyport.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of a public key's SubjectPublicKeyInfo, in lower-case hexadecimal: by it a key that was
 * ever seen is known again, whatever certificate or request it comes in.
 */
public record PublicKeyHash(String hex) {
  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{64}");

  /** Refuses, with {@link IllegalArgumentException}, anything but 64 lower-case hex digits. */
  public PublicKeyHash {
    if (!SYNTAX.matcher(hex).matches()) {
      throw new IllegalArgumentException("a public key hash must be 64 lower-case hex digits");
    }
  }

  /** The hash of a key. */
  public static PublicKeyHash of(PublicKey key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return new PublicKeyHash(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The hash of such a pin: 32 bytes in base64; refuses anything else as the constructor does. */
  public static PublicKeyHash ofPin(String pin) {
    return new PublicKeyHash(HexFormat.of().formatHex(Base64.getDecoder().decode(pin)));
  }

  /** As a pin of public keys is written (RFC 7469, section 2.1.1): in base64. */
  public String pin() {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  @Override
  public String toString() {
    return hex;
  }
}
