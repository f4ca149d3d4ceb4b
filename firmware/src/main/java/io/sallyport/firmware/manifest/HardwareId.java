package io.sallyport.firmware.manifest;

import java.util.regex.Pattern;

/**
 * Which hardware an image runs on, down to the revision that matters to it: {@code
 * [a-z0-9][a-z0-9._-]{0,63}}.
 */
public record HardwareId(String value) implements Comparable<HardwareId> {
  private static final Pattern SYNTAX = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public HardwareId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a hardware id must be 1 to 64 characters of a-z 0-9 . _ -, and begin with a letter or a"
              + " digit, not '"
              + value
              + "'");
    }
  }

  /** Whether text from outside can be an id. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  @Override
  public int compareTo(HardwareId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
