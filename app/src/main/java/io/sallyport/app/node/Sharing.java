package io.sallyport.app.node;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;

/**
 * Keeps one of equal values: a fleet of a million has few types, attributes and sets of policies,
 * and each that is kept twice is memory that holds nothing.
 */
final class Sharing {
  // Bound: values that others are compared with. What another takes the place of is shared no more.
  private static final int SLOTS = 1 << 12;

  private final AtomicReferenceArray<Object> recent = new AtomicReferenceArray<>(SLOTS);

  /** This value or an equal one that came before; it must be immutable. */
  <T> T one(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ hash >>> 16) & SLOTS - 1;
    var before = recent.get(slot);
    if (value.equals(before)) {
      @SuppressWarnings("unchecked") // Equal to a value of that type, by its own word.
      var same = (T) before;
      return same;
    }
    recent.set(slot, value);
    return value;
  }

  /** The same for a map and everything in it. */
  Map<String, String> map(Map<String, String> map) {
    return one(
        map.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> one(entry.getKey()), entry -> one(entry.getValue()))));
  }
}
