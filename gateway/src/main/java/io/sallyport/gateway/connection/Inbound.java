package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.mqtt.MalformedPacket;
import org.jspecify.annotations.Nullable;

/**
 * What one client has sent: its topic aliases, its last topic, and how much of it is not finished.
 */
final class Inbound {
  private static final byte[] NONE = new byte[0];

  private byte[] lastTopic = NONE;
  private byte @Nullable [] @Nullable [] aliases;
  private int unfinished;
  private long unfinishedBytes;
  private int deniedSince;
  private int denied;

  byte[] lastTopic() {
    return lastTopic;
  }

  /** The topic that a PUBLISH means, by its name, its alias or both (MQTT 5, 3.3.2.3.4). */
  byte[] resolve(byte[] topic, int alias, int aliasMax) throws MalformedPacket {
    if (alias == 0) {
      lastTopic = topic;
      return topic;
    }
    if (alias > aliasMax) {
      throw new MalformedPacket(Reason.TOPIC_ALIAS_INVALID, "topic alias above the maximum");
    }
    var known = aliases;
    if (known == null) {
      known = new byte[aliasMax + 1][];
      aliases = known;
    }
    if (topic.length > 0) {
      known[alias] = topic;
      lastTopic = topic;
      return topic;
    }
    var meant = known[alias];
    if (meant == null) {
      throw new MalformedPacket(Reason.PROTOCOL_ERROR, "topic alias that was never set");
    }
    return meant;
  }

  /** A QoS 1 or 2 publication began. */
  void began(int bytes) {
    unfinished++;
    unfinishedBytes += bytes;
  }

  /** One was finished; whether all are, or few enough to read on. */
  boolean finished() {
    if (unfinished > 0) {
      unfinished--;
    }
    if (unfinished == 0) {
      unfinishedBytes = 0;
    }
    return unfinished == 0;
  }

  int unfinished() {
    return unfinished;
  }

  /** Bound: what may wait for the store; counted down when nothing waits any more. */
  long unfinishedBytes() {
    return unfinishedBytes;
  }

  /** Counts a denied QoS 0 publication; returns how many there were in this window. */
  int denied(int tick, int windowTicks) {
    if (denied == 0 || tick - deniedSince >= windowTicks) {
      deniedSince = tick;
      denied = 0;
    }
    return ++denied;
  }
}
