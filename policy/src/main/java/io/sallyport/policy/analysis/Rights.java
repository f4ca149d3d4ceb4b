package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All that a policy set allows a principal, as one language for each action. */
public final class Rights {
  private final Map<Action, List<Clause>> clauses = new EnumMap<>(Action.class);
  private final Map<Action, Language> languages = new EnumMap<>(Action.class);

  private Rights(List<StatementView> statements, Valuation values, Mode mode, Certainty certainty) {
    for (var action : Action.values()) {
      var found = new ArrayList<Clause>();
      for (var statement : statements) {
        var clause = Clause.of(statement, action, values, mode, certainty);
        if (clause != null) {
          found.add(clause);
        }
      }
      clauses.put(action, found);
    }
  }

  /** The rights by this set. */
  public static Rights of(PolicySet set, Valuation values, Mode mode, Certainty certainty) {
    return of(statements(set), values, mode, certainty);
  }

  static Rights of(
      List<StatementView> statements, Valuation values, Mode mode, Certainty certainty) {
    return new Rights(statements, values, mode, certainty);
  }

  static List<StatementView> statements(PolicySet set) {
    return set.policies().stream().flatMap(one -> StatementView.of(one).stream()).toList();
  }

  /** Exactly the names that the action is allowed on. */
  public Language names(Action action) {
    return languages.computeIfAbsent(action, a -> Language.allowedBy(clauses(a)));
  }

  /** Whether the action is allowed on this one name. */
  public boolean allows(Action action, String name) {
    return denying(action, name).isEmpty() && !allowing(action, name).isEmpty();
  }

  /** The statements with Effect Allow that cover the name. */
  public List<StatementRef> allowing(Action action, String name) {
    return covering(action, name, true);
  }

  /** The statements with Effect Deny that cover the name. */
  public List<StatementRef> denying(Action action, String name) {
    return covering(action, name, false);
  }

  List<Clause> clauses(Action action) {
    return clauses.getOrDefault(action, List.of());
  }

  private List<StatementRef> covering(Action action, String name, boolean allows) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return clauses(action).stream()
        .filter(clause -> clause.allows() == allows && clause.covers(bytes))
        .map(Clause::at)
        .toList();
  }
}
