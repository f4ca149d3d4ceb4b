package io.sallyport.gateway.meter;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often which time was measured: written by one thread without a barrier or an allocation, read
 * by any. A reader may miss what is being written.
 */
final class Histogram {
  private final long[] bounds;
  // One place for each bound, one above the last, and the sum.
  private final AtomicLongArray places;

  Histogram(Latency what) {
    this.bounds = what.boundsNanos().stream().mapToLong(Long::longValue).toArray();
    this.places = new AtomicLongArray(bounds.length + 2);
  }

  /** Adds one; by its own thread only. */
  void record(long nanos) {
    int place = 0;
    while (place < bounds.length && nanos > bounds[place]) {
      place++;
    }
    add(place, 1);
    add(bounds.length + 1, nanos);
  }

  private void add(int place, long more) {
    places.setOpaque(place, places.getPlain(place) + more);
  }

  /** Adds what it holds to a distribution. */
  void addTo(Distribution.Sum sum) {
    for (int place = 0; place <= bounds.length; place++) {
      sum.add(place, places.getOpaque(place));
    }
    sum.addNanos(places.getOpaque(bounds.length + 1));
  }
}
