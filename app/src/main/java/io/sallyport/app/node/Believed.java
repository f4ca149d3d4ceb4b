package io.sallyport.app.node;

import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.gateway.trust.DeviceState;
import io.sallyport.gateway.trust.Observation;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.policy.PolicySet;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the gateway believes of a principal, made of what the registry records of it. */
final class Believed {
  private final Sharing<String> texts = new Sharing<>();
  private final Sharing<Map<String, String>> maps = new Sharing<>();
  private final Sharing<PolicySet> policies = new Sharing<>();
  private final Sharing<DeviceState> states = new Sharing<>();

  TrustedPrincipal of(PrincipalRecord principal) {
    var facts = principal.facts();
    return new TrustedPrincipal(
        principal.id(),
        principal.kind(),
        principal.standing(),
        principal.activeCertificates(),
        policies.one(PolicySet.of(principal.policies())),
        principal.thingType().isEmpty() ? null : texts.one(principal.thingType()),
        shared(principal.attributes()),
        states.one(
            new DeviceState(
                facts.firmwareVersion(),
                facts.attested(),
                facts.attestedUntil(),
                shared(facts.tags()))),
        observation(principal));
  }

  private @Nullable Observation observation(PrincipalRecord principal) {
    var observed = principal.observed();
    if (observed == null) {
      return null;
    }
    var proposed = observed.proposed();
    return new Observation(proposed == null ? null : policies.one(PolicySet.of(proposed)));
  }

  /** One for all who have the same, and where they differ the same names and values. */
  private Map<String, String> shared(Map<String, String> map) {
    return maps.one(
        map.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    entry -> texts.one(entry.getKey()), entry -> texts.one(entry.getValue()))));
  }
}
