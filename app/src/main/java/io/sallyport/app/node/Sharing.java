package io.sallyport.app.node;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps one of equal values of a type: a fleet of a million has few thing types, attributes and
 * sets of policies, and each that is kept twice is memory that holds nothing.
 *
 * @param <T> immutable
 */
final class Sharing<T> {
  // Bound: values that others are compared with. What another takes the place of is shared no more.
  private static final int SLOTS = 1 << 12;

  private final AtomicReferenceArray<T> recent = new AtomicReferenceArray<>(SLOTS);

  /** This value or an equal one that came before. */
  T one(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    var before = recent.get(slot);
    if (value.equals(before)) {
      return before;
    }
    recent.set(slot, value);
    return value;
  }
}
