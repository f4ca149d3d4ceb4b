package io.sallyport.policy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One statement, with everything that can be known before a session exists.
 *
 * @param sid its Sid, or the empty string
 * @param effect what it does
 * @param actions the enforced actions that it covers; NotAction is worked out already
 * @param resources the patterns of Resource or NotResource
 * @param excluding whether the patterns name what is not covered (NotResource)
 * @param conditions what must hold besides
 * @param at where it begins in its document
 */
record Statement(
    String sid,
    Effect effect,
    Set<Action> actions,
    List<ResourcePattern> resources,
    boolean excluding,
    List<Condition> conditions,
    Place at) {
  Statement {
    actions = Set.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }

  /** Every variable that it needs a value for. */
  Stream<Variable> variables() {
    return Stream.concat(
        resources.stream().flatMap(resource -> resource.variables().stream()),
        conditions.stream().flatMap(condition -> condition.variables().stream()));
  }
}
