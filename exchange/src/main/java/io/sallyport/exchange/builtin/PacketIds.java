package io.sallyport.exchange.builtin;

import java.util.BitSet;

/** The packet ids of a client's exactly-once publications that are not completed. */
final class PacketIds {
  private final BitSet ids = new BitSet(0);
  private int count;

  /** False if it is known already. */
  synchronized boolean note(int packetId) {
    if (ids.get(packetId)) {
      return false;
    }
    ids.set(packetId);
    count++;
    return true;
  }

  /** False if it is not known. */
  synchronized boolean forget(int packetId) {
    if (!ids.get(packetId)) {
      return false;
    }
    ids.clear(packetId);
    count--;
    return true;
  }

  synchronized int count() {
    return count;
  }
}
