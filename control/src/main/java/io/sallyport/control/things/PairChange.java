package io.sallyport.control.things;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Names that get values and names that go; the others stay as they are.
 *
 * @param set the new values by names
 * @param remove the names that go, whether they are there or not
 */
public record PairChange(Map<String, String> set, Set<String> remove) {
  /** Of nothing. */
  public static final PairChange NONE = new PairChange(Map.of(), Set.of());

  public PairChange {
    set = Map.copyOf(set);
    remove = Set.copyOf(remove);
  }

  /** Whether no name is both set and removed. */
  boolean isClear() {
    return remove.stream().noneMatch(set::containsKey);
  }

  boolean isEmpty() {
    return set.isEmpty() && remove.isEmpty();
  }

  Map<String, String> of(Map<String, String> before) {
    var after = new HashMap<>(before);
    after.putAll(set);
    after.keySet().removeAll(remove);
    return after;
  }

  /** What the ledger is told of the difference between two states. */
  static Map<String, String> difference(Map<String, String> before, Map<String, String> after) {
    var facts = new TreeMap<String, String>();
    after.forEach(
        (name, value) -> {
          if (!value.equals(before.get(name))) {
            facts.put("set." + name, value);
          }
        });
    var gone = new TreeSet<>(before.keySet());
    gone.removeAll(after.keySet());
    if (!gone.isEmpty()) {
      facts.put("removed", String.join(" ", gone));
    }
    return facts;
  }
}
