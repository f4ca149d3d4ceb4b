package io.sallyport.gateway.meter;

import java.util.ArrayList;
import java.util.List;

/** What the gate measures the time of. */
public enum Latency {
  /** From the first byte of the ClientHello to the finished handshake with a certificate sent. */
  HANDSHAKE_FULL(Scale.HANDSHAKE),
  /** The same with a ticket. */
  HANDSHAKE_RESUMED(Scale.HANDSHAKE),
  /** One CONNECT: its rights compiled and decided. */
  DECISION_CONNECT(Scale.DECISION),
  /** One filter of a SUBSCRIBE. */
  DECISION_SUBSCRIBE(Scale.DECISION),
  /** One PUBLISH; sampled. */
  DECISION_PUBLISH(Scale.DECISION),
  /** One delivery; sampled. */
  DECISION_RECEIVE(Scale.DECISION),
  /** From the whole PUBLISH packet to the exchange having taken it; sampled. */
  PUBLISH_QOS_0(Scale.PUBLISH),
  /** From the whole PUBLISH packet to its PUBACK being written; sampled. */
  PUBLISH_QOS_1(Scale.PUBLISH),
  /** From the whole PUBLISH packet to its PUBREC being written; sampled. */
  PUBLISH_QOS_2(Scale.PUBLISH);

  private final Scale scale;

  Latency(Scale scale) {
    this.scale = scale;
  }

  /** The upper bounds of its buckets, growing; one more bucket is above the last. */
  public List<Long> boundsNanos() {
    return scale.boundsNanos();
  }

  /** The time of a publication of that QoS. */
  public static Latency ofPublish(int qos) {
    return switch (qos) {
      case 0 -> PUBLISH_QOS_0;
      case 1 -> PUBLISH_QOS_1;
      default -> PUBLISH_QOS_2;
    };
  }

  /** Three buckets a decade: 1, 2.5 and 5. */
  private enum Scale {
    DECISION(100, 10_000_000),
    PUBLISH(1_000, 10_000_000_000L),
    HANDSHAKE(100_000, 10_000_000_000L);

    private final long first;
    private final long last;

    Scale(long first, long last) {
      this.first = first;
      this.last = last;
    }

    List<Long> boundsNanos() {
      var bounds = new ArrayList<Long>();
      for (long decade = first; decade < last; decade *= 10) {
        bounds.add(decade);
        bounds.add(decade / 10 * 25);
        bounds.add(decade * 5);
      }
      bounds.add(last);
      return List.copyOf(bounds);
    }
  }
}
