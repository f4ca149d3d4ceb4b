package io.sallyport.identity.command;

import java.util.HexFormat;
import java.util.regex.Pattern;

/** What names one command for one device: 16 bytes, in lower-case hexadecimal. */
public record CommandId(String hex) {
  /** Its length in an envelope. */
  public static final int BYTES = 16;

  private static final Pattern SYNTAX = Pattern.compile("[0-9a-f]{32}");

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public CommandId {
    if (!isValid(hex)) {
      throw new IllegalArgumentException("a command's id must be 32 lower-case hex digits");
    }
  }

  /** The id of those 16 bytes. */
  public static CommandId of(byte[] bytes) {
    return new CommandId(HexFormat.of().formatHex(bytes));
  }

  /** Whether text from outside can be an id. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
