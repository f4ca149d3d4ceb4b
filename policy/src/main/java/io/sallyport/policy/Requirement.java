package io.sallyport.policy;

import io.sallyport.policy.StatementView.AnyLetter;
import io.sallyport.policy.StatementView.AnyRun;
import io.sallyport.policy.StatementView.Letters;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.condition.Comparison.Quantifier;
import io.sallyport.policy.condition.Family;
import io.sallyport.policy.condition.Truth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A condition of a statement, for whoever reasons about policies instead of deciding by them. */
public final class Requirement {
  private final Condition condition;

  Requirement(Condition condition) {
    this.condition = condition;
  }

  /** The key that it looks at, as documents write it. */
  public String key() {
    return condition.key().word();
  }

  /** The whole of it; equal texts are equal conditions. */
  public String text() {
    return condition.toString();
  }

  /** Whether it comes to the same for as long as a session lasts. */
  public boolean lasts() {
    return condition.isOfSession();
  }

  /** Whether its key can have a value where this action is asked for. */
  public boolean isAsked(Action action) {
    return condition.isAsked(action);
  }

  /** Whether variables stand in what it expects. */
  public boolean hasVariables() {
    return !condition.variables().isEmpty();
  }

  /**
   * Values of which one stands for each that its key can have, as far as this condition can tell;
   * nothing if that cannot be said by examples.
   */
  public Optional<List<String>> examples() {
    if (condition.key().isList() || hasVariables()) {
      return Optional.empty();
    }
    if (condition.key().type() == ConditionKey.Type.BOOL) {
      return Optional.of(List.of("true", "false"));
    }
    if (isExistence()) {
      return Optional.of(List.of());
    }
    var operator = condition.comparison().operator();
    if (operator.family() != Family.STRING || operator.hasWildcards() || !isPlain()) {
      return Optional.empty();
    }
    var examples = new LinkedHashSet<>(condition.written());
    for (var value : condition.written()) {
      examples.add(value.toLowerCase(Locale.ROOT));
      examples.add(value.toUpperCase(Locale.ROOT));
    }
    return Optional.of(List.copyOf(examples));
  }

  /** Whether its key has no values but those of {@link #examples}. */
  public boolean isClosed() {
    return condition.key().type() == ConditionKey.Type.BOOL;
  }

  /** What a text is compared with, letter by letter; nothing if it is another comparison. */
  public Optional<List<List<Piece>>> patterns() {
    var operator = condition.comparison().operator();
    if (isExistence()) {
      return Optional.of(List.of());
    }
    if (operator.family() != Family.STRING || operator.ignoresCase() || !isPlain()) {
      return Optional.empty();
    }
    return Optional.of(
        condition.written().stream().map(text -> pieces(text, operator.hasWildcards())).toList());
  }

  private static List<Piece> pieces(String text, boolean wildcards) {
    var pieces = new ArrayList<Piece>();
    text.codePoints()
        .forEach(
            letter ->
                pieces.add(
                    wildcards && letter == '*'
                        ? new AnyRun()
                        : wildcards && letter == '?'
                            ? new AnyLetter()
                            : new Letters(Character.toString(letter))));
    return pieces;
  }

  private boolean isExistence() {
    return condition.comparison().operator().family() == Family.EXISTENCE;
  }

  private boolean isPlain() {
    return condition.comparison().quantifier() == Quantifier.ONE
        && !hasVariables()
        && condition.written().stream().noneMatch(text -> text.contains("${"));
  }

  /** What it comes to for this action of this subject, if these facts are taken for granted. */
  public Truth holds(Action action, Subject subject, Map<String, List<String>> facts) {
    var assuming =
        new Subject(
            subject.clientId(),
            subject.thingName(),
            subject.thingType(),
            subject.thingAttributes(),
            subject.certificate(),
            subject.attached(),
            subject.connection(),
            subject.live(),
            facts);
    return condition.holds(action, new Facts(assuming, Mode.STRICT, RequestContext.NONE));
  }

  @Override
  public String toString() {
    return text();
  }
}
