package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.mqtt.MalformedPacket;
import io.sallyport.policy.SearchBudget;
import org.jspecify.annotations.Nullable;

/** What one client has sent: its topic aliases, its last topic, and how much of it is not done. */
final class Inbound {
  /**
   * Bound: the places in policies that the wildcards of one SUBSCRIBE may be compared with, a few
   * milliseconds; and in the long run less than a hundredth of a loop's time.
   */
  static final int SEARCH_STEPS_MAX = 40_000;

  static final int SEARCH_STEPS_PER_TICK = 2_000;

  private static final byte[] NONE = new byte[0];

  private byte[] lastTopic = NONE;
  private byte @Nullable [] @Nullable [] aliases;
  private int inFlight;
  private int unanswered;
  private long unansweredBytes;
  private final Window denied = new Window();
  private final Window tooFast = new Window();
  private int searchedAt;
  private @Nullable SearchBudget searches;

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

  /** A QoS 1 or 2 publication was handed to the exchange. */
  void began(int bytes) {
    inFlight++;
    unanswered++;
    unansweredBytes += bytes;
  }

  /** The exchange answered one with PUBACK or PUBREC; whether none waits for it any more. */
  boolean answered() {
    unanswered = Math.max(0, unanswered - 1);
    if (unanswered == 0) {
      unansweredBytes = 0;
    }
    return unanswered == 0;
  }

  /** One came to its end, with PUBACK, PUBCOMP or a failure. */
  void ended() {
    inFlight = Math.max(0, inFlight - 1);
  }

  /** What counts against the receive maximum (MQTT 5, 4.9). */
  int inFlight() {
    return inFlight;
  }

  /** How many wait for the exchange. */
  int unanswered() {
    return unanswered;
  }

  /** What they weigh; counted down when none waits any more. */
  long unansweredBytes() {
    return unansweredBytes;
  }

  /** What its wildcards may still cost; what is left out of it comes back with time. */
  SearchBudget searches(int tick) {
    var known = searches;
    if (known == null) {
      known = new SearchBudget(SEARCH_STEPS_MAX);
      searches = known;
    }
    known.refill((long) (tick - searchedAt) * SEARCH_STEPS_PER_TICK);
    searchedAt = tick;
    return known;
  }

  /** Counts a denied QoS 0 publication; returns how many there were in this window. */
  int denied(int tick, int windowTicks) {
    return denied.count(tick, windowTicks);
  }

  /** Counts a QoS 0 publication beyond the rate; returns how many there were in this window. */
  int tooFast(int tick, int windowTicks) {
    return tooFast.count(tick, windowTicks);
  }
}
