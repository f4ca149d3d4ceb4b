package io.sallyport.control.shadow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of JSON that keeps what a sender wrote: the order of members, the digits of numbers. */
public sealed interface JsonValue {
  /** An object: its members in the order they came. */
  record Members(Map<String, JsonValue> byName) implements JsonValue {
    /** Without members. */
    public static final Members NONE = new Members(Map.of());

    public Members {
      byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** Whether it has no members. */
    public boolean isEmpty() {
      return byName.isEmpty();
    }
  }

  /** An array. */
  record Items(List<JsonValue> values) implements JsonValue {
    public Items {
      values = List.copyOf(values);
    }
  }

  /** A string. */
  record Text(String value) implements JsonValue {}

  /** A number, as it is written. */
  record Digits(String literal) implements JsonValue {}

  /** True or false. */
  record Truth(boolean value) implements JsonValue {}

  /** The null of JSON. */
  record Nothing() implements JsonValue {
    /** Equal to every other. */
    public static final Nothing NOTHING = new Nothing();
  }

  /** What is at the end of a way of members; empty where there is none. */
  default Optional<JsonValue> at(String... names) {
    var here = this;
    for (var name : names) {
      var next = here instanceof Members members ? members.byName().get(name) : null;
      if (next == null) {
        return Optional.empty();
      }
      here = next;
    }
    return Optional.of(here);
  }

  /** The string at the end of a way of members; empty where there is none. */
  default Optional<String> text(String... names) {
    return at(names)
        .flatMap(
            value -> value instanceof Text(var string) ? Optional.of(string) : Optional.empty());
  }
}
