package io.sallyport.control.shadow;

import io.sallyport.control.shadow.JsonValue.Digits;
import io.sallyport.control.shadow.JsonValue.Items;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.JsonValue.Nothing;
import io.sallyport.control.shadow.JsonValue.Text;
import io.sallyport.control.shadow.JsonValue.Truth;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Desired or reported: a state, and beside each leaf of it when that was written.
 *
 * @param state without null and, outside of arrays, without empty objects
 * @param metadata of the form of the state, with {@code {"timestamp": seconds}} for each leaf
 */
public record Section(Members state, Members metadata) {
  /** Of nothing. */
  public static final Section EMPTY = new Section(Members.NONE, Members.NONE);

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return state.isEmpty();
  }

  /**
   * This with a change: members of objects are merged, everything else is replaced whole, null
   * removes, and objects that nothing is left in vanish.
   *
   * @param change null of JSON removes everything
   * @param seconds when, for what is written
   */
  Section merged(JsonValue change, long seconds) {
    return change instanceof Members members ? merged(members, seconds) : EMPTY;
  }

  private Section merged(Members change, long seconds) {
    var values = new LinkedHashMap<>(state.byName());
    var times = new LinkedHashMap<>(metadata.byName());
    change
        .byName()
        .forEach(
            (name, value) -> {
              switch (value) {
                case Nothing _ -> {
                  values.remove(name);
                  times.remove(name);
                }
                case Members members -> {
                  var inner = inner(name).merged(members, seconds);
                  if (inner.isEmpty()) {
                    values.remove(name);
                    times.remove(name);
                  } else {
                    values.put(name, inner.state);
                    times.put(name, inner.metadata);
                  }
                }
                case Items _, Text _, Digits _, Truth _ -> {
                  values.put(name, value);
                  times.put(name, stamped(value, seconds));
                }
              }
            });
    return new Section(new Members(values), new Members(times));
  }

  /** What is below an object of this; nothing where there is none. */
  private Section inner(String name) {
    return state.byName().get(name) instanceof Members values
            && metadata.byName().get(name) instanceof Members times
        ? new Section(values, times)
        : EMPTY;
  }

  /** What of this, the desired state, is not so in a reported one. */
  Section delta(Members reported) {
    var values = new LinkedHashMap<String, JsonValue>();
    var times = new LinkedHashMap<String, JsonValue>();
    state
        .byName()
        .forEach(
            (name, value) -> {
              var actual = reported.byName().get(name);
              if (value instanceof Members && actual instanceof Members members) {
                var inner = inner(name).delta(members);
                if (!inner.isEmpty()) {
                  values.put(name, inner.state);
                  times.put(name, inner.metadata);
                }
              } else if (actual == null || !same(value, actual)) {
                values.put(name, value);
                times.put(name, Objects.requireNonNull(metadata.byName().get(name)));
              }
            });
    return new Section(new Members(values), new Members(times));
  }

  /** The metadata of what a change writes; nothing for what it removes. */
  static Members stampedChange(Members change, long seconds) {
    return EMPTY.merged(change, seconds).metadata;
  }

  /** The time beside each leaf of a value. */
  private static JsonValue stamped(JsonValue value, long seconds) {
    return switch (value) {
      case Members(var byName) -> {
        var times = new LinkedHashMap<String, JsonValue>();
        byName.forEach((name, member) -> times.put(name, stamped(member, seconds)));
        yield new Members(times);
      }
      case Items(var values) ->
          new Items(values.stream().map(item -> stamped(item, seconds)).toList());
      case Text _, Digits _, Truth _, Nothing _ ->
          new Members(Map.of("timestamp", new Digits(Long.toString(seconds))));
    };
  }

  /**
   * Whether two values mean the same: 20 and 20.0 do, so that a device that writes numbers its own
   * way is not asked for ever.
   */
  static boolean same(JsonValue one, JsonValue other) {
    return switch (one) {
      case Members(var byName) ->
          other instanceof Members(var others)
              && byName.keySet().equals(others.keySet())
              && byName.entrySet().stream()
                  .allMatch(
                      member ->
                          same(
                              member.getValue(),
                              Objects.requireNonNull(others.get(member.getKey()))));
      case Items(var values) -> other instanceof Items(var others) && same(values, others);
      case Digits(var literal) -> other instanceof Digits(var text) && sameNumber(literal, text);
      case Text _, Truth _, Nothing _ -> one.equals(other);
    };
  }

  private static boolean same(List<JsonValue> one, List<JsonValue> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!same(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameNumber(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    try {
      // Never brought to one exponent: 1e999999999 would be a number of so many digits.
      var first = new BigDecimal(one).stripTrailingZeros();
      var second = new BigDecimal(other).stripTrailingZeros();
      return first.scale() == second.scale()
          && first.unscaledValue().equals(second.unscaledValue());
    } catch (ArithmeticException | NumberFormatException e) {
      // An exponent that no computer counts with: only what is written the same is the same.
      return false;
    }
  }
}
