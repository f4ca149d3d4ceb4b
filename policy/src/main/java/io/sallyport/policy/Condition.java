package io.sallyport.policy;

import io.sallyport.policy.ConditionKey.Lifetime;
import io.sallyport.policy.condition.Comparison;
import io.sallyport.policy.condition.Comparison.Quantifier;
import io.sallyport.policy.condition.Family;
import io.sallyport.policy.condition.Truth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** One key compared with what is expected of it; a statement needs all of its conditions. */
final class Condition {
  private final Comparison comparison;
  private final ConditionKey key;
  private final List<String> written;
  private final List<Expected> expected;
  private final Set<Variable> variables;

  /** One expected value. */
  interface Expected {
    Truth fits(String actual, Facts facts);
  }

  Condition(
      Comparison comparison,
      ConditionKey key,
      List<String> written,
      List<Expected> expected,
      Set<Variable> variables) {
    this.comparison = comparison;
    this.key = key;
    this.written = List.copyOf(written);
    this.expected = List.copyOf(expected);
    this.variables = Set.copyOf(variables);
  }

  Comparison comparison() {
    return comparison;
  }

  ConditionKey key() {
    return key;
  }

  /** The expected values as they are written. */
  List<String> written() {
    return written;
  }

  /** The variables of the expected values. */
  Set<Variable> variables() {
    return variables;
  }

  /** Whether the answer is the same for a whole session as far as this action is asked for. */
  boolean isSettled(Action action) {
    return switch (key.lifetime()) {
      case SESSION -> true;
      case LIVE -> false;
      // Only a CONNECT says something of itself.
      case REQUEST -> action != Action.CONNECT;
    };
  }

  boolean isOfSession() {
    return key.lifetime() == Lifetime.SESSION;
  }

  /** Whether its key can have a value where this action is asked for. */
  boolean isAsked(Action action) {
    return key.lifetime() != Lifetime.REQUEST || action == Action.CONNECT;
  }

  /** Whether it holds for a request of this action. */
  Truth holds(Action action, Facts facts) {
    boolean resolved = variables.stream().allMatch(facts::resolves);
    return resolved && !isAsked(action) ? holdsWithoutValue(facts) : holds(facts);
  }

  /** Whether it holds; unknown only in strict mode. */
  Truth holds(Facts facts) {
    if (!variables.stream().allMatch(facts::resolves)) {
      // As AWS has it, a statement with an unresolved variable falls away, whatever its effect.
      return facts.isStrict() ? Truth.UNKNOWN : Truth.FALSE;
    }
    var actual = facts.values(key);
    if (actual.isEmpty()) {
      return holdsWithoutValue(facts);
    }
    if (isNull()) {
      return any(expected, one -> one.fits("false", facts));
    }
    return switch (comparison.quantifier()) {
      case ONE -> single(actual, facts);
      case ANY -> any(actual, value -> passes(value, facts));
      case ALL -> any(actual, value -> passes(value, facts).not()).not();
    };
  }

  private boolean isNull() {
    return comparison.operator().family() == Family.EXISTENCE;
  }

  /** Whether it holds where the key is missing. */
  Truth holdsWithoutValue(Facts facts) {
    if (isNull()) {
      return any(expected, one -> one.fits("true", facts));
    }
    if (comparison.ifExists()) {
      return Truth.TRUE;
    }
    if (facts.isStrict() && !key.isAlwaysKnown()) {
      return Truth.UNKNOWN;
    }
    return switch (comparison.quantifier()) {
      case ONE -> Truth.of(comparison.operator().isNegated());
      case ANY -> Truth.FALSE;
      case ALL -> Truth.TRUE;
    };
  }

  /** Of a list that is compared like one value, one must be among the expected, or none. */
  private Truth single(List<String> actual, Facts facts) {
    var fits = any(actual, value -> fits(value, facts));
    return comparison.operator().isNegated() ? fits.not() : fits;
  }

  private Truth passes(String actual, Facts facts) {
    var fits = fits(actual, facts);
    return comparison.operator().isNegated() ? fits.not() : fits;
  }

  private Truth fits(String actual, Facts facts) {
    var fits = any(expected, one -> one.fits(actual, facts));
    // As AWS has it, a value of another type fits nothing.
    return fits == Truth.UNKNOWN && !facts.isStrict() ? Truth.FALSE : fits;
  }

  private static <T> Truth any(List<T> choices, Function<T, Truth> question) {
    var result = Truth.FALSE;
    for (var choice : choices) {
      result = result.or(question.apply(choice));
    }
    return result;
  }

  /** The conjunction over several conditions. */
  static Truth all(List<Condition> conditions, Facts facts) {
    var result = Truth.TRUE;
    for (var condition : conditions) {
      result = result.and(condition.holds(facts));
    }
    return result;
  }

  /** Reads the expected values of one key. */
  static Condition parse(
      Comparison comparison, ConditionKey key, List<Text> values, boolean variables)
      throws MalformedPolicy {
    var expected = new ArrayList<Expected>();
    var found = new HashSet<Variable>();
    for (var value : values) {
      expected.add(ExpectedValue.parse(comparison.operator(), key, value, variables, found));
    }
    return new Condition(
        comparison, key, values.stream().map(Text::value).toList(), expected, found);
  }

  @Override
  public String toString() {
    return comparison.word() + " " + key.word() + " " + written;
  }

  /** Whether a list may be compared so: with a prefix, or if it is asked whether it is there. */
  static boolean suitsList(Comparison comparison) {
    return comparison.quantifier() != Quantifier.ONE
        || comparison.operator().family() == Family.EXISTENCE;
  }
}
