package io.sallyport.control.observation;

import io.sallyport.control.observation.ActivityTable.Row;
import io.sallyport.policy.Action;
import io.sallyport.policy.activity.Activity;
import io.sallyport.policy.activity.Generalising;
import io.sallyport.policy.activity.NamePattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds what one principal did lately to what it did before, and keeps all of it few. */
final class ActivityMerge {
  /** Bound: names of one principal that are stored. */
  static final int NAMES_MAX = 256;

  private final String principal;
  private final Map<Action, Map<NamePattern, Uses>> stored = new EnumMap<>(Action.class);
  private final Map<Action, Map<NamePattern, Uses>> merged = new EnumMap<>(Action.class);

  ActivityMerge(String principal, List<Row> before) {
    this.principal = principal;
    for (var row : before) {
      of(stored, row.action()).put(row.name(), row.uses());
      of(merged, row.action()).put(row.name(), row.uses());
    }
  }

  private static Map<NamePattern, Uses> of(
      Map<Action, Map<NamePattern, Uses>> actions, Action action) {
    return actions.computeIfAbsent(action, _ -> new LinkedHashMap<>());
  }

  void add(Activity activity, Instant now) {
    var uses =
        new Uses(activity.count(), activity.denied(), now, now, activity.denied() > 0 ? now : null);
    var names = of(merged, activity.action());
    var name = activity.name();
    if (!names.containsKey(name)) {
      name =
          names.keySet().stream()
              .filter(known -> known.isGeneral() && known.covers(activity.name()))
              .findFirst()
              .orElse(name);
    }
    names.merge(name, uses, Uses::plus);
  }

  /** Makes patterns of what is too much, and counts only what even then is. */
  void bound() {
    if (size() <= NAMES_MAX) {
      return;
    }
    int each = NAMES_MAX / 2 / merged.size();
    merged.replaceAll((_, names) -> Generalising.toAtMost(each, names, Uses::plus));
    merged.values().forEach(names -> dropBeyond(names, NAMES_MAX / merged.size()));
  }

  private static void dropBeyond(Map<NamePattern, Uses> names, int max) {
    for (var name : List.copyOf(names.keySet())) {
      if (names.size() <= max) {
        return;
      }
      if (!name.equals(NamePattern.UNRECORDED)) {
        var uses = names.remove(name);
        if (uses != null) {
          names.merge(NamePattern.UNRECORDED, uses, Uses::plus);
        }
      }
    }
  }

  private int size() {
    return merged.values().stream().mapToInt(Map::size).sum();
  }

  /** The rows to be written. */
  List<Row> changed() {
    return difference(merged, stored, false);
  }

  /** The rows that became part of others. */
  List<Row> gone() {
    return difference(stored, merged, true);
  }

  private List<Row> difference(
      Map<Action, Map<NamePattern, Uses>> one,
      Map<Action, Map<NamePattern, Uses>> other,
      boolean byName) {
    var rows = new ArrayList<Row>();
    one.forEach(
        (action, names) ->
            names.forEach(
                (name, uses) -> {
                  var theirs = other.getOrDefault(action, Map.of()).get(name);
                  if (byName ? theirs == null : !uses.equals(theirs)) {
                    rows.add(new Row(principal, action, name, uses));
                  }
                }));
    return rows;
  }

  /** Merges for several principals at once. */
  static Map<String, ActivityMerge> of(Set<String> principals, List<Row> before) {
    var rows = new HashMap<String, List<Row>>();
    before.forEach(row -> rows.computeIfAbsent(row.principal(), _ -> new ArrayList<>()).add(row));
    var merges = new HashMap<String, ActivityMerge>();
    new HashSet<>(principals)
        .forEach(id -> merges.put(id, new ActivityMerge(id, rows.getOrDefault(id, List.of()))));
    return merges;
  }
}
