package io.sallyport.exchange.builtin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids in use towards one client, and how many more QoS 1 and 2 deliveries it takes (MQTT
 * 5, 4.9).
 */
final class Window {
  private static final int PACKET_ID_MAX = 0xFFFF;
  private static final int CAPACITY_FIRST = 16;

  private static final @Nullable Delivery[] NOTHING = {};

  /** By packet id. Its length bounds the ids given out, and grows with what is in flight. */
  private @Nullable Delivery[] byPacketId = NOTHING;

  private int idsInUse;
  private int lastId;
  private int receiveMaximum = 1;
  private int inFlight;

  /** A new connection takes so many; nothing is in flight on it. */
  void open(int clientReceiveMaximum) {
    receiveMaximum = clientReceiveMaximum;
    inFlight = 0;
    for (Delivery delivery : byPacketId) {
      if (delivery != null) {
        delivery.admitted = false;
      }
    }
  }

  boolean isFull() {
    return inFlight >= receiveMaximum || idsInUse >= PACKET_ID_MAX;
  }

  /** Lets one more out: gives it a packet id unless it has one from an earlier connection. */
  void admit(Delivery delivery) {
    count(delivery);
    if (delivery.packetId == 0) {
      delivery.packetId = nextId();
      byPacketId[delivery.packetId] = delivery;
      idsInUse++;
    }
  }

  /** Counts one that has its packet id already. */
  void count(Delivery delivery) {
    delivery.admitted = true;
    inFlight++;
  }

  /** Puts back what was in flight when the process ended. */
  void recover(Delivery delivery) {
    reach(delivery.packetId);
    byPacketId[delivery.packetId] = delivery;
    idsInUse++;
  }

  @Nullable Delivery find(int packetId) {
    return packetId < byPacketId.length ? byPacketId[packetId] : null;
  }

  /** Acknowledged in full. */
  void free(Delivery delivery) {
    byPacketId[delivery.packetId] = null;
    idsInUse--;
    if (delivery.admitted) {
      delivery.admitted = false;
      inFlight--;
    }
  }

  /** Every delivery that has a packet id, in the order of sending. */
  List<Delivery> inOrder() {
    List<Delivery> all = new ArrayList<>(idsInUse);
    for (Delivery delivery : byPacketId) {
      if (delivery != null) {
        all.add(delivery);
      }
    }
    all.sort(Comparator.comparingLong(delivery -> delivery.sequence));
    return all;
  }

  private int nextId() {
    if (idsInUse + 1 >= byPacketId.length) {
      reach(Math.min(PACKET_ID_MAX, Math.max(CAPACITY_FIRST, byPacketId.length * 2)));
    }
    do {
      lastId = lastId + 1 < byPacketId.length ? lastId + 1 : 1;
    } while (byPacketId[lastId] != null);
    return lastId;
  }

  private void reach(int packetId) {
    if (packetId >= byPacketId.length) {
      byPacketId = Arrays.copyOf(byPacketId, packetId + 1);
    }
  }
}
