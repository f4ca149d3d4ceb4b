package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Subscription;
import io.sallyport.exchange.builtin.Delivery.Phase;
import io.sallyport.identity.PrincipalId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the exchange keeps for one client id, connected or not: subscriptions, the queue, packet ids
 * in use. Its monitor guards it; other threads offer deliveries, the connection's thread takes
 * them.
 */
final class SessionState {
  /** What became of an offered delivery. */
  enum Offered {
    TAKEN,
    /** QoS 0, which is not kept for a client that is away. */
    AWAY,
    /** The queue is full. */
    FULL,
    /** The session ended meanwhile. */
    GONE
  }

  /** A publisher on the same thread lets the receiver drain at this length: bounds stay small. */
  private static final int DRAIN_INLINE_AT = 128;

  private static final int CHUNK_MAX = 128;
  private static final int CHUNK_WEIGHT_MAX = 64 << 10;
  private static final Delivery[] NOTHING = {};

  final long id;
  final PrincipalId principal;
  final String clientId;

  private final Supplier<ExchangeLimits> inForce;
  private final Counters counters;
  private final Journal journal;
  private final InstantSource clock;
  private final Few<String, Subscription> subscriptions = new Few<>();
  private final OutboundQueue queue = new OutboundQueue();
  private final PacketIds inbound = new PacketIds();

  private volatile long expirySeconds;
  private volatile @Nullable Connection connection;
  private volatile boolean gone;

  /** What is published when the connection dies, or when its delay has passed. */
  @Nullable Testament testament;

  /** When the connection ended, or null while there is one. */
  @Nullable Long awaySinceMillis;

  /** Whether the store knows it. */
  private boolean stored;

  /** Tells an old appointment with the timer from the present one. */
  int absences;

  SessionState(long id, PrincipalId principal, String clientId, Facilities facilities) {
    this.id = id;
    this.principal = principal;
    this.clientId = clientId;
    this.inForce = facilities.inForce();
    this.counters = facilities.counters();
    this.journal = facilities.journal();
    this.clock = facilities.clock();
  }

  long expirySeconds() {
    return expirySeconds;
  }

  void expireAfter(long seconds) {
    expirySeconds = seconds;
  }

  boolean isPersistent() {
    return expirySeconds > 0;
  }

  boolean isOnline() {
    return connection != null;
  }

  boolean isGone() {
    return gone;
  }

  @Nullable Connection connection() {
    return connection;
  }

  // ---- deliveries, offered by any thread

  /**
   * Puts a delivery into the queue if there is room.
   *
   * @param here the thread that offers, or null
   */
  Offered offer(Delivery delivery, @Nullable Executor here) {
    Connection receiver;
    boolean many;
    synchronized (this) {
      receiver = connection;
      if (gone) {
        return Offered.GONE;
      }
      if (delivery.qos == 0 && receiver == null) {
        return Offered.AWAY;
      }
      if (!makeRoom(delivery.message.weight())) {
        return Offered.FULL;
      }
      queue.add(delivery);
      many = queue.waiting() >= DRAIN_INLINE_AT;
    }
    counters.queued.increment();
    if (receiver != null) {
      if (many && receiver.canTurnOn(here)) {
        receiver.turn();
      } else {
        receiver.wake();
      }
    }
    return Offered.TAKEN;
  }

  /** Bound: what has expired goes first, then the oldest QoS 0, then the new one is refused. */
  private boolean makeRoom(int weight) {
    if (hasRoom(weight)) {
      return true;
    }
    for (Delivery expired : queue.dropExpired(clock.millis())) {
      counters.droppedExpired.increment();
      ended(expired);
    }
    while (!hasRoom(weight)) {
      Delivery oldest = queue.dropOldestQosZero();
      if (oldest == null) {
        return false;
      }
      counters.droppedQueueFull.increment();
      ended(oldest);
    }
    return true;
  }

  private boolean hasRoom(int weight) {
    ExchangeLimits limits = inForce.get();
    return queue.waiting() < limits.sessionQueueMessages()
        && queue.bytes() + weight <= limits.sessionQueueBytes()
        && counters.reserve(weight);
  }

  /**
   * Takes back a delivery that could not be stored and was not sent. Nothing of it is in the store,
   * and its publication is not told: it has failed, which is more than that nobody waits for it.
   */
  synchronized void withdraw(Delivery delivery) {
    boolean unsent = delivery.phase == Phase.QUEUED || delivery.phase == Phase.SECURING;
    if (unsent && !delivery.dup && queue.withdraw(delivery)) {
      counters.release(delivery.message.weight());
      counters.queued.decrement();
      delivery.cancelWriting();
    }
  }

  /** Accounts for a delivery that the queue has let go of. */
  private void ended(Delivery delivery) {
    counters.release(delivery.message.weight());
    counters.queued.decrement();
    if (delivery.publication != null) {
      if (delivery.cancelWriting()) {
        delivery.publication.cancelled();
      } else {
        journal.submit(new Operations.Forget(delivery));
      }
    }
  }

  // ---- deliveries, taken by the connection's thread

  /** The next that may be sent, in order; empty when there is nothing, or no room in the window. */
  Delivery[] take(Connection by) {
    synchronized (this) {
      if (connection != by || queue.waiting() == 0) {
        return NOTHING;
      }
      for (Delivery delivery : queue.admit(CHUNK_MAX)) {
        journal.submit(new Operations.Secure(delivery, journal));
      }
      List<Delivery> taken = new ArrayList<>(Math.min(CHUNK_MAX, queue.waiting()));
      int weight = 0;
      while (weight < CHUNK_WEIGHT_MAX) {
        Delivery next = queue.next();
        if (next == null) {
          break;
        }
        boolean expired = !next.dup && next.canExpire() && next.isExpired(clock.millis());
        if (expired) {
          counters.droppedExpired.increment();
        } else {
          taken.add(next);
          weight += next.message.weight();
        }
        if (next.qos == 0) {
          ended(next);
        } else if (expired) {
          queue.end(next);
          ended(next);
        }
      }
      return taken.toArray(NOTHING);
    }
  }

  /** The packet id of a QoS 2 delivery is durable. */
  void secured(Delivery delivery) {
    Connection receiver = connection;
    synchronized (this) {
      if (delivery.phase == Phase.SECURING) {
        delivery.phase = Phase.SECURED;
      }
    }
    if (receiver != null) {
      receiver.wake();
    }
  }

  /** A PUBACK, or what counts as one: refused by the receiver's policy or its packet size. */
  synchronized boolean acknowledged(Connection by, int packetId, int qos) {
    Delivery delivery = queue.inFlight(packetId);
    if (connection != by
        || delivery == null
        || delivery.qos != qos
        || delivery.phase != Phase.SENT) {
      return false;
    }
    queue.end(delivery);
    ended(delivery);
    return true;
  }

  /**
   * A PUBREC.
   *
   * @return whether PUBREL may be sent now
   */
  synchronized boolean received(Connection by, int packetId) {
    Delivery delivery = queue.inFlight(packetId);
    if (connection != by || delivery == null || delivery.phase != Phase.SENT) {
      // A PUBREC for what is released, or not known any more, is answered again (MQTT 5, 4.3.3).
      return connection == by && (delivery == null || delivery.phase == Phase.RELEASED);
    }
    if (delivery.isDurable()) {
      delivery.phase = Phase.RELEASING;
      journal.submit(new Operations.Release(delivery));
      return false;
    }
    delivery.phase = Phase.RELEASED;
    return true;
  }

  /** That a QoS 2 delivery was received is durable: PUBREL may be sent. */
  void released(Delivery delivery) {
    Connection receiver;
    synchronized (this) {
      if (delivery.phase != Phase.RELEASING) {
        return;
      }
      delivery.phase = Phase.RELEASED;
      receiver = connection;
    }
    if (receiver != null) {
      receiver.release(delivery.packetId);
    }
  }

  /** A PUBCOMP. */
  synchronized boolean completed(Connection by, int packetId) {
    Delivery delivery = queue.inFlight(packetId);
    if (connection != by || delivery == null || delivery.phase != Phase.RELEASED) {
      return false;
    }
    queue.end(delivery);
    ended(delivery);
    return true;
  }

  synchronized int backlog() {
    return queue.waiting();
  }

  synchronized boolean hasWaiting() {
    return queue.waiting() > 0;
  }

  // ---- inbound QoS 2

  /** Notes the packet id of an exactly-once publication; false if it is known already. */
  boolean noteInbound(int packetId) {
    return inbound.note(packetId);
  }

  boolean forgetInbound(int packetId) {
    return inbound.forget(packetId);
  }

  int inboundCount() {
    return inbound.count();
  }

  // ---- subscriptions

  /** By filter as sent; only under this session's monitor. */
  Few<String, Subscription> subscriptions() {
    return subscriptions;
  }

  // ---- coming and going

  /** A connection takes the session; answers the QoS 2 deliveries whose PUBREL is sent again. */
  synchronized List<Delivery> attach(Connection newConnection, int receiveMaximum) {
    connection = newConnection;
    absences++;
    awaySinceMillis = null;
    return queue.resume(receiveMaximum);
  }

  /** The connection is gone; false if it had not the session any more. */
  synchronized boolean detach(Connection by, long nowMillis) {
    if (connection != by) {
      return false;
    }
    connection = null;
    absences++;
    awaySinceMillis = nowMillis;
    noteInFlight();
    for (Delivery dropped : queue.dropQosZero()) {
      ended(dropped);
    }
    return true;
  }

  /** The process ends in an orderly way: the next one shall not have to guess what was sent. */
  synchronized void closing(long nowMillis) {
    noteInFlight();
    if (isPersistent()) {
      awaySinceMillis = nowMillis;
      keep(null);
    }
  }

  /** Has the store know the packet ids of what was sent, for the case that it is sent again. */
  private void noteInFlight() {
    List<Delivery> sent = queue.sentAtLeastOnce();
    if (!sent.isEmpty()) {
      journal.submit(new Operations.PacketIds(sent));
    }
  }

  /** Has the store keep it as it now is. */
  synchronized void keep(@Nullable Reply reply) {
    stored = true;
    journal.submit(new Operations.Keep(this, reply));
  }

  /** Puts back what the store held of itself. */
  synchronized void recover(
      long expiry, @Nullable Long awaySince, @Nullable Testament waitingTestament) {
    stored = true;
    expirySeconds = expiry;
    awaySinceMillis = awaySince;
    testament = waitingTestament;
  }

  /** Puts back a delivery that the store held. */
  synchronized void recover(Delivery delivery) {
    queue.recover(delivery);
    counters.queued.increment();
    counters.reserveRegardless(delivery.message.weight());
  }

  /** What a session held when it ended. */
  record Remains(int queued, int inFlight, List<String> filters) {}

  /** The end: nothing is taken any more, and everything is forgotten, in the store too. */
  synchronized Remains discard() {
    gone = true;
    connection = null;
    int inFlight = queue.unacknowledged();
    List<Delivery> all = queue.clear();
    List<Delivery> written = new ArrayList<>();
    for (Delivery delivery : all) {
      counters.release(delivery.message.weight());
      counters.queued.decrement();
      if (delivery.publication != null) {
        if (delivery.cancelWriting()) {
          delivery.publication.cancelled();
        } else {
          written.add(delivery);
        }
      }
    }
    if (stored) {
      journal.submit(new Operations.Discard(this, written));
    }
    Remains remains =
        new Remains(all.size() - inFlight, inFlight, List.copyOf(subscriptions.keys()));
    subscriptions.clear();
    return remains;
  }
}
