package io.sallyport.app.agent;

import io.sallyport.agent.mqtt.Ending;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What a fleet has lived through, from all its threads. */
final class Tally {
  // Bound: latencies that are kept; of more, each is kept with the same chance.
  private static final int SAMPLES_MAX = 100_000;
  // Bound: different reasons that are told apart.
  private static final int REASONS_MAX = 50;

  private final RandomGenerator luck;
  private final long[] samples = new long[SAMPLES_MAX];
  private final Map<String, Long> reasons = new TreeMap<>();
  private final AtomicLong connected = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong denied = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private long seen;

  Tally(RandomGenerator luck) {
    this.luck = luck;
  }

  void connected() {
    connected.incrementAndGet();
    connections.incrementAndGet();
  }

  /** One that was connected is no more, or an attempt failed. */
  void ended(boolean stood, Ending ending) {
    if (stood) {
      connected.decrementAndGet();
    }
    var kind =
        switch (ending) {
          case Ending.Lost lost -> "lost: " + lost.why();
          case Ending.Untrusted untrusted -> "untrusted: " + untrusted.why();
          case Ending.Refused refused -> "refused: " + refused.why();
          case Ending.Closed closed -> "closed: " + closed.why();
        };
    synchronized (reasons) {
      reasons.merge(reasons.size() < REASONS_MAX ? kind : "other", 1L, Long::sum);
    }
  }

  void published() {
    published.incrementAndGet();
  }

  void denied() {
    denied.incrementAndGet();
  }

  void cut() {
    cuts.incrementAndGet();
  }

  /** A message was acknowledged after that time; negative if nobody knows when it was sent. */
  void acknowledged(long nanos) {
    acknowledged.incrementAndGet();
    if (nanos < 0) {
      return;
    }
    synchronized (samples) {
      seen++;
      if (seen <= SAMPLES_MAX) {
        samples[(int) seen - 1] = nanos;
      } else {
        var place = luck.nextLong(seen);
        if (place < SAMPLES_MAX) {
          samples[(int) place] = nanos;
        }
      }
    }
  }

  long connectedNow() {
    return connected.get();
  }

  long connections() {
    return connections.get();
  }

  long publishedSoFar() {
    return published.get();
  }

  long acknowledgedSoFar() {
    return acknowledged.get();
  }

  long deniedSoFar() {
    return denied.get();
  }

  long cutsSoFar() {
    return cuts.get();
  }

  /** Why connections ended, and how often. */
  Map<String, Long> reasons() {
    synchronized (reasons) {
      return new TreeMap<>(reasons);
    }
  }

  /** Latencies in milliseconds, for shares from 0 to 1. */
  double[] percentiles(double... shares) {
    long[] sorted;
    synchronized (samples) {
      sorted = Arrays.copyOf(samples, (int) Math.min(seen, SAMPLES_MAX));
    }
    Arrays.sort(sorted);
    var found = new double[shares.length];
    for (var i = 0; i < shares.length; i++) {
      var place = (int) Math.ceil(shares[i] * sorted.length) - 1;
      found[i] = sorted.length == 0 ? 0 : sorted[Math.max(0, place)] / 1e6;
    }
    return found;
  }
}
