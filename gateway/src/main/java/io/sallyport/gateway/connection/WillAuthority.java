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
  private final WillModes modes;
  private final Denials denials;
  private final InstantSource clock;

  public WillAuthority(TrustState trust, WillModes modes, Denials denials, InstantSource clock) {
    this.trust = trust;
    this.modes = modes;
    this.denials = denials;
    this.clock = clock;
  }

  @Override
  public boolean mayPublishWill(PrincipalId id, String clientId, Message will) {
    if (trust.age().isOver()) {
      var why = "what is known of trust is out of date";
      denials.report(EventType.WILL_DENIED, id.value(), why, facts(clientId, why));
      return false;
    }
    var principal = trust.find(id);
    if (principal == null || principal.standing() != Standing.ACTIVE) {
      var why = "principal is not active";
      denials.report(EventType.WILL_DENIED, id.value(), why, facts(clientId, why));
      return false;
    }
    var policy = Rights.whileAway(principal, clientId, modes.of(id, clientId), trust, clock);
    var refusal = WillRefusal.of(policy, will.topic(), will.isRetain());
    if (refusal != null) {
      var facts = facts(clientId, refusal.why());
      denials.report(
          EventType.WILL_DENIED, id.value(), refusal.why(), facts, () -> refusal.trace(policy));
    }
    return refusal == null;
  }

  private static Map<String, String> facts(String clientId, String why) {
    return Map.of("clientId", clientId, "reason", why);
  }
}
