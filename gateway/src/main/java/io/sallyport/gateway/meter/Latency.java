package io.sallyport.gateway.meter;

import java.util.ArrayList;
import java.util.List;

/** What the gate measures the time of. */
public enum Latency {
  /** From the first byte of the ClientHello to the finished handshake with a certificate sent. */
  HANDSHAKE_FULL(Bounds.HANDSHAKE),
  /** The same with a ticket. */
  HANDSHAKE_RESUMED(Bounds.HANDSHAKE),
  /** One CONNECT: its rights compiled and decided. */
  DECISION_CONNECT(Bounds.DECISION),
  /** One filter of a SUBSCRIBE. */
  DECISION_SUBSCRIBE(Bounds.DECISION),
  /** One PUBLISH; sampled. */
  DECISION_PUBLISH(Bounds.DECISION),
  /** One delivery; sampled. */
  DECISION_RECEIVE(Bounds.DECISION),
  /** From the whole PUBLISH packet to the exchange having taken it; sampled. */
  PUBLISH_QOS_0(Bounds.PUBLISH),
  /** From the whole PUBLISH packet to its PUBACK being written; sampled. */
  PUBLISH_QOS_1(Bounds.PUBLISH),
  /** From the whole PUBLISH packet to its PUBREC being written; sampled. */
  PUBLISH_QOS_2(Bounds.PUBLISH);

  private final List<Long> boundsNanos;

  Latency(List<Long> boundsNanos) {
    this.boundsNanos = boundsNanos;
  }

  /** The upper bounds of its buckets, growing; one more bucket is above the last. */
  public List<Long> boundsNanos() {
    return boundsNanos;
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
  private static final class Bounds {
    static final List<Long> DECISION = between(100, 10_000_000);
    static final List<Long> PUBLISH = between(1_000, 10_000_000_000L);
    static final List<Long> HANDSHAKE = between(100_000, 10_000_000_000L);

    private static List<Long> between(long first, long last) {
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
