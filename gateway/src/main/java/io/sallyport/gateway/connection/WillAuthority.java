package io.sallyport.gateway.connection;

import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Message;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import java.time.InstantSource;
import java.util.Map;

/** Decides a will again when it fires: whoever left it may have lost the right, or all trust. */
public final class WillAuthority implements Authority {
  private final TrustState trust;
  private final Denials denials;
  private final InstantSource clock;

  public WillAuthority(TrustState trust, Denials denials, InstantSource clock) {
    this.trust = trust;
    this.denials = denials;
    this.clock = clock;
  }

  @Override
  public boolean mayPublishWill(PrincipalId id, String clientId, Message will) {
    var principal = trust.find(id);
    String why;
    if (principal == null || principal.standing() != Standing.ACTIVE) {
      why = "principal is not active";
    } else {
      var policy = Rights.whileAway(principal, clientId, trust, clock);
      why = Admission.willRefusal(policy, will.topic(), will.isRetain());
    }
    if (why != null) {
      denials.report(
          EventType.WILL_DENIED, id.value(), why, Map.of("clientId", clientId, "reason", why));
    }
    return why == null;
  }
}
