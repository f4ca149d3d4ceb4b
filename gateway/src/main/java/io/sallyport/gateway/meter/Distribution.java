package io.sallyport.gateway.meter;

import java.util.List;
import java.util.stream.LongStream;

/**
 * How often which time was measured since the start.
 *
 * @param what the time of what
 * @param counts how many in each bucket of {@link Latency#boundsNanos}, and one more above the last
 * @param sumNanos all of them together
 */
public record Distribution(Latency what, List<Long> counts, long sumNanos) {
  public Distribution {
    counts = List.copyOf(counts);
  }

  /** How many there were. */
  public long count() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /** The bound below which that share of them is, or the last bound; 0 if there were none. */
  public long quantileNanos(double share) {
    long wanted = (long) Math.ceil(count() * share);
    long seen = 0;
    var bounds = what.boundsNanos();
    for (int place = 0; place < bounds.size() && wanted > 0; place++) {
      seen += counts.get(place);
      if (seen >= wanted) {
        return bounds.get(place);
      }
    }
    return wanted == 0 ? 0 : bounds.getLast();
  }

  /** Adds the histograms of all loops up. */
  static final class Sum {
    private final Latency what;
    private final long[] counts;
    private long nanos;

    Sum(Latency what) {
      this.what = what;
      this.counts = new long[what.boundsNanos().size() + 1];
    }

    void add(int place, long more) {
      counts[place] += more;
    }

    void addNanos(long more) {
      nanos += more;
    }

    Distribution done() {
      return new Distribution(what, LongStream.of(counts).boxed().toList(), nanos);
    }
  }
}
