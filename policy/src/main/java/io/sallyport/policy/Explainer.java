package io.sallyport.policy;

import io.sallyport.policy.Explanation.Change;
import io.sallyport.policy.Explanation.Considered;
import io.sallyport.policy.Explanation.Failure;
import io.sallyport.policy.Explanation.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks at every statement of a policy set for one request, and says of each what it lacks. */
final class Explainer {
  /** Bound: the statements that an explanation names. */
  static final int CONSIDERED_MAX = 100;

  private final PolicySet set;
  private final Facts facts;
  private final Action action;
  private final String name;

  Explainer(PolicySet set, Facts facts, Action action, String name) {
    this.set = set;
    this.facts = facts;
    this.action = action;
    this.name = name;
  }

  /** One statement with what it lacks. */
  private record Seen(StatementRef ref, Statement statement, List<Failure> failed) {
    boolean applies(Effect effect) {
      return failed.isEmpty() && statement.effect() == effect;
    }

    /**
     * Whether no more than one kind of its parts failed; a variable is part of what it stands in.
     */
    boolean isNear() {
      return failed.stream()
              .map(Failure::part)
              .map(part -> part == Part.VARIABLE ? Part.RESOURCE : part)
              .distinct()
              .count()
          <= 1;
    }

    Considered considered() {
      return new Considered(ref, statement.effect() == Effect.ALLOW, failed);
    }
  }

  /** Explains a decision; of what is no name at all there is nothing to change. */
  Explanation explain(Decision decision, boolean isName) {
    var seen = isName ? all() : List.<Seen>of();
    var considered =
        seen.stream()
            .filter(Seen::isNear)
            .filter(one -> !isDeciding(decision, one.ref()))
            .limit(CONSIDERED_MAX)
            .map(Seen::considered)
            .toList();
    var changes = isName && !decision.isAllowed() ? changes(seen) : List.<Change>of();
    return new Explanation(action, name, decision, considered, changes);
  }

  private List<Seen> all() {
    var seen = new ArrayList<Seen>();
    for (var policy : set.policies()) {
      var statements = policy.document().statements();
      for (int i = 0; i < statements.size(); i++) {
        var statement = statements.get(i);
        seen.add(new Seen(StatementRef.of(policy, i), statement, failures(statement)));
      }
    }
    return seen;
  }

  private static boolean isDeciding(Decision decision, StatementRef ref) {
    return switch (decision) {
      case Decision.Allowed(var by) -> by.equals(ref);
      case Decision.ExplicitlyDenied(var by) -> by.equals(ref);
      case Decision.ImplicitlyDenied() -> false;
    };
  }

  private List<Change> changes(List<Seen> seen) {
    var remedy = new Remedy(facts, action, name);
    if (!remedy.isPossible()) {
      return List.of();
    }
    var changes = new ArrayList<Change>();
    seen.stream()
        .filter(one -> one.applies(Effect.DENY))
        .map(one -> remedy.narrow(one.ref(), one.statement()))
        .forEach(changes::add);
    if (seen.stream().noneMatch(one -> one.applies(Effect.ALLOW))) {
      changes.add(remedy.add());
    }
    return changes;
  }

  private List<Failure> failures(Statement statement) {
    var failures = new ArrayList<Failure>();
    if (!statement.actions().contains(action)) {
      var words = statement.actions().stream().sorted().map(Action::word).toList();
      failures.add(new Failure(Part.ACTION, "Action", words, List.of(action.word())));
    }
    if (!isWidening(statement)) {
      statement
          .variables()
          .distinct()
          .filter(variable -> !facts.resolves(variable))
          .map(Variable::name)
          .sorted()
          .map(word -> new Failure(Part.VARIABLE, "${" + word + "}", List.of(), List.of()))
          .forEach(failures::add);
    }
    if (covers(statement) == statement.excluding()) {
      failures.add(
          new Failure(
              Part.RESOURCE,
              statement.excluding() ? "NotResource" : "Resource",
              statement.resources().stream().map(ResourcePattern::toString).toList(),
              List.of(action.resourceType() + "/" + name)));
    }
    statement.conditions().stream()
        .filter(condition -> !Rule.isHeld(condition.holds(action, facts), statement.effect()))
        .map(this::failure)
        .forEach(failures::add);
    return failures;
  }

  private Failure failure(Condition condition) {
    return new Failure(
        Part.CONDITION,
        condition.comparison().word() + " " + condition.key().word(),
        condition.written(),
        condition.isAsked(action) ? facts.values(condition.key()) : List.of());
  }

  /** Whether a variable without a value widens the statement instead of ending it. */
  private boolean isWidening(Statement statement) {
    return facts.isStrict() && statement.effect() == Effect.DENY;
  }

  private boolean covers(Statement statement) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return statement.resources().stream()
        .flatMap(resource -> patterns(statement, resource))
        .anyMatch(pattern -> pattern.matches(bytes, Slots.NONE));
  }

  private Stream<Glob> patterns(Statement statement, ResourcePattern resource) {
    ResourcePattern meant = resource;
    if (!resource.variables().stream().allMatch(facts::resolves)) {
      if (statement.excluding() || !isWidening(statement)) {
        return Stream.of();
      }
      meant = resource.widened();
    }
    return meant.namesOf(action.resourceType()).stream()
        .map(items -> Glob.of(GlobItem.collapsed(facts.filled(items))));
  }
}
