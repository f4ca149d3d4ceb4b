package io.sallyport.gateway.service;

import io.netty.channel.EventLoop;
import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.exchange.Subscription;
import io.sallyport.gateway.service.ServiceRights.Denied;
import io.sallyport.policy.Action;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.SharedFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of the server's own client, from its opening to its end; on its event loop. */
final class ServiceSession implements Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceSession.class);
  private static final byte[] NO_PROPERTIES = new byte[0];
  private static final int MAXIMUM_QOS = 1;
  private static final int NO_RETAINED = 2;
  private static final int SUBSCRIBE_ID = 1;
  private static final int FAILURE = 0x80;

  private final EventLoop loop;
  private final ServiceTerms terms;
  private final ServiceRights rights;
  private final SessionPolicy policy;
  private final Inbox inbox;
  private final Outgoing outgoing;
  private final Life life;

  private @Nullable Session session;
  private boolean standing;
  private boolean over;
  private boolean hasRoom = true;
  private int unanswered;
  private int receiveMaximum = ServiceTerms.UNANSWERED_MAX;

  /** Told of the session's turns, on its event loop. */
  interface Life {
    /** Every subscription that is allowed stands. */
    void stands();

    void received();

    /** It ended without having been told to. */
    void ended(Reason reason);
  }

  ServiceSession(
      EventLoop loop,
      ServiceTerms terms,
      ServiceRights rights,
      SessionPolicy policy,
      Inbox inbox,
      Outgoing outgoing,
      Life life) {
    this.loop = loop;
    this.terms = terms;
    this.rights = rights;
    this.policy = policy;
    this.inbox = inbox;
    this.outgoing = outgoing;
    this.life = life;
  }

  /** What it is decided by. */
  SessionPolicy policy() {
    return policy;
  }

  /** The exchange has returned it; its answers are looked at from now on. */
  void holds(Session opened) {
    session = opened;
  }

  /** Says goodbye; what is stored of it waits. */
  void leave() {
    var open = session;
    over = true;
    session = null;
    if (open != null) {
      open.disconnect(false, -1);
    }
  }

  // What the exchange says.

  @Override
  public Executor executor() {
    return loop;
  }

  @Override
  public boolean isWritable() {
    return unanswered < ServiceTerms.UNANSWERED_MAX;
  }

  @Override
  public void room(boolean isThere) {
    hasRoom = isThere;
    if (isThere) {
      loop.execute(this::pump);
    }
  }

  @Override
  public void receiveMaximum(int most) {
    receiveMaximum = Math.min(most, ServiceTerms.UNANSWERED_MAX);
  }

  @Override
  public void connected(boolean sessionPresent) {
    // The exchange may say so before it has returned the session.
    loop.execute(this::subscribe);
  }

  private void subscribe() {
    var open = session;
    if (open == null) {
      return;
    }
    // A stored session may hold what it is no longer for, or may no longer hear.
    open.revalidate(filter -> isWanted(SharedFilter.of(filter).filter()));
    var wanted = new ArrayList<Subscription>(terms.filters().size());
    if (policy.allows(Action.SHARE_GROUP, utf8(terms.group()))) {
      terms.filters().stream().filter(this::isWanted).map(this::shared).forEach(wanted::add);
    } else {
      rights.denied(Denied.SHARE, terms.group(), policy);
    }
    standing = true;
    if (wanted.isEmpty()) {
      life.stands();
    } else {
      open.subscribe(SUBSCRIBE_ID, wanted);
    }
    pump();
  }

  private boolean isWanted(String filter) {
    if (!terms.filters().contains(filter)) {
      return false;
    }
    boolean allowed = policy.allows(Action.SUBSCRIBE, utf8(filter));
    if (!allowed) {
      rights.denied(Denied.SUBSCRIBE, filter, policy);
    }
    return allowed;
  }

  private Subscription shared(String filter) {
    var shared = "$share/" + terms.group() + "/" + filter;
    return new Subscription(shared, MAXIMUM_QOS, false, false, NO_RETAINED, 0);
  }

  @Override
  public void suback(int packetId, int[] codes) {
    if (Arrays.stream(codes).allMatch(code -> code < FAILURE)) {
      life.stands();
      return;
    }
    LOG.atError()
        .setMessage("the exchange refuses subscriptions of the device services")
        .addKeyValue("codes", Arrays.toString(codes))
        .log();
    if (!over) {
      leave();
      life.ended(Reason.UNSPECIFIED_ERROR);
    }
  }

  @Override
  public void unsuback(int packetId, int[] codes) {
    // What is subscribed to changes with a new session only.
  }

  @Override
  public Delivered deliver(
      Message message,
      int packetId,
      int qos,
      boolean retain,
      boolean dup,
      int @Nullable [] identifiers) {
    if (!policy.allows(Action.RECEIVE, message.topic())) {
      rights.denied(Denied.RECEIVE, message.topicText(), policy);
      return Delivered.DENIED;
    }
    life.received();
    unanswered++;
    inbox.take(message.topicText(), message.payload(), () -> done(packetId));
    return Delivered.SENT;
  }

  private void done(int packetId) {
    try {
      loop.execute(() -> dealtWith(packetId));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().setMessage("the server closed before an acknowledgement").log();
    }
  }

  private void dealtWith(int packetId) {
    var open = session;
    if (open == null) {
      return;
    }
    boolean wasFull = !isWritable();
    unanswered--;
    if (packetId != 0) {
      open.puback(packetId);
    }
    if (wasFull) {
      open.writable();
    }
  }

  /** Publishes what waits, as far as the exchange takes it. */
  void pump() {
    while (standing && hasRoom && !over && outgoing.open() < receiveMaximum) {
      var open = session;
      var next = open == null ? null : outgoing.next();
      if (open == null || next == null) {
        return;
      }
      if (policy.allows(Action.PUBLISH, next.topic())) {
        open.publish(message(next), outgoing.began(next), false);
      } else {
        rights.denied(Denied.PUBLISH, next.topicText(), policy);
        outgoing.denied(next);
      }
    }
  }

  private Message message(Outgoing.Parcel next) {
    return new Message(
        terms.principal(),
        terms.clientId(),
        next.topic(),
        next.payload(),
        NO_PROPERTIES,
        MAXIMUM_QOS,
        false,
        Message.NEVER);
  }

  @Override
  public void puback(int packetId, Reason reason) {
    if (!over) {
      outgoing.answered(packetId, reason);
      // Not at once: who publishes may be telling of the answer before it has returned.
      loop.execute(this::pump);
    }
  }

  @Override
  public void pubrec(int packetId, Reason reason) {
    // Nothing is published at QoS 2.
  }

  @Override
  public void pubcomp(int packetId, Reason reason) {
    // As above.
  }

  @Override
  public void pubrel(int packetId) {
    // Nothing is subscribed to at QoS 2.
  }

  @Override
  public void flush() {
    // There is no socket.
  }

  @Override
  public void close(Reason reason) {
    if (!over) {
      over = true;
      session = null;
      life.ended(reason);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
