package io.sallyport.policy.activity;

import io.sallyport.policy.Action;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one principal did since somebody last asked. Safe for use by many threads: its connections
 * may be on several.
 */
public final class PrincipalActivity {
  /** Bound: names of one principal, over all actions, before they are generalised. */
  static final int NAMES_MAX = 128;

  /** Bound: patterns that are left when they are; the rest has room for new names. */
  static final int PATTERNS_MAX = 64;

  /** Bound: the longest name recorded as it is; of a longer one, the levels that fit. */
  static final int NAME_BYTES_MAX = 512;

  // Bound: a principal that never says the same twice must not cost more than others.
  private static final int ROUNDS_MAX = 8;

  private final ActivityLog.Room room;
  private final Map<Name, Tally> names = new HashMap<>();
  private final Map<Action, Map<NamePattern, Tally>> patterns = new EnumMap<>(Action.class);
  private final Name probe = new Name();
  private int rounds;

  PrincipalActivity(ActivityLog.Room room) {
    this.room = room;
  }

  /** A name as it came, for one action; changed only while it is a probe. */
  private static final class Name {
    private Action action = Action.CONNECT;
    private byte[] bytes = new byte[0];

    Name is(Action newAction, byte[] newBytes) {
      action = newAction;
      bytes = newBytes;
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Name name
          && action == name.action
          && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes) * 31 + action.hashCode();
    }
  }

  private static final class Tally {
    private long count;
    private long denied;

    void add(boolean isDenied) {
      count++;
      denied += isDenied ? 1 : 0;
    }

    Tally plus(Tally other) {
      count += other.count;
      denied += other.denied;
      return this;
    }
  }

  /** Counts one use. */
  public synchronized void saw(Action action, byte[] name, boolean wouldBeDenied) {
    var known = names.get(probe.is(action, name));
    if (known == null) {
      known = learn(action, name);
    }
    known.add(wouldBeDenied);
  }

  private Tally learn(Action action, byte[] bytes) {
    if (bytes.length > NAME_BYTES_MAX) {
      return general(action, shortened(bytes));
    }
    var pattern = patterns.isEmpty() ? null : NamePattern.of(text(bytes));
    var covering = pattern == null ? null : covering(action, pattern);
    if (covering != null) {
      return covering;
    }
    if (names.size() + patternCount() >= NAMES_MAX && !generalise()) {
      return general(action, NamePattern.UNRECORDED);
    }
    if (!room.take()) {
      return general(action, NamePattern.UNRECORDED);
    }
    var tally = new Tally();
    names.put(new Name().is(action, bytes.clone()), tally);
    return tally;
  }

  private @Nullable Tally covering(Action action, NamePattern name) {
    for (var entry : patterns.getOrDefault(action, Map.of()).entrySet()) {
      if (entry.getKey().covers(name)) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** A pattern takes no room of its own: each principal has few, and not for long. */
  private Tally general(Action action, NamePattern pattern) {
    var known = patterns.computeIfAbsent(action, _ -> new LinkedHashMap<>());
    if (!known.containsKey(pattern) && patternCount() >= NAMES_MAX) {
      return known.computeIfAbsent(NamePattern.UNRECORDED, _ -> new Tally());
    }
    return known.computeIfAbsent(pattern, _ -> new Tally());
  }

  private int patternCount() {
    int count = 0;
    for (var known : patterns.values()) {
      count += known.size();
    }
    return count;
  }

  /** The levels that fit, and whatever follows. */
  private static NamePattern shortened(byte[] bytes) {
    int end = NAME_BYTES_MAX;
    while (end > 0 && bytes[end - 1] != '/') {
      end--;
    }
    if (end == 0) {
      return NamePattern.UNRECORDED;
    }
    var whole = NamePattern.of(new String(bytes, 0, end, StandardCharsets.UTF_8));
    return whole.with(whole.levels().size() - 1, NamePattern.ANY);
  }

  /** Makes patterns of all names; false if that did not make room. */
  private boolean generalise() {
    if (rounds >= ROUNDS_MAX) {
      return false;
    }
    rounds++;
    names.forEach(
        (name, tally) ->
            patterns
                .computeIfAbsent(name.action, _ -> new LinkedHashMap<>())
                .merge(NamePattern.of(text(name.bytes)), tally, Tally::plus));
    room.giveBack(names.size());
    names.clear();
    int each = Math.max(1, PATTERNS_MAX / patterns.size());
    patterns.replaceAll((_, some) -> Generalising.toAtMost(each, some, Tally::plus));
    boolean made = patternCount() < NAMES_MAX;
    rounds = made ? rounds : ROUNDS_MAX;
    return made;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Hands over what was counted since the last call, and begins anew. */
  synchronized void drain(String principal, List<Activity> into) {
    names.forEach(
        (name, tally) ->
            patterns
                .computeIfAbsent(name.action, _ -> new LinkedHashMap<>())
                .merge(NamePattern.of(text(name.bytes)), tally, Tally::plus));
    patterns.forEach(
        (action, some) ->
            some.forEach(
                (name, tally) ->
                    into.add(new Activity(principal, action, name, tally.count, tally.denied))));
    room.giveBack(names.size());
    names.clear();
    patterns.clear();
    rounds = 0;
  }

  synchronized int size() {
    return names.size() + patternCount();
  }
}
