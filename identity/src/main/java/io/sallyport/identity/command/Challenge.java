package io.sallyport.identity.command;

import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a device without a clock made by chance and published, to be found in the one command that
 * is made for it: 16 bytes, in lower-case hexadecimal.
 */
public record Challenge(String hex) {
  /** Its length. */
  public static final int BYTES = 16;

  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{32}");

  /** Refuses, with {@link IllegalArgumentException}, anything but 32 lower-case hex digits. */
  public Challenge {
    if (!SYNTAX.matcher(hex).matches()) {
      throw new IllegalArgumentException("a challenge must be 32 lower-case hex digits");
    }
  }

  /** The challenge of those 16 bytes; refuses any other number as the constructor does. */
  public static Challenge of(byte[] bytes) {
    return new Challenge(HexFormat.of().formatHex(bytes));
  }

  /** The bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }
}
