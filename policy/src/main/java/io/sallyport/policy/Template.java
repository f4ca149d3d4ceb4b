package io.sallyport.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy set made ready for every session in which the same variables have values; the values
 * themselves stay outside, so that a whole fleet shares one.
 */
final class Template {
  private static final Rule[] NO_RULES = {};
  private static final Decision NOBODY_ALLOWS = new Decision.ImplicitlyDenied();

  // Invariant: every action has an entry, in which the rules that deny come first.
  private final EnumMap<Action, Rule[]> rules;

  private Template(EnumMap<Action, Rule[]> rules) {
    this.rules = rules;
  }

  /** Decides on a well-formed name; the first rule that covers it has the word. */
  Decision decide(Action action, byte[] name, Slots slots) {
    for (var rule : rules.getOrDefault(action, NO_RULES)) {
      if (rule.covers(name, slots)) {
        return rule.decision();
      }
    }
    return NOBODY_ALLOWS;
  }

  static Decision nobodyAllows() {
    return NOBODY_ALLOWS;
  }

  /** Makes the template of a policy set for a given set of variables without a value. */
  static final class Compiler {
    private final Map<Variable, Integer> places;
    private final Mode mode;
    private final Set<Variable> unresolved;

    Compiler(Map<Variable, Integer> places, Mode mode, Set<Variable> unresolved) {
      this.places = places;
      this.mode = mode;
      this.unresolved = unresolved;
    }

    Template compile(List<PolicyVersion> policies) {
      var rules = new EnumMap<Action, Rule[]>(Action.class);
      for (var action : Action.values()) {
        var found = new ArrayList<Rule>();
        for (var effect : List.of(Effect.DENY, Effect.ALLOW)) {
          policies.forEach(policy -> addRules(policy, action, effect, found));
        }
        rules.put(action, found.toArray(Rule[]::new));
      }
      return new Template(rules);
    }

    private void addRules(PolicyVersion policy, Action action, Effect effect, List<Rule> rules) {
      var statements = policy.document().statements();
      for (int i = 0; i < statements.size(); i++) {
        var statement = statements.get(i);
        if (statement.effect() != effect
            || !statement.actions().contains(action)
            || fallsAway(statement)) {
          continue;
        }
        var globs = globs(statement, action);
        if (globs.length > 0 || statement.excluding()) {
          var by = new StatementRef(policy.name(), policy.version(), i, statement.sid());
          rules.add(new Rule(decision(effect, by), globs, statement.excluding()));
        }
      }
    }

    private static Decision decision(Effect effect, StatementRef by) {
      return switch (effect) {
        case ALLOW -> new Decision.Allowed(by);
        case DENY -> new Decision.ExplicitlyDenied(by);
      };
    }

    private boolean fallsAway(Statement statement) {
      boolean stays = statement.effect() == Effect.DENY && mode == Mode.STRICT;
      return !stays && statement.resources().stream().anyMatch(this::isUnresolved);
    }

    private boolean isUnresolved(ResourcePattern resource) {
      return resource.variables().stream().anyMatch(unresolved::contains);
    }

    private Glob[] globs(Statement statement, Action action) {
      var globs = new ArrayList<Glob>();
      for (var resource : statement.resources()) {
        if (!isUnresolved(resource)) {
          addGlobs(resource, action, globs);
        } else if (!statement.excluding()) {
          addGlobs(resource.widened(), action, globs);
        }
        // Else a Deny with NotResource: what is unknown is no exception from it.
      }
      return globs.toArray(Glob[]::new);
    }

    private void addGlobs(ResourcePattern resource, Action action, List<Glob> globs) {
      for (var items : resource.namesOf(action.resourceType())) {
        globs.add(Glob.of(items, places));
      }
    }
  }
}
