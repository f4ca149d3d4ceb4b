package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import io.sallyport.policy.condition.Comparison;
import io.sallyport.policy.condition.Comparison.Quantifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The grammar of {@code Condition}: operators with keys with values. */
final class ConditionReader {
  private final StrictJson json;
  private final Mode mode;
  private final List<Unread> unread = new ArrayList<>();

  /** A condition whose values wait for the version of the document. */
  record Unread(Comparison comparison, ConditionKey key, List<Text> values) {
    Condition read(boolean variables) throws MalformedPolicy {
      return Condition.parse(comparison, key, values, variables);
    }
  }

  ConditionReader(StrictJson json, Mode mode) {
    this.json = json;
    this.mode = mode;
  }

  /** Reads the whole member; the cursor stands on its value. */
  List<Unread> read() throws MalformedPolicy {
    var start = json.place();
    json.object("'Condition'", this::operator);
    if (unread.isEmpty()) {
      throw start.refuse(Reason.EMPTY_LIST, "'Condition' must not be empty");
    }
    return unread;
  }

  private void operator(Text word) throws MalformedPolicy {
    var comparison =
        Comparison.parse(word.value())
            .orElseThrow(() -> word.refuse(Reason.OPERATOR, "unknown operator: " + word.quoted()));
    var keys = new HashSet<ConditionKey>();
    json.object(word.quoted(), key -> key(comparison, key, keys));
    if (keys.isEmpty()) {
      throw word.refuse(Reason.EMPTY_LIST, word.quoted() + " must not be empty");
    }
  }

  private void key(Comparison comparison, Text word, Set<ConditionKey> keys)
      throws MalformedPolicy {
    var key =
        ConditionKey.parse(word.value())
            .orElseThrow(
                () -> word.refuse(Reason.CONDITION_KEY, "unknown condition key: " + word.quoted()));
    if (!keys.add(key)) {
      throw word.refuse(Reason.DUPLICATE_MEMBER, "key twice in one operator: " + word.quoted());
    }
    if (!key.takes(comparison.operator().family())) {
      throw word.refuse(
          Reason.OPERATOR, "'" + comparison.word() + "' cannot compare " + word.quoted());
    }
    if (mode == Mode.STRICT && key.isList() && !Condition.suitsList(comparison)) {
      throw word.refuse(
          Reason.CONDITION_KEY, "a list needs 'ForAnyValue:' or 'ForAllValues:': " + word.quoted());
    }
    var at = json.place();
    var values = json.scalars(word.quoted());
    // A list can be compared with nothing: 'only default features'. One value cannot.
    if (values.isEmpty() && comparison.quantifier() == Quantifier.ONE) {
      throw at.refuse(Reason.EMPTY_LIST, word.quoted() + " must not be empty");
    }
    unread.add(new Unread(comparison, key, values));
  }
}
