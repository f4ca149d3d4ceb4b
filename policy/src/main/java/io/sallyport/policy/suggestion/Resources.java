package io.sallyport.policy.suggestion;

import io.sallyport.policy.activity.NamePattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The resources of one action: generalised where enough values stand behind it, and not wider. */
final class Resources {
  private static final int SHOWN_MAX = 3;

  private final Map<NamePattern, Evidence> byName = new LinkedHashMap<>();
  private final Predicate<String> isPrincipal;

  /**
   * None yet.
   *
   * @param isPrincipal whether a level is the name of some principal
   */
  Resources(Predicate<String> isPrincipal) {
    this.isPrincipal = isPrincipal;
  }

  void add(NamePattern name, Evidence evidence) {
    byName.merge(name, evidence, Evidence::plus);
  }

  Map<NamePattern, Evidence> byName() {
    return byName;
  }

  /**
   * Makes one of those that differ in one level in which at least so many values were seen.
   *
   * @param owned what names some principal: no generalisation may cover it
   */
  void generalise(int distinctMin, Collection<NamePattern> owned) {
    boolean changed = true;
    while (changed) {
      changed = false;
      int depth = byName.keySet().stream().mapToInt(name -> name.levels().size()).max().orElse(0);
      // Never the first level: a run there would reach into everybody's topics.
      for (int place = depth - 1; place >= 1; place--) {
        changed |= generalise(place, distinctMin, owned);
      }
    }
  }

  private boolean generalise(int place, int distinctMin, Collection<NamePattern> owned) {
    var groups = new LinkedHashMap<NamePattern, List<NamePattern>>();
    for (var name : byName.keySet()) {
      if (place < name.levels().size() && isValue(name.levels().get(place))) {
        groups.computeIfAbsent(name.with(place, NamePattern.ANY), _ -> new ArrayList<>()).add(name);
      }
    }
    boolean changed = false;
    for (var group : groups.entrySet()) {
      var pattern = group.getKey();
      if (group.getValue().size() >= distinctMin
          && owned.stream().noneMatch(name -> Cover.covers(pattern.text(), name.text()))) {
        merge(pattern, group.getValue(), place);
        changed = true;
      }
    }
    return changed;
  }

  /** Whether a level is a value among others, and nothing that means more. */
  private boolean isValue(String level) {
    return !level.equals(NamePattern.ANY)
        && !level.equals("+")
        && !level.equals("#")
        && !level.contains(OwnName.VARIABLE)
        && !isPrincipal.test(level);
  }

  private void merge(NamePattern pattern, List<NamePattern> names, int place) {
    var values = new TreeSet<String>();
    names.forEach(name -> values.add(name.levels().get(place)));
    var basis =
        values.size()
            + " values: "
            + String.join(", ", values.stream().limit(SHOWN_MAX).toList())
            + (values.size() > SHOWN_MAX ? ", …" : "");
    replace(pattern, names, basis);
  }

  void replace(NamePattern pattern, Collection<NamePattern> names, String basis) {
    for (var name : names) {
      var evidence = byName.remove(name);
      if (evidence != null) {
        byName.merge(pattern, evidence.on(basis), Evidence::plus);
      }
    }
  }

  /** Leaves out what another resource covers, with its evidence counted there. */
  void dropCovered() {
    for (var name : List.copyOf(byName.keySet())) {
      byName.keySet().stream()
          .filter(other -> !other.equals(name) && Cover.covers(other.text(), name.text()))
          .findFirst()
          .ifPresent(
              wider -> {
                var evidence = byName.remove(name);
                if (evidence != null) {
                  byName.computeIfPresent(wider, (_, known) -> known.plus(evidence));
                }
              });
    }
  }

  /** In the order of their texts. */
  Map<String, Evidence> sorted() {
    var sorted = new TreeMap<String, Evidence>();
    byName.forEach((name, evidence) -> sorted.put(name.text(), evidence));
    return sorted;
  }
}
