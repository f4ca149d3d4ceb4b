package io.sallyport.control.provisioning.template;

import io.sallyport.control.provisioning.template.Expression.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads expressions; what they refer to must be declared. */
final class ExpressionReader {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)\\}");
  private static final int INDEX_MAX = 50;

  private final Set<String> parameters;
  private final Set<String> mappings;

  ExpressionReader(Set<String> parameters, Set<String> mappings) {
    this.parameters = parameters;
    this.mappings = mappings;
  }

  Expression text(Node node) throws MalformedTemplate {
    if (node.isText()) {
      return new Expression.Literal(node.text());
    }
    var function = function(node);
    var argument = function.getValue();
    return switch (function.getKey()) {
      case "Ref" -> ref(argument, argument.text());
      case "Fn::Join" -> {
        var two = argument.elements(2);
        yield new Expression.Join(two.get(0).text(), texts(two.get(1)));
      }
      case "Fn::Select" -> {
        var two = argument.elements(2);
        yield new Expression.Select(index(two.get(0)), texts(two.get(1)));
      }
      case "Fn::Sub" -> sub(argument);
      case "Fn::FindInMap" -> {
        var three = argument.elements(3);
        var map = three.get(0).text();
        if (!mappings.contains(map)) {
          throw three.get(0).refuse("there is no mapping '" + map + "'");
        }
        yield new Expression.FindInMap(map, text(three.get(1)), text(three.get(2)));
      }
      case "Fn::Split" -> throw argument.refuse("stands for a list, where a text is needed");
      default -> throw argument.refuse("is no function that is supported");
    };
  }

  private static Map.Entry<String, Node> function(Node node) throws MalformedTemplate {
    var members = node.members();
    if (members.size() != 1) {
      throw node.refuse("must be a text or one function");
    }
    return members.entrySet().iterator().next();
  }

  private Expression ref(Node at, String name) throws MalformedTemplate {
    if (!parameters.contains(name)) {
      throw at.refuse("there is no parameter '" + name + "'");
    }
    return new Expression.Ref(name);
  }

  private Texts texts(Node node) throws MalformedTemplate {
    if (node.isList()) {
      return new Texts.Each(list(node));
    }
    var function = function(node);
    if (!function.getKey().equals("Fn::Split")) {
      throw function.getValue().refuse("stands for a text, where a list is needed");
    }
    var two = function.getValue().elements(2);
    var delimiter = two.get(0).text();
    if (delimiter.isEmpty()) {
      throw two.get(0).refuse("must not be empty");
    }
    return new Texts.Split(delimiter, text(two.get(1)));
  }

  List<Expression> list(Node node) throws MalformedTemplate {
    var expressions = new ArrayList<Expression>();
    for (var element : node.elements()) {
      expressions.add(text(element));
    }
    return expressions;
  }

  private static int index(Node node) throws MalformedTemplate {
    var text = node.json().isInt() ? Integer.toString(node.json().asInt()) : node.text();
    if (!text.matches("[0-9]{1,2}") || Integer.parseInt(text) > INDEX_MAX) {
      throw node.refuse("must be a number from 0 to " + INDEX_MAX);
    }
    return Integer.parseInt(text);
  }

  /** With variables of its own, which AWS's long form has, nothing would be gained. */
  private Expression sub(Node argument) throws MalformedTemplate {
    if (argument.isList()) {
      throw argument.refuse("Fn::Sub is supported with one text, and parameters in it");
    }
    var text = argument.text();
    var parts = new ArrayList<Expression>();
    var variables = VARIABLE.matcher(text);
    int from = 0;
    while (variables.find()) {
      parts.add(new Expression.Literal(text.substring(from, variables.start())));
      // ${!Literal} stands for ${Literal}.
      parts.add(
          variables.group(1).isEmpty()
              ? ref(argument, variables.group(2).strip())
              : new Expression.Literal("${" + variables.group(2) + "}"));
      from = variables.end();
    }
    parts.add(new Expression.Literal(text.substring(from)));
    return new Expression.Sub(parts);
  }
}
