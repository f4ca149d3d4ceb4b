package io.sallyport.policy;

import io.sallyport.policy.GlobItem.Letter;
import io.sallyport.policy.GlobItem.Value;
import io.sallyport.policy.condition.Operator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An expected value of a String or Arn operator: a text with variables, perhaps with wildcards. */
final class ExpectedText {
  private final List<GlobItem> items;
  private final Operator operator;

  private ExpectedText(List<GlobItem> items, Operator operator) {
    this.items = items;
    this.operator = operator;
  }

  static ExpectedText parse(Text text, Operator operator, boolean variables)
      throws MalformedPolicy {
    boolean wildcards = operator.hasWildcards();
    if (variables) {
      return new ExpectedText(new VariableScanner(text, wildcards).items(), operator);
    }
    return new ExpectedText(
        wildcards
            ? GlobItem.wildcards(text.value())
            : text.value().codePoints().<GlobItem>mapToObj(Letter::new).toList(),
        operator);
  }

  Set<Variable> variables() {
    return items.stream()
        .filter(Value.class::isInstance)
        .map(item -> ((Value) item).variable())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether an actual value fits; every variable has a value. */
  boolean fits(String actual, Facts facts) {
    if (operator.hasWildcards()) {
      return Glob.of(GlobItem.collapsed(facts.filled(items)))
          .matches(actual.getBytes(StandardCharsets.UTF_8), Slots.NONE);
    }
    var expected = new StringBuilder();
    for (var item : facts.filled(items)) {
      if (item instanceof Letter(int codePoint)) {
        expected.appendCodePoint(codePoint);
      }
    }
    return operator.ignoresCase()
        ? expected.toString().equalsIgnoreCase(actual)
        : expected.toString().equals(actual);
  }
}
