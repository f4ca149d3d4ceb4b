package io.sallyport.identity;

import java.util.regex.Pattern;

/**
 * The name of a device, a backend or an operator: the one common name of its certificate, and the
 * thing name of AWS IoT, whose alphabet and length it keeps: {@code [A-Za-z0-9:_-]{1,128}}. It can
 * therefore never hold a topic separator or a wildcard.
 */
public record PrincipalId(String value) implements Comparable<PrincipalId> {
  private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9:_-]{1,128}");

  /** Refuses, with {@link IllegalArgumentException}, what {@link #isValid} does not hold for. */
  public PrincipalId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "an id must be 1 to 128 characters of A-Z a-z 0-9 : _ -, not '" + value + "'");
    }
  }

  /** Whether text from outside can be an id. */
  public static boolean isValid(String text) {
    return SYNTAX.matcher(text).matches();
  }

  @Override
  public int compareTo(PrincipalId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
