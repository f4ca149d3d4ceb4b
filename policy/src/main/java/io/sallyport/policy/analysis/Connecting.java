package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Resource;
import io.sallyport.policy.StatementView.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Which names of a class may connect at all. A pattern with the own name in it fits every name; one
 * without is a language of names.
 */
final class Connecting {
  private Connecting() {}

  /** The names that may possibly connect: never too few. */
  static Language names(PolicyClass principals) {
    var allowed = Language.NONE;
    var denied = allowed;
    for (var statement : Rights.statements(principals.policies())) {
      if (statement.actions().contains(Action.CONNECT)) {
        if (statement.allows()) {
          allowed = allowed.or(covered(statement, principals));
        } else if (!statement.conditional()
            && !statement.excluding()
            && statement.resources().stream().allMatch(one -> one.variables().isEmpty())) {
          denied = denied.or(covered(statement, principals));
        }
      }
    }
    return allowed.minus(denied).and(Names.IDS);
  }

  private static Language covered(StatementView statement, PolicyClass principals) {
    if (statement.excluding() || isOwnName(statement, principals)) {
      return Names.IDS;
    }
    var patterns = new ArrayList<Pattern>();
    for (var resource : statement.resources()) {
      for (var pieces : names(resource)) {
        patterns.add(Pattern.of(pieces, _ -> new Valuation.Unknown()));
      }
    }
    return Language.matching(patterns).and(Names.IDS).or(withSuffix(patterns));
  }

  /** The names in front of which {@code :<something>} would make the client id fit. */
  private static Language withSuffix(List<Pattern> patterns) {
    var names = Language.matching(patterns).automaton().clone();
    for (var state : names.getStates()) {
      state.setAccept(state.step(':') != null);
    }
    names.setDeterministic(false);
    return Language.of(names).and(Names.IDS);
  }

  private static boolean isOwnName(StatementView statement, PolicyClass principals) {
    return statement.resources().stream()
        .flatMap(resource -> names(resource).stream())
        .flatMap(List::stream)
        .anyMatch(piece -> piece instanceof Value(var name) && principals.isNamed(name));
  }

  private static List<List<Piece>> names(Resource resource) {
    return resource.names().getOrDefault(Action.CONNECT, List.of());
  }
}
