package io.sallyport.gateway.service;

import io.netty.channel.EventLoop;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.service.ServiceRights.Denied;
import io.sallyport.policy.Action;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's own MQTT client: has a session of the exchange as long as it may, comes back when it
 * ends, and begins anew when its rights change. Confined to its event loop.
 */
final class ServiceClient implements ServiceSession.Life {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceClient.class);

  // Bound: how soon, and how late, it comes back.
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;

  private final EventLoop loop;
  private final Exchange exchange;
  private final ServiceTerms terms;
  private final ServiceRights rights;
  private final Inbox inbox;
  private final Outgoing outgoing;

  private @Nullable ServiceSession current;
  private boolean over;
  private long retryMillis = RETRY_MILLIS_MIN;

  private final LongAdder received = new LongAdder();

  // Written by the event loop alone.
  private volatile boolean connected;

  ServiceClient(
      EventLoop loop,
      Exchange exchange,
      ServiceTerms terms,
      ServiceRights rights,
      Inbox inbox,
      Outgoing outgoing) {
    this.loop = loop;
    this.exchange = exchange;
    this.terms = terms;
    this.rights = rights;
    this.inbox = inbox;
    this.outgoing = outgoing;
  }

  boolean isConnected() {
    return connected;
  }

  ServiceCounters counters() {
    return new ServiceCounters(
        connected, received.sum(), outgoing.published(), outgoing.failed(), outgoing.waiting());
  }

  /** Opens a session, if it may have one. */
  void open() {
    if (over || current != null) {
      return;
    }
    var policy = rights.now(terms.principal(), terms.clientId()).orElse(null);
    if (policy == null) {
      later();
      return;
    }
    if (!policy.allows(Action.CONNECT, ServiceSession.utf8(terms.clientId()))) {
      rights.denied(Denied.CONNECT, terms.clientId(), policy);
      later();
      return;
    }
    var session = new ServiceSession(loop, terms, rights, policy, inbox, outgoing, this);
    current = session;
    try {
      session.holds(exchange.open(opening(), session));
    } catch (RuntimeException e) {
      // Whatever broke in the exchange, the services must not stay away for good.
      LOG.atError().setMessage("the device services found no way in").setCause(e).log();
      session.leave();
      gone();
      later();
    }
  }

  private Opening opening() {
    return new Opening(
        terms.principal(),
        terms.clientId(),
        terms.sessionExpirySeconds() == 0,
        terms.sessionExpirySeconds(),
        ServiceTerms.UNANSWERED_MAX,
        null);
  }

  // What becomes of it shows in the session that it opens.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void later() {
    outgoing.fail("the device services are not connected");
    if (!over) {
      loop.schedule(this::open, retryMillis, TimeUnit.MILLISECONDS);
      retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
    }
  }

  /** Looks whether what it may do has changed. */
  void decideAgain() {
    var session = current;
    if (session == null) {
      return;
    }
    var policy = rights.now(terms.principal(), terms.clientId()).orElse(null);
    if (policy != session.policy()) {
      gone();
      session.leave();
      later();
    }
  }

  /** Publishes what waits. */
  void pump() {
    var session = current;
    if (session == null) {
      outgoing.fail("the device services are not connected");
    } else {
      session.pump();
    }
  }

  private void gone() {
    current = null;
    connected = false;
  }

  /** Ends it for good; what is stored of it waits. */
  void end() {
    over = true;
    var session = current;
    gone();
    if (session != null) {
      session.leave();
    }
    outgoing.fail("the server is closing");
  }

  @Override
  public void stands() {
    connected = true;
    retryMillis = RETRY_MILLIS_MIN;
  }

  @Override
  public void received() {
    received.increment();
  }

  @Override
  public void ended(Reason reason) {
    LOG.atWarn()
        .setMessage("the session of the device services ended; it comes back")
        .addKeyValue("reason", reason)
        .log();
    gone();
    later();
  }
}
