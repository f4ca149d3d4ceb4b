package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.mqtt.MalformedPacket;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The results of filters that the gate refused itself, kept until the exchange answers for the
 * others, so that the client gets one answer in the order of its packet.
 */
final class PendingResults {
  /** A place that the exchange's answer fills. */
  static final int OPEN = -1;

  // Bound: how many packets of which a part was refused may wait for the exchange.
  private static final int PENDING_MAX = 64;

  private static final class Pending {
    private final int type;
    private final int packetId;
    private final int[] codes;

    Pending(int type, int packetId, int[] codes) {
      this.type = type;
      this.packetId = packetId;
      this.codes = codes;
    }
  }

  private @Nullable ArrayList<Pending> pending;

  void add(int type, int packetId, int[] codes) throws MalformedPacket {
    var all = pending;
    if (all == null) {
      all = new ArrayList<>(1);
      pending = all;
    }
    if (all.size() == PENDING_MAX) {
      throw new MalformedPacket(Reason.QUOTA_EXCEEDED, "too many subscriptions at once");
    }
    all.add(new Pending(type, packetId, codes));
  }

  /** The results of all filters of a packet, given those that the exchange had a part in. */
  int[] merge(int type, int packetId, int[] answered) {
    var mine = remove(type, packetId);
    if (mine == null) {
      return answered;
    }
    int next = 0;
    for (int i = 0; i < mine.length; i++) {
      if (mine[i] == OPEN) {
        mine[i] = answered[next++];
      }
    }
    return mine;
  }

  private int @Nullable [] remove(int type, int packetId) {
    var all = pending;
    if (all == null) {
      return null;
    }
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      if (one.packetId == packetId && one.type == type) {
        all.remove(i);
        return one.codes;
      }
    }
    return null;
  }
}
