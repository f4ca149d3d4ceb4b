package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import io.sallyport.policy.condition.Operand;
import io.sallyport.policy.condition.Operator;
import io.sallyport.policy.condition.Truth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Facts that somebody wants to be taken for granted, by the names of condition keys: "what if it
 * were night, and the request came from there".
 */
final class Assumptions {
  /** Bound: the facts that can be taken for granted at once, and the values of one. */
  static final int FACTS_MAX = 64;

  static final int VALUES_MAX = 64;

  private static final String WHOLE_DAY_BUT_A_MINUTE = "00:00-23:59";
  private static final Place NOWHERE = new Place(1, 1);

  private Assumptions() {}

  /** The facts by their words as documents have them; refuses what no key could hold. */
  static Map<String, List<String>> checked(Map<String, List<String>> facts) throws MalformedPolicy {
    if (facts.size() > FACTS_MAX) {
      throw NOWHERE.refuse(Reason.TOO_LARGE, "at most " + FACTS_MAX + " facts can be set");
    }
    var checked = new HashMap<String, List<String>>();
    for (var fact : facts.entrySet()) {
      var key =
          ConditionKey.parse(fact.getKey())
              .orElseThrow(
                  () ->
                      NOWHERE.refuse(
                          Reason.CONDITION_KEY,
                          "unknown condition key: " + Text.quoted(fact.getKey())));
      check(key, fact.getValue());
      key.synonyms().forEach(word -> checked.put(word, List.copyOf(fact.getValue())));
    }
    return Map.copyOf(checked);
  }

  private static void check(ConditionKey key, List<String> values) throws MalformedPolicy {
    if (key.isList() ? values.size() > VALUES_MAX : values.size() != 1) {
      throw NOWHERE.refuse(
          Reason.CONDITION_VALUE,
          "'"
              + key.word()
              + "' has "
              + (key.isList() ? "at most " + VALUES_MAX : "one")
              + " value"
              + (key.isList() ? "s" : ""));
    }
    for (var value : values) {
      new Text(value, NOWHERE).printable(ResourcePattern.LENGTH_MAX);
      if (!suits(key, value)) {
        throw NOWHERE.refuse(
            Reason.CONDITION_VALUE, "'" + key.word() + "' cannot be " + Text.quoted(value));
      }
    }
  }

  /** A value suits its key if it can be compared with something of its type. */
  private static boolean suits(ConditionKey key, String value) {
    return switch (key.type()) {
      case TEXT, WORD, ARN -> true;
      case BOOL -> Operand.parse(Operator.BOOL, value).isPresent();
      case NUMBER, SECONDS -> Operand.parse(Operator.NUMERIC_EQUALS, value).isPresent();
      case DATE -> Operand.parse(Operator.DATE_EQUALS, value).isPresent();
      case VERSION -> Operand.parse(Operator.VERSION_EQUALS, value).isPresent();
      case ADDRESS -> isKnown(Operand.parse(Operator.IP_ADDRESS, "::/0"), value);
      case TIME ->
          isKnown(Operand.parse(Operator.TIME_OF_DAY_BETWEEN, WHOLE_DAY_BUT_A_MINUTE), value);
    };
  }

  private static boolean isKnown(Optional<Operand> operand, String value) {
    return operand.orElseThrow().fits(value) != Truth.UNKNOWN;
  }
}
