package io.sallyport.policy.mosquitto;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rules that one principal is under. Mosquitto asks a user's own rules first
 * and takes their allow as final; here a Deny wins wherever it stands. What cannot be said exactly
 * is left out if it allows, and said too widely if it denies: so never more is allowed than before.
 */
final class Translation {
  /** Bound: the most rules of one principal, since each is compared with each. */
  static final int RULES_MAX = 2_000;

  /**
   * A rule with its words.
   *
   * @param known the filter with the user's name filled in
   */
  record Rule(AclLine line, TopicFilter filter, TopicFilter known, Wording wording) {
    static Rule of(AclLine line, @Nullable String user) {
      var filter = TopicFilter.of(line);
      return new Rule(line, filter, known(line, filter, user), Wording.of(filter, user));
    }

    private static TopicFilter known(AclLine line, TopicFilter filter, @Nullable String user) {
      if (user == null || !line.isPattern()) {
        return filter;
      }
      return TopicFilter.of(
          new AclLine(
              line.number(),
              line.text(),
              line.scope(),
              line.grants(),
              line.filter().replace("%u", user)));
    }

    boolean overlaps(Rule other) {
      return wording.language().overlaps(other.wording.language());
    }

    boolean exceedsInto(Rule other) {
      return wording.excessLanguage().stream()
          .anyMatch(excess -> excess.overlaps(other.wording.language()));
    }
  }

  /** Something that Mosquitto allows and the policies do not. */
  record Loss(AclLine line, String why) {}

  private static final List<Access> RIGHTS = List.of(Access.WRITE, Access.READ);

  private final List<Rule> own;
  private final List<Rule> patterns;
  private final Map<Integer, Set<Access>> kept = new TreeMap<>();
  private final Set<Loss> losses = new LinkedHashSet<>();

  private Translation(List<Rule> own, List<Rule> patterns) {
    this.own = own;
    this.patterns = patterns;
  }

  /**
   * Translates.
   *
   * @param user whose rules they are, or null for anybody who has none of his own
   */
  static Translation of(@Nullable String user, List<AclLine> own, List<AclLine> patterns) {
    var translation =
        new Translation(
            own.stream().map(line -> Rule.of(line, user)).toList(),
            patterns.stream().map(line -> Rule.of(line, user)).toList());
    RIGHTS.forEach(translation::translate);
    return translation;
  }

  /** The user's own rules that say something. */
  List<Rule> ownRules() {
    return own.stream().filter(this::speaks).toList();
  }

  /** The patterns that say something to this principal. */
  List<Rule> patternRules() {
    return patterns.stream().filter(this::speaks).toList();
  }

  private boolean speaks(Rule rule) {
    return kept.containsKey(rule.line().number());
  }

  /** For what a rule still speaks. */
  Set<Access> kept(AclLine line) {
    return kept.getOrDefault(line.number(), Set.of());
  }

  Set<Loss> losses() {
    return losses;
  }

  /** Whether the patterns mean the same to both, so that one policy can serve both. */
  boolean hasPatternsOf(Translation other) {
    return keptPatterns().equals(other.keptPatterns());
  }

  private Map<Integer, Set<Access>> keptPatterns() {
    var found = new TreeMap<Integer, Set<Access>>();
    patternRules().forEach(rule -> found.put(rule.line().number(), kept(rule.line())));
    return found;
  }

  private void translate(Access access) {
    var allowing = new ArrayList<Rule>();
    for (var rule : all()) {
      if (rule.line().grants().contains(access)) {
        if (rule.wording().separable() || rule.wording().isExact()) {
          allowing.add(rule);
        } else {
          lose(rule, rule.wording().whyNot());
        }
      }
    }
    dropThoseThatWouldDenyOthers(allowing);
    allowing.forEach(rule -> keep(rule, access));
    for (var rule : own) {
      if (rule.line().denies()) {
        deny(rule, access, allowing);
      }
    }
    for (var rule : patterns) {
      if (rule.line().denies() && mustDeny(rule, allowing)) {
        deny(rule, access, allowing);
      }
    }
  }

  private List<Rule> all() {
    var all = new ArrayList<>(own);
    all.addAll(patterns);
    return all;
  }

  /** The excess of a plus is taken away by a Deny, which must not hit what another rule allows. */
  private void dropThoseThatWouldDenyOthers(List<Rule> allowing) {
    for (var rule : List.copyOf(allowing)) {
      allowing.stream()
          .filter(other -> other.line().number() != rule.line().number() && rule.exceedsInto(other))
          .findFirst()
          .ifPresent(
              other -> {
                allowing.remove(rule);
                lose(
                    rule,
                    "a '*' for its '+' crosses levels, and a Deny of what that is too much would"
                        + " hit line "
                        + other.line().number());
              });
    }
  }

  private void deny(Rule rule, Access access, List<Rule> allowing) {
    keep(rule, access);
    allowing.stream()
        .filter(rule::exceedsInto)
        .findFirst()
        .ifPresent(
            other ->
                lose(
                    rule,
                    "a '*' for its '+' crosses levels and denies a part of line "
                        + other.line().number()));
  }

  /** A pattern denies only what patterns allow; a user's own rules go before it. */
  private boolean mustDeny(Rule rule, List<Rule> allowing) {
    var shadowing =
        allowing.stream()
            .filter(other -> !other.line().isPattern() && other.overlaps(rule))
            .toList();
    if (shadowing.isEmpty() || isDeniedAnyway(rule)) {
      return true;
    }
    boolean needless =
        allowing.stream().noneMatch(other -> other.line().isPattern() && other.overlaps(rule))
            || shadowing.stream().anyMatch(other -> other.known().covers(rule.known()));
    if (!needless) {
      lose(
          rule,
          "here it denies a part of line "
              + shadowing.getFirst().line().number()
              + ", whose user Mosquitto lets through");
    }
    return !needless;
  }

  private boolean isDeniedAnyway(Rule rule) {
    return own.stream()
        .anyMatch(other -> other.line().denies() && other.known().covers(rule.known()));
  }

  private void keep(Rule rule, Access access) {
    kept.computeIfAbsent(rule.line().number(), _ -> EnumSet.noneOf(Access.class)).add(access);
  }

  private void lose(Rule rule, String why) {
    losses.add(new Loss(rule.line(), why));
  }
}
