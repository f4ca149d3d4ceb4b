package io.sallyport.policy;

import io.sallyport.policy.Explanation.Change;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The smallest changes of policies that allow one request of one client. */
final class Remedy {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ConditionKey CLIENT_ID =
      new ConditionKey(ConditionKey.Source.CLIENT_ID, "", 0);

  private final Action action;
  private final String resource;
  private final String clientId;

  Remedy(Facts facts, Action action, String name) {
    this.action = action;
    this.resource = "arn:aws:iot:*:*:" + action.resourceType() + "/" + literal(name);
    this.clientId = literalVariable(facts.values(CLIENT_ID).getFirst());
  }

  /** Whether the language can speak of this request alone. */
  boolean isPossible() {
    return List.of(resource, clientId).stream()
        .allMatch(text -> text.length() <= ResourcePattern.LENGTH_MAX && Text.isPrintable(text));
  }

  /** A statement that allows this request and no other. */
  Change add() {
    var statement = JSON.createObjectNode();
    statement.put("Effect", "Allow").put("Action", action.word()).put("Resource", resource);
    return new Change(null, statement.toString());
  }

  /**
   * What makes an exception from a Deny: of the name where it lists exceptions, else the client.
   */
  Change narrow(StatementRef ref, Statement statement) {
    var members = JSON.createObjectNode();
    if (statement.excluding()) {
      members.put("NotResource", resource);
    } else {
      members.putObject("Condition").putObject("StringNotEquals").put(CLIENT_ID.word(), clientId);
    }
    return new Change(ref, members.toString());
  }

  /** The pattern that covers this text and no other. */
  private static String literal(String text) {
    return literalVariable(text).replace("*", "${*}").replace("?", "${?}");
  }

  private static String literalVariable(String text) {
    return text.replace("${", "${$}{");
  }
}
