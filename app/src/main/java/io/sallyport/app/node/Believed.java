package io.sallyport.app.node;

import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.gateway.trust.DeviceState;
import io.sallyport.gateway.trust.Observation;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.policy.PolicySet;
import org.jspecify.annotations.Nullable;

/** What the gateway believes of a principal, made of what the registry records of it. */
final class Believed {
  private final Sharing sharing = new Sharing();

  TrustedPrincipal of(PrincipalRecord principal) {
    var facts = principal.facts();
    return new TrustedPrincipal(
        principal.id(),
        principal.kind(),
        principal.standing(),
        principal.activeCertificates(),
        sharing.one(PolicySet.of(principal.policies())),
        principal.thingType().isEmpty() ? null : sharing.one(principal.thingType()),
        sharing.map(principal.attributes()),
        sharing.one(
            new DeviceState(
                facts.firmwareVersion(),
                facts.attested(),
                facts.attestedUntil(),
                sharing.map(facts.tags()))),
        observation(principal));
  }

  private @Nullable Observation observation(PrincipalRecord principal) {
    var observed = principal.observed();
    if (observed == null) {
      return null;
    }
    var proposed = observed.proposed();
    return new Observation(proposed == null ? null : sharing.one(PolicySet.of(proposed)));
  }
}
