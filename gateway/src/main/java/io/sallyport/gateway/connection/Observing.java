package io.sallyport.gateway.connection;

import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.Action;
import io.sallyport.policy.Observer;
import io.sallyport.policy.RequestContext;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.activity.PrincipalActivity;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what an observed session does, and reports what a proposal would deny of it. Used by the
 * one thread that uses the session's rights.
 */
final class Observing implements Observer {
  private final GateContext gate;
  private final String principal;
  private final String clientId;
  private final PrincipalActivity activity;
  private final @Nullable SessionPolicy proposed;

  Observing(
      GateContext gate,
      TrustedPrincipal principal,
      String clientId,
      @Nullable SessionPolicy proposed) {
    this.gate = gate;
    this.principal = principal.id().value();
    this.clientId = clientId;
    this.activity = gate.recording().activity().of(this.principal);
    this.proposed = proposed;
  }

  @Override
  public void allowed(Action action, byte[] utf8Name, RequestContext request) {
    var proposal = proposed;
    if (proposal == null || allows(proposal, action, utf8Name, request)) {
      activity.saw(action, utf8Name, false);
      return;
    }
    activity.saw(action, utf8Name, true);
    gate.counters().wouldBeDenied.increment();
    report(proposal, action, text(utf8Name), request);
  }

  private static boolean allows(
      SessionPolicy proposal, Action action, byte[] name, RequestContext request) {
    return switch (action) {
      case CONNECT -> proposal.decide(action, text(name), request).isAllowed();
      case SUBSCRIBE -> Subscribing.isAllowed(proposal, text(name));
      case PUBLISH, RETAIN_PUBLISH, RECEIVE, SHARE_GROUP -> proposal.allows(action, name);
    };
  }

  private void report(SessionPolicy proposal, Action action, String name, RequestContext request) {
    var why = proposal.decide(action, name, request).explanation();
    gate.denials()
        .report(
            EventType.WOULD_BE_DENIED,
            principal,
            action.word() + ": " + why,
            Map.of("action", action.word(), "name", name, "clientId", clientId, "reason", why),
            () -> proposal.explain(action, name, request).trace());
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.UTF_8);
  }
}
