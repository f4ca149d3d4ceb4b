package io.sallyport.gateway.connection;

import io.sallyport.gateway.service.ServiceRights;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import io.sallyport.policy.SessionPolicy;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server's own client may do, as the trust state has it; on that client's event loop. */
public final class TrustedService implements ServiceRights {
  private final TrustState trust;
  private final Denials denials;
  private final InstantSource clock;
  private @Nullable TrustedPrincipal known;
  private @Nullable SessionPolicy rights;

  /** Rights by this trust; refusals are told to those events. */
  public TrustedService(TrustState trust, EventSink events, InstantSource clock) {
    this.trust = trust;
    this.denials = new Denials(events, clock);
    this.clock = clock;
  }

  // Trust is replaced as a whole: another object is what tells that something changed.
  @SuppressWarnings("ReferenceEquality")
  @Override
  public Optional<SessionPolicy> now(PrincipalId principal, String clientId) {
    denials.drain();
    var now = trust.find(principal);
    if (now == null || now.standing() != Standing.ACTIVE || trust.age().isOver()) {
      known = null;
      return Optional.empty();
    }
    if (rights == null || now != known) {
      known = now;
      rights = Rights.whileAway(now, clientId, Mode.STRICT, trust, clock);
    }
    return Optional.of(rights);
  }

  @Override
  public void denied(Denied what, String name, SessionPolicy policy) {
    var who = known;
    if (who == null) {
      return;
    }
    var action =
        switch (what) {
          case CONNECT -> Action.CONNECT;
          case SUBSCRIBE -> Action.SUBSCRIBE;
          case SHARE -> Action.SHARE_GROUP;
          case PUBLISH -> Action.PUBLISH;
          case RECEIVE -> Action.RECEIVE;
        };
    var type =
        switch (what) {
          case CONNECT -> EventType.CONNECT_REFUSED;
          case SUBSCRIBE, SHARE -> EventType.SUBSCRIBE_DENIED;
          case PUBLISH -> EventType.PUBLISH_DENIED;
          case RECEIVE -> EventType.RECEIVE_DENIED;
        };
    var why = policy.decide(action, name).explanation();
    denials.report(
        type,
        who.id().value(),
        why,
        Map.of("name", name, "reason", why),
        () -> policy.explain(action, name).trace());
  }
}
