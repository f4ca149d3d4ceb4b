package io.sallyport.policy.activity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Makes few patterns of many names: first what differs in one level only, then what begins alike.
 */
public final class Generalising {
  // Two that differ are hardly a rule; they are merged only where nothing better is found.
  private static final int ALIKE_MIN = 3;

  private Generalising() {}

  /**
   * Merges names until at most {@code max} are left, or until those that are left have nothing in
   * common, not even their first level.
   */
  public static <T> Map<NamePattern, T> toAtMost(
      int max, Map<NamePattern, T> names, BinaryOperator<T> merging) {
    var left = new LinkedHashMap<>(names);
    var kept = left.remove(NamePattern.UNRECORDED);
    while (left.size() > max && mergeOneLevel(left, merging)) {
      // Bound: each round leaves fewer.
    }
    int depth = left.keySet().stream().mapToInt(name -> name.levels().size()).max().orElse(1) - 1;
    for (; left.size() > max && depth > 0; depth--) {
      int levels = depth;
      groups(left.keySet(), name -> name.levels().size() > levels ? name.beginning(levels) : name)
          .forEach((pattern, some) -> merge(left, pattern, some, merging));
    }
    if (kept != null) {
      left.put(NamePattern.UNRECORDED, kept);
    }
    return left;
  }

  private static <T> boolean mergeOneLevel(Map<NamePattern, T> names, BinaryOperator<T> merging) {
    int depth = names.keySet().stream().mapToInt(name -> name.levels().size()).max().orElse(0);
    Map<NamePattern, List<NamePattern>> best = Map.of();
    for (int i = 0; i < depth; i++) {
      int place = i;
      var groups =
          groups(
              names.keySet(),
              name ->
                  place < name.levels().size() && name.levels().size() > 1
                      ? name.with(place, NamePattern.ANY)
                      : name);
      best = groups.size() < (best.isEmpty() ? names.size() : best.size()) ? groups : best;
    }
    if (best.isEmpty()) {
      return false;
    }
    boolean alike = best.values().stream().anyMatch(some -> some.size() >= ALIKE_MIN);
    best.forEach(
        (pattern, some) -> {
          if (some.size() >= (alike ? ALIKE_MIN : 2)) {
            merge(names, pattern, some, merging);
          }
        });
    return true;
  }

  private static Map<NamePattern, List<NamePattern>> groups(
      Iterable<NamePattern> names, java.util.function.UnaryOperator<NamePattern> form) {
    var groups = new HashMap<NamePattern, List<NamePattern>>();
    names.forEach(
        name -> groups.computeIfAbsent(form.apply(name), _ -> new ArrayList<>()).add(name));
    return groups;
  }

  private static <T> void merge(
      Map<NamePattern, T> names,
      NamePattern pattern,
      List<NamePattern> some,
      BinaryOperator<T> merging) {
    if (some.size() < 2) {
      return;
    }
    for (var name : some) {
      var value = names.remove(name);
      if (value != null) {
        names.merge(pattern, value, merging);
      }
    }
  }
}
