package io.sallyport.identity.attestation;

import java.util.regex.Pattern;

/**
 * What one component was measured to be.
 *
 * @param component its name as the evidence gives it, such as {@code BL}, {@code pcr:sha256:7} or
 *     {@code layer:1}; empty where the evidence gives none
 * @param value a digest in lower-case hexadecimal, or {@code version:…} where only that is claimed
 */
public record Measurement(String component, String value) {
  /** Bound: characters of a component's name. */
  public static final int COMPONENT_MAX = 64;

  /** Bound: characters of a value. */
  public static final int VALUE_MAX = 136;

  private static final Pattern VALUE =
      Pattern.compile("(?:[0-9a-f]{2}){1,64}|version:[\\x21-\\x7e]{1,64}");
  private static final Pattern COMPONENT =
      Pattern.compile("[\\x20-\\x7e]{0," + COMPONENT_MAX + "}");

  /** Refuses, with {@link IllegalArgumentException}, what could not be shown or compared. */
  public Measurement {
    if (!COMPONENT.matcher(component).matches()) {
      throw new IllegalArgumentException(
          "a component is at most " + COMPONENT_MAX + " printable ASCII characters");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a measurement is 1 to 64 bytes in lower-case hex, or version: and 1 to 64 characters");
    }
  }

  @Override
  public String toString() {
    return (component.isEmpty() ? "" : component + " ") + value;
  }
}
