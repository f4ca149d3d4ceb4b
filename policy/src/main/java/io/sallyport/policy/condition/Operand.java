package io.sallyport.policy.condition;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** An expected value that is known when the document is read. */
@FunctionalInterface
public interface Operand {
  /** Whether an actual value fits; unknown if it is not of the type that is compared. */
  Truth fits(String actual);

  /** Reads an expected value of an operator without variables; nothing if it is of another type. */
  static Optional<Operand> parse(Operator operator, String text) {
    return switch (operator.family()) {
      case NUMERIC -> compared(operator, text, Reading::number);
      case DATE -> compared(operator, text, Dates::parse);
      case VERSION -> compared(operator, text, VersionNumber::parse);
      case BOOL -> compared(operator, text, Reading::bool);
      case BINARY -> Reading.base64(text).map(bytes -> actual -> equal(bytes, actual));
      case IP ->
          AddressRange.parse(text).map(range -> actual -> AddressRange.covers(range, actual));
      case TIME_OF_DAY -> DayRange.parse(text).map(range -> range::covers);
      case STRING, ARN, EXISTENCE -> Optional.empty();
    };
  }

  private static Truth equal(byte[] bytes, String actual) {
    return Truth.of(Arrays.equals(bytes, actual.getBytes(StandardCharsets.UTF_8)));
  }

  private static <T extends Comparable<T>> Optional<Operand> compared(
      Operator operator, String text, Function<String, Optional<T>> type) {
    return type.apply(text)
        .map(
            expected ->
                actual ->
                    type.apply(actual)
                        .map(
                            value -> Truth.of(operator.relation().holds(value.compareTo(expected))))
                        .orElse(Truth.UNKNOWN));
  }

  /** The types that need no class of their own. */
  final class Reading {
    // Bound: no number of a policy needs more, and an exponent could fill the memory.
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?");

    private Reading() {}

    static Optional<BigDecimal> number(String text) {
      return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    static Optional<Boolean> bool(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    static Optional<byte[]> base64(String text) {
      try {
        return Optional.of(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }
}
