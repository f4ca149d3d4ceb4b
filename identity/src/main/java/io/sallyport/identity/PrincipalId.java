package io.sallyport.identity;

import java.util.regex.Pattern;

/**
 * The name of a device, a backend or an operator: the one common name of its certificate, and the
 * thing name of AWS IoT, whose alphabet and length it keeps: {@code [A-Za-z0-9:_-]{1,128}}. It can
 * therefore never hold a topic separator or a wildcard.
 */
public record PrincipalId(String value) implements Comparable<PrincipalId> {
  /** Bound: characters of an id that gets a certificate (RFC 5280, A.1, ub-common-name). */
  public static final int CERTIFIED_MAX = 64;

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

  /** Whether text from outside can be the id of somebody who gets a certificate. */
  public static boolean isCertifiable(String text) {
    return text.length() <= CERTIFIED_MAX && isValid(text);
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
