package io.sallyport.policy;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The compiled forms of one policy set, shared by all equal sets that are in use. */
final class Templates {
  /** Bound: the most templates kept for one set; further ones are made anew for each session. */
  static final int VARIANTS_MAX = 32;

  // Bound: holds a set only as long as an equal one is in use somewhere.
  private static final Map<PolicySet, WeakReference<Templates>> SHARED = new WeakHashMap<>();

  private final PolicySet set;
  private final Map<Variable, Integer> places;
  private final List<Conditional> conditional;
  private final Map<Template.Variant, Template> variants = new ConcurrentHashMap<>();

  /** A statement, counted over all policies, with conditions that a session settles. */
  private record Conditional(int number, Effect effect, List<Condition> conditions) {}

  /** A template and what this session puts into it. */
  record Filled(Template template, Slots slots) {}

  private Templates(PolicySet set) {
    this.set = set;
    this.places = places(set);
    this.conditional = conditional(set);
  }

  /** The templates of this set or of an equal one. */
  static Templates of(PolicySet set) {
    synchronized (SHARED) {
      var reference = SHARED.get(set);
      var shared = reference == null ? null : reference.get();
      if (shared == null) {
        shared = new Templates(set);
        SHARED.remove(set);
        SHARED.put(set, new WeakReference<>(shared));
      }
      return shared;
    }
  }

  /** All that are in use. */
  static List<Templates> inUse() {
    synchronized (SHARED) {
      return SHARED.values().stream().map(WeakReference::get).filter(Objects::nonNull).toList();
    }
  }

  private static Map<Variable, Integer> places(PolicySet set) {
    var places = new LinkedHashMap<Variable, Integer>();
    for (var policy : set.policies()) {
      for (var statement : policy.document().statements()) {
        statement.variables().forEach(variable -> places.putIfAbsent(variable, places.size()));
      }
    }
    return Map.copyOf(places);
  }

  private static List<Conditional> conditional(PolicySet set) {
    var found = new ArrayList<Conditional>();
    int number = 0;
    for (var policy : set.policies()) {
      for (var statement : policy.document().statements()) {
        var settled = statement.conditions().stream().filter(Condition::isOfSession).toList();
        if (!settled.isEmpty()) {
          found.add(new Conditional(number, statement.effect(), settled));
        }
        number++;
      }
    }
    return List.copyOf(found);
  }

  Filled fill(Subject subject, Mode mode) {
    var values = new byte[places.size()][];
    var unresolved = new HashSet<Variable>();
    places.forEach(
        (variable, place) -> {
          var value = variable.valueFor(subject, mode);
          values[place] = bytes(value);
          if (value == null) {
            unresolved.add(variable);
          }
        });
    var dead = dead(new Facts(subject, mode, RequestContext.NONE));
    return new Filled(template(new Template.Variant(mode, unresolved, dead)), new Slots(values));
  }

  private BitSet dead(Facts facts) {
    var dead = new BitSet();
    for (var statement : conditional) {
      if (!Rule.isHeld(Condition.all(statement.conditions(), facts), statement.effect())) {
        dead.set(statement.number());
      }
    }
    return dead;
  }

  private static byte[] bytes(@Nullable String value) {
    return value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
  }

  private Template template(Template.Variant variant) {
    var known = variants.get(variant);
    if (known != null) {
      return known;
    }
    var made = new Template.Compiler(places, variant).compile(set);
    // Two threads may pass the bound together; it is a bound of memory, not a promise of a number.
    if (variants.size() < VARIANTS_MAX) {
      variants.put(variant, made);
    }
    return made;
  }

  int variants() {
    return variants.size();
  }

  /** The states of the automata that were made. */
  long machineStates() {
    return variants.values().stream().mapToLong(Template::machineStates).sum();
  }
}
