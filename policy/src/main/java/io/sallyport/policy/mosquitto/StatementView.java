package io.sallyport.policy.mosquitto;

import io.sallyport.policy.Action;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a statement of a valid policy says, as far as an ACL file could say it.
 *
 * @param label its Sid, or which it is
 * @param plain whether it has neither Condition, NotAction nor NotResource
 * @param exceptDollar whether its NotResource is no more than the topics that begin with {@code $}
 */
record StatementView(
    String label,
    boolean allow,
    Set<Action> actions,
    List<String> resources,
    boolean plain,
    boolean exceptDollar) {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final Pattern DOLLARS =
      Pattern.compile("arn:[^:]*:iot:[^:]*:[^:]*:(topic|topicfilter)/\\$\\*");

  /** Every statement of a document. */
  static List<StatementView> of(String policy, String json) {
    var views = new ArrayList<StatementView>();
    var statements = MAPPER.readTree(json).path("Statement");
    int index = 0;
    for (var statement : statements.isArray() ? statements : List.of(statements)) {
      views.add(view(policy, index++, statement));
    }
    return views;
  }

  private static StatementView view(String policy, int index, JsonNode statement) {
    var sid = statement.path("Sid").asString("");
    var label = policy + ", statement " + index + (sid.isEmpty() ? "" : " (" + sid + ")");
    boolean excepting = statement.has("NotResource");
    boolean notAction = statement.has("NotAction");
    var resources = texts(statement.path(excepting ? "NotResource" : "Resource"));
    return new StatementView(
        label,
        statement.path("Effect").asString("").equals("Allow"),
        notAction ? EnumSet.allOf(Action.class) : actions(texts(statement.path("Action"))),
        resources,
        !excepting && !notAction && !statement.has("Condition"),
        excepting
            && !notAction
            && !statement.has("Condition")
            && resources.stream().allMatch(text -> DOLLARS.matcher(text).matches()));
  }

  private static List<String> texts(JsonNode value) {
    var texts = new ArrayList<String>();
    for (var text : value.isArray() ? value : List.of(value)) {
      texts.add(text.asString(""));
    }
    return texts;
  }

  private static Set<Action> actions(List<String> patterns) {
    var actions = EnumSet.noneOf(Action.class);
    for (var pattern : patterns) {
      var glob = new StringBuilder();
      pattern
          .toLowerCase(Locale.ROOT)
          .chars()
          .forEach(
              letter ->
                  glob.append(
                      switch (letter) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(Character.toString(letter));
                      }));
      var wanted = Pattern.compile(glob.toString());
      for (var action : Action.values()) {
        if (wanted.matcher(action.word().toLowerCase(Locale.ROOT)).matches()) {
          actions.add(action);
        }
      }
    }
    return actions;
  }
}
