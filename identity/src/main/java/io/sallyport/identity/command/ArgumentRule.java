package io.sallyport.identity.command;

import io.sallyport.identity.cose.CborValue;
import java.nio.charset.StandardCharsets;

/** What an argument may be. */
public sealed interface ArgumentRule {
  /** A whole number, from one to another, both included. */
  @SuppressWarnings("AvoidCommonTypeNames") // Always named with its rule before it.
  record Number(long min, long max) implements ArgumentRule {}

  /** A text of at most so many bytes. */
  record Words(int lengthMax) implements ArgumentRule {}

  /** True or false. */
  record Switch() implements ArgumentRule {}

  /** Anything that fits into an envelope. */
  record Anything() implements ArgumentRule {}

  /** Whether a value is so. */
  default boolean allows(CborValue value) {
    return switch (this) {
      case Number(long min, long max) ->
          value instanceof CborValue.Whole(long number) && number >= min && number <= max;
      case Words(int lengthMax) ->
          value instanceof CborValue.Text(String text)
              && text.getBytes(StandardCharsets.UTF_8).length <= lengthMax;
      case Switch() -> value instanceof CborValue.Truth;
      case Anything() -> true;
    };
  }
}
