package io.sallyport.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The language once more, as plainly as it can be said: over Strings, statement by statement,
 * knowing nothing of how the engine does it.
 */
record NaivePolicy(List<Rule> statements) {
  private static final String ARN = "arn:aws:iot:*:*:";

  /** One statement as it is written. */
  record Rule(
      String effect,
      boolean notAction,
      List<String> actions,
      boolean notResource,
      List<String> resources,
      Optional<NaiveCondition> condition) {

    String json() {
      return "{\"Effect\": \"%s\", \"%s\": %s, \"%s\": %s%s}"
          .formatted(
              effect,
              notAction ? "NotAction" : "Action",
              quoted(actions, ""),
              notResource ? "NotResource" : "Resource",
              quoted(resources, ARN),
              condition.map(one -> ", \"Condition\": " + one.json()).orElse(""));
    }

    private static List<String> quoted(List<String> texts, String prefix) {
      return texts.stream().map(text -> '"' + prefix + text + '"').toList();
    }
  }

  /** A wildcard, or one letter that stands for itself. */
  record Token(String letter, boolean wildcard) {}

  String json() {
    return Example.text(statements.stream().map(Rule::json).toArray(String[]::new));
  }

  boolean isWellFormed() {
    var anybody = Example.device("x");
    for (var statement : statements) {
      var texts = new ArrayList<>(statement.resources);
      statement.condition.ifPresent(condition -> texts.addAll(condition.values()));
      for (var text : texts) {
        try {
          tokens(text, anybody, Mode.STRICT);
        } catch (IllegalArgumentException e) {
          return false;
        }
      }
    }
    return true;
  }

  /** "deny 2" for a denial by the statement with the index 2, "allow 0" likewise, or "none". */
  static String decide(
      List<NaivePolicy> policies,
      Subject subject,
      RequestContext request,
      Mode mode,
      Action action,
      String name) {
    var facts = NaiveCondition.facts(subject, request);
    for (var effect : List.of("Deny", "Allow")) {
      for (int p = 0; p < policies.size(); p++) {
        var statements = policies.get(p).statements;
        for (int i = 0; i < statements.size(); i++) {
          var statement = statements.get(i);
          if (statement.effect.equals(effect)
              && applies(statement, subject, mode, action, name)
              && holds(statement, facts, subject, mode, action)) {
            return effect + " p" + p + " " + i;
          }
        }
      }
    }
    return "none";
  }

  private static boolean holds(
      Rule statement, Map<String, List<String>> facts, Subject subject, Mode mode, Action action) {
    if (statement.condition.isEmpty()) {
      return true;
    }
    var condition = statement.condition.get();
    @Nullable List<List<Token>> expected = new ArrayList<>();
    for (var value : condition.values()) {
      var tokens = tokens(value, subject, mode);
      if (tokens == null) {
        expected = null;
        break;
      }
      expected.add(tokens);
    }
    var holds = condition.holds(facts, mode, action, expected);
    return holds == null ? statement.effect.equals("Deny") : holds;
  }

  private static boolean applies(
      Rule statement, Subject subject, Mode mode, Action action, String name) {
    boolean actionNamed =
        statement.actions.stream().anyMatch(pattern -> actionMatches(pattern, action));
    if (actionNamed == statement.notAction) {
      return false;
    }
    var full = action.resourceType() + "/" + name;
    boolean named = false;
    for (var resource : statement.resources) {
      var tokens = tokens(resource, subject, mode);
      if (tokens != null) {
        named |= matches(tokens, letters(full));
      } else if (mode == Mode.AWS_COMPAT || statement.effect.equals("Allow")) {
        return false;
      } else if (!statement.notResource) {
        var type = resource.substring(0, resource.indexOf('/'));
        named |= type.contains("*") || type.contains("?") || type.equals(action.resourceType());
      }
    }
    return named != statement.notResource;
  }

  private static boolean actionMatches(String pattern, Action action) {
    var tokens = new ArrayList<Token>();
    for (var letter : letters(pattern.toLowerCase(Locale.ROOT))) {
      tokens.add(new Token(letter, letter.equals("*") || letter.equals("?")));
    }
    return matches(tokens, letters(action.word().toLowerCase(Locale.ROOT)));
  }

  static List<String> letters(String text) {
    return text.codePoints().mapToObj(Character::toString).toList();
  }

  /**
   * The pattern with its values put in; null if one is missing, an exception if it is malformed.
   */
  private static @Nullable List<Token> tokens(String pattern, Subject subject, Mode mode) {
    var tokens = new ArrayList<Token>();
    boolean resolved = true;
    var rest = pattern;
    while (!rest.isEmpty()) {
      if (rest.startsWith("${")) {
        int end = rest.indexOf("}");
        if (end < 0) {
          throw new IllegalArgumentException("no end");
        }
        var value = value(rest.substring(2, end), subject, mode);
        resolved &= value != null;
        letters(value == null ? "" : value).forEach(letter -> tokens.add(new Token(letter, false)));
        rest = rest.substring(end + 1);
      } else {
        var letter = letters(rest).getFirst();
        tokens.add(new Token(letter, letter.equals("*") || letter.equals("?")));
        rest = rest.substring(letter.length());
      }
    }
    return resolved ? tokens : null;
  }

  private static @Nullable String value(String variable, Subject subject, Mode mode) {
    if (List.of("*", "?", "$").contains(variable)) {
      return variable;
    }
    var value =
        switch (variable) {
          case "iot:ClientId" -> subject.clientId();
          case "iot:Connection.Thing.ThingName" -> subject.thingName();
          case "iot:Connection.Thing.Attributes[k]" -> subject.thingAttributes().get("k");
          case "iot:Certificate.Subject.CommonName" -> {
            var values = subject.certificate().apply("Subject.CommonName");
            yield values.isEmpty() || values.getFirst().matches(".*[*$+?#].*")
                ? null
                : values.getFirst();
          }
          default -> throw new IllegalArgumentException("unknown");
        };
    boolean usable =
        value != null
            && !value.isEmpty()
            && (mode == Mode.AWS_COMPAT || (!value.contains("+") && !value.contains("#")));
    return usable ? value : null;
  }

  /** From the end: whether the pattern from i on fits the name from j on. */
  static boolean matches(List<Token> pattern, List<String> name) {
    var fits = new boolean[pattern.size() + 1][name.size() + 1];
    fits[pattern.size()][name.size()] = true;
    for (int i = pattern.size() - 1; i >= 0; i--) {
      var token = pattern.get(i);
      for (int j = name.size(); j >= 0; j--) {
        boolean more = j < name.size();
        if (token.wildcard() && token.letter().equals("*")) {
          fits[i][j] = fits[i + 1][j] || (more && fits[i][j + 1]);
        } else {
          boolean one = more && (token.wildcard() || token.letter().equals(name.get(j)));
          fits[i][j] = one && fits[i + 1][j + 1];
        }
      }
    }
    return fits[0][0];
  }
}
