package io.sallyport.app.node;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where desk and door meet: what control decides becomes what the gateway believes, and what is to
 * end is ended in gateway and exchange.
 */
public final class Enforcer implements Enforcement {
  private static final double NANOS_PER_MILLI = 1e6;

  private final TrustState trust;
  private final Believed believed;
  private final @Nullable Gateway gateway;
  private final Exchange exchange;
  private final LongSupplier nanos;

  /** Certificates that opened the gate until a moment ago; between the change and its cut only. */
  private final Map<PrincipalId, Integer> endedCertificates = new ConcurrentHashMap<>();

  /**
   * @param gateway nothing for an offline command: there is no socket then, but there are sessions
   */
  Enforcer(
      TrustState trust,
      Believed believed,
      @Nullable Gateway gateway,
      Exchange exchange,
      LongSupplier nanos) {
    this.trust = trust;
    this.believed = believed;
    this.gateway = gateway;
    this.exchange = exchange;
    this.nanos = nanos;
  }

  @Override
  public void trustChanged(PrincipalRecord principal) {
    var before = trust.find(principal.id());
    trust.put(believed.of(principal));
    if (principal.standing() != Standing.ACTIVE) {
      // A cut follows, which closes and counts what is still open.
      if (before != null && before.standing() == Standing.ACTIVE) {
        endedCertificates.put(principal.id(), before.activeCertificates().size());
      }
    } else if (gateway != null) {
      gateway.trustChanged(principal.id());
    }
  }

  @Override
  public List<ReceiptStep> cut(PrincipalId id, CutReason why) {
    var begun = nanos.getAsLong();
    return switch (why) {
      case REVOKED -> revoked(id, begun);
      case QUARANTINED -> sockets(id, begun);
    };
  }

  /** The session stays: reinstating gives the device back what waited for it. */
  private List<ReceiptStep> sockets(PrincipalId id, long begun) {
    var tickets = tickets(id, begun);
    var closed = gateway == null ? 0 : gateway.cut(id, Reason.ADMINISTRATIVE_ACTION).connections();
    return List.of(step("sockets", "gateway", closed, begun), tickets);
  }

  /**
   * The exchange first: once its sessions are ended, a closing socket can no longer make a will
   * fire. Whoever slipped in between is found by the second look.
   */
  private List<ReceiptStep> revoked(PrincipalId id, long begun) {
    var steps = new ArrayList<ReceiptStep>();
    var tickets = tickets(id, begun);
    var ended = exchange.end(id, Reason.ADMINISTRATIVE_ACTION);
    var endedMillis = millisSince(begun);
    var cut = gateway == null ? 0 : gateway.cut(id, Reason.ADMINISTRATIVE_ACTION).connections();
    var sockets = step("sockets", "gateway", Math.max(cut, ended.outletsClosed()), begun);
    if (cut > 0) {
      ended = sum(ended, exchange.end(id, Reason.ADMINISTRATIVE_ACTION));
      endedMillis = millisSince(begun);
    }
    steps.add(sockets);
    steps.add(tickets);
    var where = "exchange";
    steps.add(new ReceiptStep("stored-sessions", where, ended.sessions(), endedMillis));
    steps.add(new ReceiptStep("subscriptions", where, ended.subscriptions(), endedMillis));
    steps.add(new ReceiptStep("queued", where, ended.queued(), endedMillis));
    steps.add(new ReceiptStep("in-flight", where, ended.inFlight(), endedMillis));
    steps.add(new ReceiptStep("wills", where, ended.wills(), endedMillis));
    steps.add(new ReceiptStep("retained", where, ended.retained(), endedMillis));
    return steps;
  }

  /**
   * Tickets are not stored anywhere: each resumption asks the trust state, which already says no.
   * Counted are the certificates that tickets could have been made for.
   */
  private ReceiptStep tickets(PrincipalId id, long begun) {
    var ended = endedCertificates.remove(id);
    return step("tls-tickets", "gateway", ended == null ? 0 : ended, begun);
  }

  private static Ended sum(Ended one, Ended other) {
    return new Ended(
        one.outletsClosed() + other.outletsClosed(),
        one.sessions() + other.sessions(),
        one.subscriptions() + other.subscriptions(),
        one.queued() + other.queued(),
        one.inFlight() + other.inFlight(),
        one.wills() + other.wills(),
        one.retained() + other.retained());
  }

  private ReceiptStep step(String what, String where, long count, long begun) {
    return new ReceiptStep(what, where, count, millisSince(begun));
  }

  private double millisSince(long begun) {
    return Math.round((nanos.getAsLong() - begun) / NANOS_PER_MILLI * 1000) / 1000.0;
  }
}
