package io.sallyport.control.policies;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import java.util.List;
import java.util.Map;

/**
 * What somebody wants to have explained.
 *
 * @param name the client id of a CONNECT, a topic, or a filter as it would be sent
 * @param clientId the client id of the session
 * @param retain whether a publication is to be retained
 * @param assumed facts to be taken for granted, by the names of condition keys
 */
public record PolicyQuestion(
    PrincipalId principal,
    Action action,
    String name,
    String clientId,
    boolean retain,
    Map<String, List<String>> assumed) {}
