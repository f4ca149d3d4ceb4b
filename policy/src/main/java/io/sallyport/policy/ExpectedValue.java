package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import io.sallyport.policy.condition.Family;
import io.sallyport.policy.condition.Operand;
import io.sallyport.policy.condition.Operator;
import io.sallyport.policy.condition.Truth;
import java.util.Set;

/** Reads what a condition expects of a key. */
final class ExpectedValue {
  private ExpectedValue() {}

  static Condition.Expected parse(
      Operator operator, ConditionKey key, Text value, boolean variables, Set<Variable> found)
      throws MalformedPolicy {
    value.printable(ResourcePattern.LENGTH_MAX);
    if (operator.family().hasVariables()) {
      var text = ExpectedText.parse(compared(operator, key, value), operator, variables);
      found.addAll(text.variables());
      return (actual, facts) -> Truth.of(text.fits(actual, facts));
    }
    var typed = operator.family() == Family.EXISTENCE ? Operator.BOOL : operator;
    var operand = Operand.parse(typed, value.value()).orElseThrow(() -> refusal(operator, value));
    return (actual, _) -> operand.fits(actual);
  }

  /** Of an ARN type and name count: region and account mean this installation. */
  private static Text compared(Operator operator, ConditionKey key, Text value)
      throws MalformedPolicy {
    if (key.type() != ConditionKey.Type.ARN
        || (value.value().equals("*") && operator.hasWildcards())) {
      return value;
    }
    var resource = ResourcePattern.resourceOf(value.value());
    if (resource == null) {
      throw value.refuse(
          Reason.CONDITION_VALUE,
          "not of the form 'arn:aws:iot:<region>:<account>:topic/<name>': " + value.quoted());
    }
    return new Text(resource, value.at());
  }

  private static MalformedPolicy refusal(Operator operator, Text value) {
    return value.refuse(
        Reason.CONDITION_VALUE,
        "'" + operator.word() + "' needs " + operator.family().noun() + ", not " + value.quoted());
  }
}
