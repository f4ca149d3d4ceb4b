package io.sallyport.control.policies;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to have explained.
 *
 * @param name the client id of a CONNECT, a topic, or a filter as it would be sent
 * @param clientId the client id of the session
 * @param retain whether a publication is to be retained
 * @param mode how policies are to be read; null as the listener does on which the client is
 *     connected, or the first one
 * @param assumed facts to be taken for granted, by the names of condition keys
 */
public record PolicyQuestion(
    PrincipalId principal,
    Action action,
    String name,
    String clientId,
    boolean retain,
    @Nullable Mode mode,
    Map<String, List<String>> assumed) {}
