package io.sallyport.cli.command;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code k=v} as arguments of a signed command: {@code true} and {@code false}, whole numbers, and
 * texts; {@code k:=JSON} for everything else, and for texts that look like a number.
 */
final class CommandArguments {
  private static final Pattern NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,18}");
  private static final Pattern FRACTION = Pattern.compile("-?[0-9]+\\.[0-9]+([eE][+-]?[0-9]+)?");

  private CommandArguments() {}

  static ObjectNode of(List<String> words) {
    var arguments = Json.mapper().createObjectNode();
    for (var word : words) {
      int end = word.indexOf('=');
      boolean json = end > 1 && word.charAt(end - 1) == ':';
      int nameEnd = json ? end - 1 : end;
      if (end < 1 || word.startsWith(":=")) {
        throw Failure.badInput("'" + word + "' is not of the form KEY=VALUE or KEY:=JSON");
      }
      var name = word.substring(0, nameEnd);
      if (arguments.has(name)) {
        throw Failure.badInput("'" + name + "' is given twice");
      }
      if (json) {
        putJson(arguments, name, word.substring(end + 1));
      } else {
        put(arguments, name, word.substring(end + 1));
      }
    }
    return arguments;
  }

  private static void put(ObjectNode arguments, String name, String value) {
    if (value.equals("true") || value.equals("false")) {
      arguments.put(name, value.equals("true"));
    } else if (NUMBER.matcher(value).matches()) {
      try {
        arguments.put(name, Long.parseLong(value));
      } catch (NumberFormatException e) {
        throw Failure.badInput("'" + name + "' has more than 64 bits: " + value);
      }
    } else if (FRACTION.matcher(value).matches()) {
      throw Failure.badInput(
          "'"
              + name
              + "' is a fraction, which devices do not read: send a smaller unit, or a text with "
              + name
              + ":='\""
              + value
              + "\"'");
    } else {
      arguments.put(name, value);
    }
  }

  private static void putJson(ObjectNode arguments, String name, String value) {
    try {
      arguments.set(name, Json.mapper().readTree(value));
    } catch (JacksonException e) {
      throw Failure.badInput("'" + name + "' is not well-formed JSON: " + value);
    }
  }
}
