package io.sallyport.policy;

import static java.util.Objects.requireNonNull;

import io.sallyport.policy.condition.Truth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy set made ready for every session in which the same variables have values and the same
 * conditions hold; the values themselves stay outside, so that a whole fleet shares one.
 */
final class Template {
  // Invariant: every action has an entry, in which the rules that deny come first.
  private final EnumMap<Action, RuleTable> rules;
  private final PolicySet set;
  private final List<Right> rights;

  private Template(EnumMap<Action, RuleTable> rules, PolicySet set, List<Right> rights) {
    this.rules = rules;
    this.set = set;
    this.rights = rights;
  }

  /** The policies that it was made of. */
  PolicySet set() {
    return set;
  }

  /** Decides on a well-formed name; the first rule that applies to it has the word. */
  Ruling decide(Action action, byte[] name, Slots slots, Facts facts) {
    var ruling = of(action).first(name, slots, facts);
    return ruling == null ? Ruling.NOBODY : ruling;
  }

  /** What its rulings stand for, in the order of their numbers from 1 on. */
  List<Right> rights() {
    return rights;
  }

  long machineStates() {
    return rules.values().stream().mapToLong(RuleTable::machineStates).sum();
  }

  /** All patterns for this action. */
  PatternTree tree(Action action) {
    return of(action).tree();
  }

  /** Whether a decision on this action may be another one a moment later. */
  boolean isLive(Action action) {
    return of(action).isLive();
  }

  private RuleTable of(Action action) {
    return requireNonNull(rules.get(action));
  }

  static Decision nobodyAllows() {
    return Ruling.NOBODY.decision();
  }

  /**
   * What tells the sessions of one policy set apart.
   *
   * @param unresolved the variables without a value
   * @param dead the statements, counted over all policies, whose conditions do not hold for as long
   *     as the session lasts
   */
  record Variant(Mode mode, Set<Variable> unresolved, BitSet dead) {}

  /** Makes the template of a policy set for one of its variants. */
  static final class Compiler {
    private final Map<Variable, Integer> places;
    private final Variant variant;
    private final List<Right> rights = new ArrayList<>();

    Compiler(Map<Variable, Integer> places, Variant variant) {
      this.places = places;
      this.variant = variant;
    }

    Template compile(PolicySet set) {
      var rules = new EnumMap<Action, RuleTable>(Action.class);
      for (var action : Action.values()) {
        var found = new ArrayList<Rule>();
        for (var effect : List.of(Effect.DENY, Effect.ALLOW)) {
          addRules(set.policies(), action, effect, found);
        }
        rules.put(action, new RuleTable(found, places));
      }
      return new Template(rules, set, List.copyOf(rights));
    }

    private void addRules(
        List<PolicyVersion> policies, Action action, Effect effect, List<Rule> rules) {
      int number = 0;
      for (var policy : policies) {
        var statements = policy.document().statements();
        for (int i = 0; i < statements.size(); i++, number++) {
          var statement = statements.get(i);
          if (statement.effect() == effect
              && statement.actions().contains(action)
              && !variant.dead().get(number)
              && !fallsAway(statement, action)) {
            addRule(StatementRef.of(policy, i), statement, action, rules);
          }
        }
      }
    }

    private void addRule(StatementRef by, Statement statement, Action action, List<Rule> rules) {
      var globs = new ArrayList<Glob>();
      var rulings = new ArrayList<Ruling>();
      var decision = decision(statement.effect(), by);
      for (int i = 0; i < statement.resources().size(); i++) {
        int before = globs.size();
        addGlobs(statement, statement.resources().get(i), action, globs);
        if (globs.size() > before && !statement.excluding()) {
          var ruling = ruling(decision, new Right(by, action, i));
          rulings.addAll(Collections.nCopies(globs.size() - before, ruling));
        }
      }
      if (statement.excluding()) {
        rulings.add(ruling(decision, new Right(by, action, 0)));
      }
      if (!rulings.isEmpty()) {
        rules.add(
            new Rule(
                globs.toArray(Glob[]::new),
                rulings.toArray(Ruling[]::new),
                statement.excluding(),
                residue(statement, action)));
      }
    }

    private Ruling ruling(Decision decision, Right right) {
      rights.add(right);
      return new Ruling(decision, rights.size());
    }

    private static Decision decision(Effect effect, StatementRef by) {
      return switch (effect) {
        case ALLOW -> new Decision.Allowed(by);
        case DENY -> new Decision.ExplicitlyDenied(by);
      };
    }

    private boolean fallsAway(Statement statement, Action action) {
      boolean unresolved = statement.variables().anyMatch(variant.unresolved()::contains);
      boolean stays = statement.effect() == Effect.DENY && variant.mode() == Mode.STRICT;
      if (unresolved && !stays) {
        return true;
      }
      return isNeverAsked(statement, action);
    }

    /** Whether a condition on what only a CONNECT says rules out every other action. */
    private boolean isNeverAsked(Statement statement, Action action) {
      var nobody = new Facts(Facts.NOBODY, variant.mode(), RequestContext.NONE);
      return statement.conditions().stream()
          .filter(condition -> !condition.isOfSession() && condition.isSettled(action))
          .filter(this::isResolved)
          .anyMatch(condition -> condition.holdsWithoutValue(nobody) == Truth.FALSE);
    }

    /** An unresolved Deny stays whatever its condition would say: it is not asked. */
    private List<Condition> residue(Statement statement, Action action) {
      return statement.conditions().stream()
          .filter(condition -> !condition.isSettled(action))
          .filter(this::isResolved)
          .toList();
    }

    private boolean isResolved(Condition condition) {
      return condition.variables().stream().noneMatch(variant.unresolved()::contains);
    }

    private void addGlobs(
        Statement statement, ResourcePattern resource, Action action, List<Glob> globs) {
      if (resource.variables().stream().noneMatch(variant.unresolved()::contains)) {
        addGlobs(resource, action, globs);
      } else if (!statement.excluding()) {
        addGlobs(resource.widened(), action, globs);
      }
      // Else a Deny with NotResource: what is unknown is no exception from it.
    }

    private void addGlobs(ResourcePattern resource, Action action, List<Glob> globs) {
      for (var items : resource.namesOf(action.resourceType())) {
        globs.add(Glob.of(items, places));
      }
    }
  }
}
