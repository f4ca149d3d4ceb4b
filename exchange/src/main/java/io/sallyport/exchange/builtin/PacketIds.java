package io.sallyport.exchange.builtin;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The packet ids of a client's exactly-once publications that are not completed. */
final class PacketIds {
  // Most devices never use QoS 2.
  private @Nullable BitSet ids;
  private int count;

  /** False if it is known already. */
  synchronized boolean note(int packetId) {
    BitSet known = ids;
    if (known == null) {
      known = new BitSet();
      ids = known;
    }
    if (known.get(packetId)) {
      return false;
    }
    known.set(packetId);
    count++;
    return true;
  }

  /** False if it is not known. */
  synchronized boolean forget(int packetId) {
    BitSet known = ids;
    if (known == null || !known.get(packetId)) {
      return false;
    }
    known.clear(packetId);
    count--;
    return true;
  }

  synchronized int count() {
    return count;
  }
}
