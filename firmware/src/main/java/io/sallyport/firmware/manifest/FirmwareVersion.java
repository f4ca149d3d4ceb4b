package io.sallyport.firmware.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A version as people write it: one to four numbers of at most nine digits, and, as in Semantic
 * Versioning 2.0.0, a pre-release after {@code -} and build metadata after {@code +}. {@code 1.2}
 * equals {@code 1.2.0} in rank; build metadata never counts.
 *
 * <p>What protects from a downgrade is the security counter of the manifest, never this.
 */
public final class FirmwareVersion implements Comparable<FirmwareVersion> {
  /** Bound: characters of a version. */
  public static final int LENGTH_MAX = 64;

  private static final int NUMBERS_MAX = 4;
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([0-9]{1,9}(?:\\.[0-9]{1,9}){0,3})"
              + "(?:-([0-9A-Za-z-]{1,32}(?:\\.[0-9A-Za-z-]{1,32}){0,7}))?"
              + "(?:\\+[0-9A-Za-z-]{1,32}(?:\\.[0-9A-Za-z-]{1,32}){0,7})?");
  private static final Pattern DOT = Pattern.compile("\\.");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private final String text;
  private final List<Integer> numbers;
  private final List<String> preRelease;

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public FirmwareVersion(String text) {
    var parts = SYNTAX.matcher(text);
    if (text.length() > LENGTH_MAX || !parts.matches()) {
      throw new IllegalArgumentException(
          "a version must be one to four numbers with dots, and perhaps -pre-release and +build, as"
              + " 1.4.2 or 1.4.2-rc.1, not '"
              + text
              + "'");
    }
    this.text = text;
    var read = new ArrayList<Integer>();
    for (var number : DOT.split(parts.group(1), -1)) {
      read.add(Integer.parseInt(number));
    }
    while (read.size() < NUMBERS_MAX) {
      read.add(0);
    }
    this.numbers = List.copyOf(read);
    this.preRelease = parts.group(2) == null ? List.of() : List.of(DOT.split(parts.group(2), -1));
  }

  /** Whether text from outside can be a version. */
  public static boolean isValid(String text) {
    return text.length() <= LENGTH_MAX && SYNTAX.matcher(text).matches();
  }

  /** As it was written. */
  public String text() {
    return text;
  }

  /** By rank: that of Semantic Versioning 2.0.0, section 11, with a fourth number. */
  @Override
  public int compareTo(FirmwareVersion other) {
    for (int place = 0; place < NUMBERS_MAX; place++) {
      int order = Integer.compare(numbers.get(place), other.numbers.get(place));
      if (order != 0) {
        return order;
      }
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      // What is released comes after all that led to it.
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    for (int place = 0; place < Math.min(preRelease.size(), other.preRelease.size()); place++) {
      int order = compare(preRelease.get(place), other.preRelease.get(place));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compare(String one, String other) {
    boolean number = DIGITS.matcher(one).matches();
    boolean otherNumber = DIGITS.matcher(other).matches();
    if (number && otherNumber) {
      var short1 = one.replaceFirst("^0+(?=.)", "");
      var short2 = other.replaceFirst("^0+(?=.)", "");
      int length = Integer.compare(short1.length(), short2.length());
      return length != 0 ? length : short1.compareTo(short2);
    }
    if (number != otherNumber) {
      return number ? -1 : 1;
    }
    return one.compareTo(other);
  }

  /** Equal if written alike; two of one rank need not be. */
  @Override
  public boolean equals(Object other) {
    return other instanceof FirmwareVersion version && version.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
