package io.sallyport.policy.suggestion;

import io.sallyport.policy.Action;
import io.sallyport.policy.activity.NamePattern;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Puts the variable where a device's own name stands. */
final class OwnName {
  static final String VARIABLE = "${iot:Connection.Thing.ThingName}";

  /** Who was seen with each name as it came. */
  private final Map<Action, Map<NamePattern, Set<String>>> users = new HashMap<>();

  OwnName(Collection<Seen> all) {
    for (var seen : all) {
      users
          .computeIfAbsent(seen.action(), _ -> new HashMap<>())
          .computeIfAbsent(seen.name(), _ -> new HashSet<>())
          .add(seen.principal());
    }
  }

  /** The name with the variable in it, if the device's own name is what it means. */
  NamePattern in(Seen seen) {
    // A backend is no thing: the variable has no value for it. And what others use too by the same
    // letters is a word that a device happens to be called by.
    var sameLetters =
        users.getOrDefault(seen.action(), Map.of()).getOrDefault(seen.name(), Set.of());
    if (!seen.device() || sameLetters.size() > 1) {
      return seen.name();
    }
    var levels =
        seen.name().levels().stream().map(level -> replaced(level, seen.principal())).toList();
    return new NamePattern(levels);
  }

  private static String replaced(String level, String id) {
    var replaced = new StringBuilder();
    int from = 0;
    for (int at = level.indexOf(id); at >= 0; at = level.indexOf(id, from)) {
      int end = at + id.length();
      boolean whole = isBorder(level, at - 1) && (isBorder(level, end) || level.charAt(end) == ':');
      replaced.append(level, from, at).append(whole ? VARIABLE : id);
      from = end;
    }
    return replaced.append(level, from, level.length()).toString();
  }

  /** Whether an id would end here. */
  private static boolean isBorder(String level, int at) {
    if (at < 0 || at >= level.length()) {
      return true;
    }
    char letter = level.charAt(at);
    return !(letter < 0x80 && Character.isLetterOrDigit(letter)) && ":_-".indexOf(letter) < 0;
  }
}
