package io.sallyport.exchange.upstream;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.identity.PrincipalId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What goes from one device to the broker, in order. Packet ids are the device's own, so that a
 * flow of QoS 2 that a lost connection has cut goes on where it was. Lives on the session's loop.
 */
final class Outbox {
  private static final int PACKET_IDS = 65_535;

  /** Whose it is. */
  interface Owner {
    boolean isClosed();

    /** Runs it on the loop, now if this is the loop. */
    void onLoop(Runnable task);

    /** Something went wrong that only a new beginning mends. */
    void fail(Reason reason);
  }

  /** What carries publications to the broker. */
  interface Way {
    /** Whether one more may be unacknowledged there. */
    boolean hasPlace();

    void carry(Message message, int packetId, boolean dup);

    /** Whether the broker takes what is written. */
    boolean isWritable();
  }

  private final Owner owner;
  private final Outlet outlet;
  private final Facilities facilities;
  private final PrincipalId principal;
  private final Queue<Parcel> waiting = new ArrayDeque<>(0);

  /** Publications of QoS 1 and 2 that the broker has not done with. */
  private final Set<Integer> unfinished = new HashSet<>(4);

  /** Packet ids of requests that are ours and not the device's. */
  private final Set<Integer> ours = new HashSet<>(0);

  /** Topics whose retained message a publication takes away, by its packet id. */
  private final Map<Integer, String> clearing = new HashMap<>(0);

  private long waitingBytes;
  private boolean hasRoom = true;
  private @Nullable Way way;
  private @Nullable Greeting greeting;

  /** When the head began to wait for a place among the unacknowledged; 0 for never. */
  private volatile long stuckSince;

  Outbox(Owner owner, Outlet outlet, Facilities facilities, PrincipalId principal) {
    this.owner = owner;
    this.outlet = outlet;
    this.facilities = facilities;
    this.principal = principal;
  }

  /** The broker listens from now on. */
  void open(Way opened, Greeting said) {
    way = opened;
    greeting = said;
    drain();
  }

  // ---- publications

  void publish(Message message, int packetId, boolean dup) {
    Greeting known = greeting;
    Reason refusal = known == null ? null : known.refusal(message);
    boolean isNoting = refusal == null && mustBeNoted(message);
    if (refusal == null && !isNoting && waiting.isEmpty() && mayLeave(packetId, packetId > 0)) {
      send(message, packetId, dup);
      return;
    }
    var parcel = publication(message, packetId, dup);
    parcel.refusal = refusal;
    parcel.isNoting = isNoting;
    if (!add(parcel)) {
      return;
    }
    if (isNoting) {
      facilities.footprints().retain(message.topicText(), principal, why -> noted(parcel, why));
    } else {
      drain();
    }
  }

  private boolean mustBeNoted(Message message) {
    return message.isRetain()
        && message.payload().length > 0
        && !facilities.footprints().isRetained(message.topicText(), principal);
  }

  private Parcel publication(Message message, int packetId, boolean dup) {
    return new Parcel(packetId, message.weight(), packetId > 0) {
      @Override
      void send() {
        Outbox.this.send(message, packetId, dup);
      }

      @Override
      void refuse(Reason reason) {
        countRefused(reason);
        if (message.qos() == 1) {
          outlet.puback(packetId, reason);
        } else if (message.qos() == 2) {
          outlet.pubrec(packetId, reason);
        }
      }
    };
  }

  private void countRefused(Reason reason) {
    switch (reason) {
      case PACKET_TOO_LARGE -> facilities.counters().droppedTooLarge.increment();
      default -> facilities.counters().refusedQueueFull.increment();
    }
  }

  private void send(Message message, int packetId, boolean dup) {
    Way to = way;
    if (to == null) {
      return;
    }
    if (packetId > 0) {
      unfinished.add(packetId);
      if (message.isRetain() && message.payload().length == 0) {
        clearing.put(packetId, message.topicText());
      }
    }
    facilities.counters().published.increment();
    to.carry(message, packetId, dup);
    writabilityChanged();
  }

  /** How many publications the broker has not done with. */
  int unfinished() {
    return unfinished.size();
  }

  /** Whether a publication is under way, or waits for its turn. */
  boolean isUnderWay(int packetId) {
    return unfinished.contains(packetId)
        || waiting.stream().anyMatch(parcel -> parcel.packetId == packetId);
  }

  /** The broker has done with a publication. */
  void finished(int packetId, Reason reason) {
    unfinished.remove(packetId);
    String topic = clearing.isEmpty() ? null : clearing.remove(packetId);
    if (topic != null && !reason.isFailure()) {
      facilities.footprints().cleared(topic);
    }
    drain();
  }

  // ---- waiting

  /** Lets a request go when its turn comes. */
  void request(Parcel parcel) {
    if (add(parcel)) {
      drain();
    }
  }

  /** A footprint is durable, or cannot be; on any thread. */
  void noted(Parcel parcel, @Nullable Reason refusal) {
    owner.onLoop(
        () -> {
          parcel.isNoting = false;
          parcel.refusal = refusal;
          drain();
        });
  }

  private boolean add(Parcel parcel) {
    var limits = facilities.limits();
    boolean full =
        waiting.size() >= limits.sessionQueueMessages()
            || waitingBytes + parcel.weight > limits.sessionQueueBytes();
    if (full && parcel.packetId == 0 && parcel.weight > 0) {
      facilities.counters().droppedQueueFull.increment();
      return false;
    }
    // Bound: the gateway reads no more from a device that has so much unacknowledged.
    if (waiting.size() >= limits.sessionQueueMessages() + limits.inboundReceiveMaximum()) {
      owner.fail(Reason.RECEIVE_MAXIMUM_EXCEEDED);
      return false;
    }
    waiting.add(parcel);
    count(parcel, 1);
    return true;
  }

  private void count(Parcel parcel, int sign) {
    waitingBytes += (long) sign * parcel.weight;
    facilities.counters().queued.add(sign);
    facilities.counters().queuedBytes.add((long) sign * parcel.weight);
  }

  private boolean mayLeave(int packetId, boolean isCounted) {
    Greeting known = greeting;
    Way to = way;
    return known != null
        && to != null
        && !(isCounted && (isFull(known, packetId) || !to.hasPlace()))
        && (packetId == 0 || !ours.contains(packetId));
  }

  private boolean isFull(Greeting known, int packetId) {
    return unfinished.size() >= known.receiveMaximum() && !unfinished.contains(packetId);
  }

  /** Lets go what may. */
  void drain() {
    for (Parcel next = waiting.peek(); next != null; next = waiting.peek()) {
      if (owner.isClosed() || next.isNoting) {
        return;
      }
      Reason refusal = next.refusal;
      if (refusal == null && !mayLeave(next.packetId, next.isCounted)) {
        stuckSince = stuckSince == 0 ? facilities.nanos().getAsLong() | 1 : stuckSince;
        return;
      }
      stuckSince = 0;
      waiting.remove();
      count(next, -1);
      if (refusal == null) {
        next.send();
      } else {
        next.refuse(refusal);
      }
    }
  }

  /** Since when nothing could go, or 0. */
  long stuckSince() {
    return stuckSince;
  }

  /** Forgets everything: the device has no answer to it, and comes again with it. */
  void discard() {
    for (Parcel parcel : waiting) {
      count(parcel, -1);
    }
    waiting.clear();
  }

  /** While the broker does not take what is written, the device is not read from. */
  void writabilityChanged() {
    Way to = way;
    boolean room = to == null || to.isWritable();
    if (room != hasRoom) {
      hasRoom = room;
      outlet.room(room);
    }
  }

  // ---- requests of our own

  /** A packet id that nobody uses. */
  int ownPacketId(IntPredicate isPending) {
    int id = PACKET_IDS;
    while (unfinished.contains(id) || ours.contains(id) || isPending.test(id)) {
      id--;
    }
    ours.add(id);
    return id;
  }

  /** Whether this answers a request of ours, which the device must not hear of. */
  boolean isOurs(int packetId) {
    boolean own = !ours.isEmpty() && ours.remove(packetId);
    if (own) {
      drain();
    }
    return own;
  }
}
