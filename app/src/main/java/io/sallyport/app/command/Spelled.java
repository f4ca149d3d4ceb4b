package io.sallyport.app.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A fingerprint for people who read it to each other. */
final class Spelled {
  // The spelling alphabet of radio, for the digits that are letters.
  private static final List<String> WORDS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "alfa",
          "bravo", "charlie", "delta", "echo", "foxtrot");
  // A half of SHA-256 is enough to be compared aloud: nobody finds a second one of 128 bits.
  private static final int SPOKEN_DIGITS = 32;

  private Spelled() {}

  /** In groups of four digits. */
  static String groups(String hex) {
    return hex.replaceAll("(.{4})(?=.)", "$1 ");
  }

  /** The first half, a word for each digit. */
  static String words(String hex) {
    return hex.toLowerCase(Locale.ROOT)
        .chars()
        .limit(SPOKEN_DIGITS)
        .mapToObj(digit -> WORDS.get(Character.digit(digit, 16)))
        .collect(Collectors.joining(" "));
  }
}
