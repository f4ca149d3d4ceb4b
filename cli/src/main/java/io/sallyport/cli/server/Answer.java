package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** One object of a server's answer, read strictly: a member that is promised must be there. */
public record Answer(JsonNode json) {
  /** Text that must be there. */
  public String text(String member) {
    return optionalText(member).orElseThrow(() -> lacks(member));
  }

  /** Text that may be absent or null. */
  public Optional<String> optionalText(String member) {
    var value = json.get(member);
    return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  /** A whole number that must be there. */
  public long number(String member) {
    var value = json.get(member);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw lacks(member);
    }
    return value.longValue();
  }

  /** A number with or without a fraction that must be there. */
  public double decimal(String member) {
    var value = json.get(member);
    if (value == null || !value.isNumber()) {
      throw lacks(member);
    }
    return value.doubleValue();
  }

  /** Whether something holds; it must be said. */
  public boolean flag(String member) {
    var value = json.get(member);
    if (value == null || !value.isBoolean()) {
      throw lacks(member);
    }
    return value.booleanValue();
  }

  /** An object that must be there. */
  public Answer object(String member) {
    var value = json.get(member);
    if (value == null || !value.isObject()) {
      throw lacks(member);
    }
    return new Answer(value);
  }

  /** A list of objects that must be there. */
  public List<Answer> objects(String member) {
    return list(member).valueStream().map(Answer::new).toList();
  }

  /** A list of texts that must be there. */
  public List<String> texts(String member) {
    return list(member).valueStream().map(JsonNode::asString).toList();
  }

  /** An object's members on one line, {@code name=value} each; empty where there is none. */
  public String pairs(String member) {
    var pairs = new StringJoiner(" ");
    var value = json.get(member);
    if (value != null && value.isObject()) {
      for (var property : value.properties()) {
        pairs.add(property.getKey() + "=" + shown(property.getValue()));
      }
    }
    return pairs.toString();
  }

  /** A value as a table shows it. */
  public static String shown(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  private JsonNode list(String member) {
    var value = json.get(member);
    if (value == null || !value.isArray()) {
      throw lacks(member);
    }
    return value;
  }

  private static Failure lacks(String member) {
    return Failure.unavailable(
        "the server's answer lacks '" + member + "': is it of the same version as this command?");
  }
}
