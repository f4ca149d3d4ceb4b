package io.sallyport.exchange.upstream;

import io.netty.handler.codec.mqtt.MqttMessageType;
import java.util.concurrent.TimeUnit;

/**
 * How long to leave what a busy broker sends where it is before the next look. A broker writes one
 * packet after the other, and each would cost system calls and a TLS record of its own on its way
 * to the device; a link that rests finds them together. Who waits for one answer, and who hears
 * little, does not wait.
 */
final class Patience {
  /** With fewer publications unacknowledged, the device may be waiting for each. */
  static final int OWED_MIN = 4;

  static final long OWED_REST_MIN_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  static final long OWED_REST_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

  static final long DELIVERY_REST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  /** How many packets make a rest before a delivery worth it. */
  static final int DELIVERIES_WORTH = 4;

  /** After how many looks that found a delivery a rest is tried again. */
  static final int TRIED_AGAIN_AFTER = 64;

  private long owedRest;
  private int looksToGo = TRIED_AGAIN_AFTER;
  private boolean hasRested;
  private int answers;
  private int others;

  /** One packet came. */
  void read(MqttMessageType type) {
    switch (type) {
      case PUBACK, PUBREC, PUBCOMP -> answers++;
      default -> others++;
    }
  }

  /**
   * All that was there has been read.
   *
   * @param owed how many publications are not acknowledged still
   * @return nanoseconds to rest, 0 for none
   */
  long rest(int owed) {
    int came = answers + others;
    boolean isDelivered = others > 0;
    answers = 0;
    others = 0;
    if (came == 0) {
      return 0;
    }
    return isDelivered ? beforeDeliveries(came) : beforeAnswers(came, owed);
  }

  private long beforeAnswers(int came, int owed) {
    if (came >= owed) {
      // The broker may have been waiting for the device, and that for us.
      owedRest /= 2;
    } else if (came * 4 < owed) {
      owedRest = Math.clamp(owedRest * 2, OWED_REST_MIN_NANOS, OWED_REST_MAX_NANOS);
    }
    return owed < OWED_MIN || owedRest < OWED_REST_MIN_NANOS ? 0 : owedRest;
  }

  private long beforeDeliveries(int came) {
    if (hasRested && came < DELIVERIES_WORTH) {
      hasRested = false;
      looksToGo = TRIED_AGAIN_AFTER;
    }
    if (looksToGo > 0) {
      looksToGo--;
      return 0;
    }
    hasRested = true;
    return DELIVERY_REST_NANOS;
  }
}
