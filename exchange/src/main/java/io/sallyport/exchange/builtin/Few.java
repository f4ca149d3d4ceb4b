package io.sallyport.exchange.builtin;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A map, in the order of insertion, that mostly has one entry or none: a fleet that sleeps is made
 * of such maps. The first entry lives in the object itself, more make a real map.
 */
final class Few<K, V> {
  private @Nullable K key;
  private @Nullable V value;
  private @Nullable Map<K, V> more;

  @Nullable V get(K wanted) {
    if (more != null) {
      return more.get(wanted);
    }
    return wanted.equals(key) ? value : null;
  }

  /** The value; made by the supplier if there is none. */
  V get(K wanted, Supplier<V> maker) {
    V known = get(wanted);
    if (known == null) {
      known = maker.get();
      put(wanted, known);
    }
    return known;
  }

  /** Answers what was there before. */
  @Nullable V put(K wanted, V given) {
    if (more != null) {
      return more.put(wanted, given);
    }
    K only = key;
    V before = value;
    if (only == null || before == null) {
      key = wanted;
      value = given;
      return null;
    }
    if (only.equals(wanted)) {
      value = given;
      return before;
    }
    Map<K, V> several = new LinkedHashMap<>(4);
    several.put(only, before);
    several.put(wanted, given);
    clear();
    more = several;
    return null;
  }

  /** Answers what was there. */
  @Nullable V remove(K wanted) {
    Map<K, V> several = more;
    if (several == null) {
      V known = get(wanted);
      if (known != null) {
        clear();
      }
      return known;
    }
    V removed = several.remove(wanted);
    if (several.size() == 1) {
      var left = several.entrySet().iterator().next();
      clear();
      key = left.getKey();
      value = left.getValue();
    }
    return removed;
  }

  void clear() {
    key = null;
    value = null;
    more = null;
  }

  boolean isEmpty() {
    return more == null && key == null;
  }

  int size() {
    if (more != null) {
      return more.size();
    }
    return key == null ? 0 : 1;
  }

  /** The values in the order of their keys' insertion; good until the next change. */
  Collection<V> values() {
    if (more != null) {
      return more.values();
    }
    return value == null ? List.of() : List.of(value);
  }

  /** The keys in the order of their insertion; good until the next change. */
  Collection<K> keys() {
    if (more != null) {
      return more.keySet();
    }
    return key == null ? List.of() : List.of(key);
  }
}
