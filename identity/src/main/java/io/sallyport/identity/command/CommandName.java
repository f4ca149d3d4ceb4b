package io.sallyport.identity.command;

import java.util.Set;
import java.util.regex.Pattern;

/** What is to be done: {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}. */
public record CommandName(String value) {
  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern WORD_END = Pattern.compile("[._-]");
  private static final Set<String> UNLOCKING = Set.of("unlock", "open", "disarm");

  /** Replaces what a device runs: never by a command, always by a signed image. */
  public static final CommandName FLASH_FIRMWARE = new CommandName("flash-firmware");

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public CommandName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a command's name must be 1 to 64 characters of A-Z a-z 0-9 . _ -, and begin with a"
              + " letter or a digit, not '"
              + value
              + "'");
    }
  }

  /** Whether text from outside can be a name. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  /** Whether its first word opens something: then it is only ever taken in its order. */
  public boolean isUnlocking() {
    return UNLOCKING.contains(WORD_END.split(value, 2)[0].toLowerCase(java.util.Locale.ROOT));
  }

  @Override
  public String toString() {
    return value;
  }
}
