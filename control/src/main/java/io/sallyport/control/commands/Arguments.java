package io.sallyport.control.commands;

import io.sallyport.identity.cose.CborValue;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Arguments of commands in JSON, as they become values of the envelope: whole numbers, texts, true,
 * false, null, lists and objects. Fractions are refused, as devices read none.
 */
final class Arguments {
  // Bound: levels, two of which the payload has.
  private static final int DEPTH_MAX = 6;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Arguments() {}

  /** They are not what a command can carry; the message says which. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  static String written(Map<String, JsonNode> arguments) {
    return JSON.writeValueAsString(new TreeMap<>(arguments));
  }

  static Map<String, CborValue> values(String written) {
    try {
      var values = new HashMap<String, CborValue>();
      for (var member : JSON.readTree(written).properties()) {
        values.put(member.getKey(), value(member.getKey(), member.getValue(), DEPTH_MAX));
      }
      return values;
    } catch (JacksonException | Malformed e) {
      throw new IllegalStateException("the registry holds arguments", e);
    }
  }

  static Map<String, CborValue> values(Map<String, JsonNode> arguments) throws Malformed {
    var values = new HashMap<String, CborValue>();
    for (var argument : arguments.entrySet()) {
      values.put(argument.getKey(), value(argument.getKey(), argument.getValue(), DEPTH_MAX));
    }
    return values;
  }

  private static CborValue value(String name, JsonNode node, int levels) throws Malformed {
    if (levels == 0) {
      throw new Malformed("the argument '" + name + "' has more than " + DEPTH_MAX + " levels");
    }
    return switch (node.getNodeType()) {
      case STRING -> new CborValue.Text(node.asString());
      case BOOLEAN -> new CborValue.Truth(node.asBoolean());
      case NULL -> new CborValue.Nothing();
      case NUMBER -> {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
          throw new Malformed(
              "the argument '" + name + "' is not a whole number of 64 bits: " + node);
        }
        yield new CborValue.Whole(node.longValue());
      }
      case ARRAY -> {
        var items = new java.util.ArrayList<CborValue>();
        for (var item : node) {
          items.add(value(name, item, levels - 1));
        }
        yield new CborValue.Items(items);
      }
      case OBJECT -> {
        var members = new HashMap<CborValue, CborValue>();
        for (var member : node.properties()) {
          members.put(
              new CborValue.Text(member.getKey()), value(name, member.getValue(), levels - 1));
        }
        yield new CborValue.Members(members);
      }
      case BINARY, MISSING, POJO ->
          throw new Malformed("the argument '" + name + "' is of no kind that is sent");
    };
  }
}
