package io.sallyport.policy;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
  private final Map<Variant, Template> variants = new ConcurrentHashMap<>();

  private record Variant(Mode mode, Set<Variable> unresolved) {}

  /** A template and what this session puts into it. */
  record Filled(Template template, Slots slots) {}

  private Templates(PolicySet set) {
    this.set = set;
    this.places = places(set);
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

  private static Map<Variable, Integer> places(PolicySet set) {
    var places = new LinkedHashMap<Variable, Integer>();
    for (var policy : set.policies()) {
      for (var statement : policy.document().statements()) {
        for (var resource : statement.resources()) {
          resource.variables().forEach(variable -> places.putIfAbsent(variable, places.size()));
        }
      }
    }
    return Map.copyOf(places);
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
    return new Filled(template(new Variant(mode, unresolved)), new Slots(values));
  }

  private static byte[] bytes(@Nullable String value) {
    return value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
  }

  private Template template(Variant variant) {
    var known = variants.get(variant);
    if (known != null) {
      return known;
    }
    var made =
        new Template.Compiler(places, variant.mode(), variant.unresolved()).compile(set.policies());
    // Two threads may pass the bound together; it is a bound of memory, not a promise of a number.
    if (variants.size() < VARIANTS_MAX) {
      variants.put(variant, made);
    }
    return made;
  }

  int variants() {
    return variants.size();
  }
}
