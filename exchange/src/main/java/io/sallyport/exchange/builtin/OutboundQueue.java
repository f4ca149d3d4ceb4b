package io.sallyport.exchange.builtin;

import io.sallyport.exchange.builtin.Delivery.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client and what it has not acknowledged, in order. Guarded by its session's
 * lock; knows no thread.
 */
final class OutboundQueue {
  private final DeliveryRing waiting = new DeliveryRing();
  private final Window window = new Window();

  /** How many from the head have room in the window; they leave in order when secured. */
  private int admitted;

  private int qosZero;
  private long sequence;
  private long bytes;

  /** The earliest moment at which something that waits expires. */
  private long expiresFirst = Long.MAX_VALUE;

  int waiting() {
    return waiting.size();
  }

  /** Waiting and in flight. */
  long bytes() {
    return bytes;
  }

  void add(Delivery delivery) {
    delivery.sequence = ++sequence;
    put(delivery);
    waiting.addLast(delivery);
  }

  private void put(Delivery delivery) {
    bytes += delivery.message.weight();
    expiresFirst = Math.min(expiresFirst, delivery.message.expiresAtMillis());
    if (delivery.qos == 0) {
      qosZero++;
    }
  }

  /** Puts back what the store held, in the order of its sequence. */
  void recover(Delivery delivery) {
    sequence = Math.max(sequence, delivery.sequence);
    put(delivery);
    if (delivery.packetId != 0) {
      window.recover(delivery);
    }
    if (delivery.phase != Phase.RELEASED) {
      waiting.addLast(delivery);
    }
  }

  /** Drops the oldest QoS 0 delivery that waits, or answers null. */
  @Nullable Delivery dropOldestQosZero() {
    if (qosZero == 0) {
      return null;
    }
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).qos == 0) {
        return drop(i);
      }
    }
    return null;
  }

  /** Drops everything that waits unsent and has expired. */
  List<Delivery> dropExpired(long nowMillis) {
    if (nowMillis < expiresFirst) {
      return List.of();
    }
    List<Delivery> dropped = new ArrayList<>();
    expiresFirst = Long.MAX_VALUE;
    for (int i = waiting.size() - 1; i >= 0; i--) {
      Delivery delivery = waiting.get(i);
      if (delivery.packetId == 0 && delivery.isExpired(nowMillis)) {
        dropped.add(drop(i));
      } else {
        expiresFirst = Math.min(expiresFirst, delivery.message.expiresAtMillis());
      }
    }
    return dropped;
  }

  /** Takes one out that was not sent; false if it does not wait. */
  boolean withdraw(Delivery delivery) {
    // From the end, because what could not be stored is among the newest.
    for (int i = waiting.size() - 1; i >= 0; i--) {
      if (waiting.get(i) == delivery) {
        drop(i);
        return true;
      }
    }
    return false;
  }

  private Delivery drop(int index) {
    Delivery delivery = waiting.remove(index);
    if (index < admitted) {
      admitted--;
    }
    if (delivery.qos == 0) {
      qosZero--;
    }
    end(delivery);
    return delivery;
  }

  /**
   * Gives room in the window to as many as it has, from the head on.
   *
   * @param mayLeave how many may be admitted beyond those that can leave now
   * @return those whose packet id must be durable before they are sent
   */
  List<Delivery> admit(int mayLeave) {
    List<Delivery> toSecure = List.of();
    while (admitted < waiting.size() && admitted < mayLeave) {
      Delivery delivery = waiting.get(admitted);
      if (delivery.qos > 0) {
        if (window.isFull()) {
          return toSecure;
        }
        boolean numbered = delivery.packetId != 0;
        window.admit(delivery);
        if (delivery.qos == 2 && delivery.isDurable() && !numbered) {
          delivery.phase = Phase.SECURING;
          toSecure = toSecure.isEmpty() ? new ArrayList<>() : toSecure;
          toSecure.add(delivery);
        }
      }
      admitted++;
    }
    return toSecure;
  }

  /** The next that may leave now, marked as sent, or null. */
  @Nullable Delivery next() {
    if (admitted == 0 || waiting.get(0).phase == Phase.SECURING) {
      return null;
    }
    admitted--;
    Delivery delivery = waiting.removeFirst();
    if (delivery.qos == 0) {
      qosZero--;
      end(delivery);
    } else {
      delivery.phase = Phase.SENT;
    }
    return delivery;
  }

  @Nullable Delivery inFlight(int packetId) {
    return window.find(packetId);
  }

  /** Done with: frees its packet id, if it has one, and its bytes. */
  void end(Delivery delivery) {
    bytes -= delivery.message.weight();
    delivery.phase = Phase.DONE;
    if (delivery.packetId != 0) {
      window.free(delivery);
    }
  }

  /** The connection is gone: what is not durable and QoS 0 goes with it. */
  List<Delivery> dropQosZero() {
    List<Delivery> dropped = new ArrayList<>(qosZero);
    for (int i = waiting.size(); i > 0; i--) {
      Delivery delivery = waiting.removeFirst();
      if (delivery.qos == 0) {
        end(delivery);
        dropped.add(delivery);
      } else {
        waiting.addLast(delivery);
      }
    }
    qosZero = 0;
    admitted = 0;
    return dropped;
  }

  /**
   * A new connection of the same session: what was sent and not acknowledged goes first, again.
   *
   * @return the packet ids for which PUBREL is to be sent again, in order
   */
  List<Delivery> resume(int receiveMaximum) {
    window.open(receiveMaximum);
    admitted = 0;
    List<Delivery> released = new ArrayList<>();
    List<Delivery> inFlight = window.inOrder();
    for (Delivery delivery : inFlight) {
      if (delivery.phase == Phase.RELEASED || delivery.phase == Phase.RELEASING) {
        window.count(delivery);
        released.add(delivery);
      }
    }
    for (Delivery delivery : inFlight.reversed()) {
      if (delivery.phase == Phase.SENT) {
        delivery.dup = true;
        delivery.phase = delivery.isDurable() && delivery.qos == 2 ? Phase.SECURED : Phase.QUEUED;
        waiting.addFirst(delivery);
      }
    }
    return released;
  }

  /** Durable QoS 1 deliveries that were sent and are not acknowledged. */
  List<Delivery> sentAtLeastOnce() {
    List<Delivery> sent = window.inOrder();
    sent.removeIf(
        delivery -> delivery.qos != 1 || !delivery.isDurable() || delivery.phase != Phase.SENT);
    return sent;
  }

  /** How many were sent and are not acknowledged. */
  int unacknowledged() {
    int count = 0;
    for (Delivery delivery : window.inOrder()) {
      if (delivery.phase != Phase.QUEUED
          && delivery.phase != Phase.SECURING
          && delivery.phase != Phase.SECURED) {
        count++;
      }
    }
    return count;
  }

  /** Everything, waiting or in flight; the queue is of no use afterwards. */
  List<Delivery> clear() {
    List<Delivery> all = window.inOrder();
    while (waiting.size() > 0) {
      Delivery delivery = waiting.removeFirst();
      if (delivery.packetId == 0) {
        all.add(delivery);
      }
    }
    for (Delivery delivery : all) {
      end(delivery);
    }
    admitted = 0;
    qosZero = 0;
    return all;
  }
}
