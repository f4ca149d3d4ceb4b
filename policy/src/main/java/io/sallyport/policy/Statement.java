package io.sallyport.policy;

import java.util.List;
import java.util.Set;

/**
 * One statement, with everything that can be known before a session exists.
 *
 * @param sid its Sid, or the empty string
 * @param effect what it does
 * @param actions the enforced actions that it covers; NotAction is worked out already
 * @param resources the patterns of Resource or NotResource
 * @param excluding whether the patterns name what is not covered (NotResource)
 */
record Statement(
    String sid,
    Effect effect,
    Set<Action> actions,
    List<ResourcePattern> resources,
    boolean excluding) {
  Statement {
    actions = Set.copyOf(actions);
    resources = List.copyOf(resources);
  }
}
