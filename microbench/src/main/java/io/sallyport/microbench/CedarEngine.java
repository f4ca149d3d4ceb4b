package io.sallyport.microbench;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.slice.BasicSlice;
import com.cedarpolicy.model.slice.Policy;
import com.cedarpolicy.model.slice.Slice;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cedar by its Java binding, which hands each request with its policies to the native engine. */
final class CedarEngine implements Engine {
  private static final EntityUID PRINCIPAL = entity("Device", Rules.DEVICE);
  private static final EntityUID ACTION = entity("Action", "publish");
  private static final EntityUID RESOURCE = entity("Broker", "it");

  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
  private final Slice slice;

  CedarEngine(Rules rules) {
    var policies = new HashSet<Policy>();
    for (var rule : rules.all()) {
      policies.add(
          new Policy(
              """
              %s(principal == Device::"%s", action == Action::"publish", resource)
              when { context.topic like "%s*" };
              """
                  .formatted(rule.allows() ? "permit" : "forbid", Rules.DEVICE, rule.prefix()),
              "p" + policies.size()));
    }
    slice = new BasicSlice(policies, Set.of());
  }

  private static EntityUID entity(String type, String id) {
    return EntityTypeName.parse(type).orElseThrow().of(id);
  }

  @Override
  public boolean allows(String topic) {
    try {
      var request =
          new AuthorizationRequest(
              Optional.of(PRINCIPAL),
              ACTION,
              Optional.of(RESOURCE),
              Optional.of(Map.of("topic", new PrimString(topic))),
              Optional.empty(),
              false);
      return engine.isAuthorized(request, slice).isAllowed();
    } catch (AuthException e) {
      throw new IllegalStateException(e);
    }
  }
}
