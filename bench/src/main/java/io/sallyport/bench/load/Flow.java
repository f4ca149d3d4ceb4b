package io.sallyport.bench.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Everything that publishers and subscribers share about one load; one thread uses it. */
final class Flow {
  private static final long LATENCY_MICROS_MAX = 60_000_000;

  private final int qos;
  private final int payloadBytes;
  private final int subscribers;
  private final Histogram latencyMicros = new Histogram(LATENCY_MICROS_MAX, 3);
  private long sent;
  private long delivered;
  private long deliveredSinceMark;
  private @Nullable String failure;

  Flow(int qos, int payloadBytes, int subscribers) {
    this.qos = qos;
    this.payloadBytes = payloadBytes;
    this.subscribers = subscribers;
  }

  int qos() {
    return qos;
  }

  int payloadBytes() {
    return payloadBytes;
  }

  int subscribers() {
    return subscribers;
  }

  void sent(int messages) {
    sent += messages;
  }

  /** One message reached one subscriber, that many nanoseconds after it was due to be sent. */
  void delivered(long nanos) {
    delivered++;
    deliveredSinceMark++;
    latencyMicros.recordValue(Math.clamp(nanos / 1_000, 0, LATENCY_MICROS_MAX));
  }

  /** Deliveries that are still owed. */
  long owed() {
    return sent * subscribers - delivered;
  }

  long deliveredSinceMark() {
    return deliveredSinceMark;
  }

  double latencyMillis(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1_000.0;
  }

  /** The load is void from here on; the next mark says why. */
  void fail(String why) {
    failure = why;
  }

  void check() {
    if (failure != null) {
      throw new LoadFailure(failure);
    }
  }

  void mark() {
    deliveredSinceMark = 0;
    latencyMicros.reset();
  }
}
