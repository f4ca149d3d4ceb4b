package io.sallyport.firmware.manifest;

import java.util.regex.Pattern;

/**
 * The name of a piece of software, as of what a device runs or what that depends on: {@code
 * [a-z0-9][a-z0-9._-]{0,63}}.
 */
public record FirmwareName(String value) implements Comparable<FirmwareName> {
  private static final Pattern SYNTAX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public FirmwareName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a firmware name must be 1 to 64 characters of a-z 0-9 . _ -, and begin with a letter or"
              + " a digit, not '"
              + value
              + "'");
    }
  }

  /** Whether text from outside can be a name. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  @Override
  public int compareTo(FirmwareName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
