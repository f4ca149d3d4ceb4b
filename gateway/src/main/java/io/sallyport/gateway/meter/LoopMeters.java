package io.sallyport.gateway.meter;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The measurements of one event loop: written by its thread only. */
public final class LoopMeters {
  /** One message of so many is measured; a power of two. */
  public static final int ONE_IN = 64;

  private final LongSupplier nanos;
  private final Map<Latency, Histogram> histograms = new EnumMap<>(Latency.class);
  private int publishes;
  private int deliveries;

  // The one publication whose acknowledgement is waited for; none while nobody owns it.
  private @Nullable Publisher watched;
  private int watchedId;
  private Latency watchedAs = Latency.PUBLISH_QOS_1;
  private long watchedSince;

  /** Whoever sent a publication that is waited for. */
  public interface Publisher {
    /** Whether its acknowledgement may still come. */
    boolean isConnected();
  }

  LoopMeters(LongSupplier nanos) {
    this.nanos = nanos;
    for (var what : Latency.values()) {
      histograms.put(what, new Histogram(what));
    }
  }

  /** A monotonic clock. */
  public long now() {
    return nanos.getAsLong();
  }

  /** Whether this PUBLISH is one of those that are measured. */
  public boolean samplesPublish() {
    return (++publishes & ONE_IN - 1) == 0;
  }

  /** Whether this delivery is one of those that are measured. */
  public boolean samplesDelivery() {
    return (++deliveries & ONE_IN - 1) == 0;
  }

  /** It took from then till now. */
  public void ended(Latency what, long since) {
    var histogram = histograms.get(what);
    if (histogram != null) {
      histogram.record(now() - since);
    }
  }

  /**
   * Waits for the acknowledgement of a publication. One is waited for at a time: however slow it
   * is, it is not given up for a quicker one.
   */
  public void watch(Publisher publisher, int packetId, int qos, long since) {
    if (watched != null && watched.isConnected()) {
      return;
    }
    watched = publisher;
    watchedId = packetId;
    watchedAs = Latency.ofPublish(qos);
    watchedSince = since;
  }

  /** A publication is acknowledged. */
  public void acknowledged(Publisher publisher, int packetId) {
    if (watchedId == packetId && Objects.equals(watched, publisher)) {
      watched = null;
      ended(watchedAs, watchedSince);
    }
  }

  void addTo(Distribution.Sum sum, Latency what) {
    var histogram = histograms.get(what);
    if (histogram != null) {
      histogram.addTo(sum);
    }
  }
}
