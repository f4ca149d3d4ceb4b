package io.sallyport.control.enforcement;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Numbers that the process can tell, asked for at each scrape. */
@FunctionalInterface
public interface MetricsSource {
  /** Hands over every number there is; quickly, from memory. */
  void collect(Consumer<Metric> out);

  /** Hands over every distribution there is; quickly, from memory. */
  default void collectHistograms(Consumer<Histogram> out) {}

  /** What this tells, and after it what another tells. */
  default MetricsSource and(MetricsSource other) {
    var first = this;
    return new MetricsSource() {
      @Override
      public void collect(Consumer<Metric> out) {
        first.collect(out);
        other.collect(out);
      }

      @Override
      public void collectHistograms(Consumer<Histogram> out) {
        first.collectHistograms(out);
        other.collectHistograms(out);
      }
    };
  }

  /** How a number behaves. */
  enum Type {
    /** Only grows; its name ends in {@code _total}. */
    COUNTER,
    GAUGE
  }

  /**
   * One number; those of one name share help and type and differ in their labels.
   *
   * @param name as Prometheus wants it, beginning with {@code sallyport_}
   */
  record Metric(String name, String help, Type type, Map<String, String> labels, double value) {
    public Metric {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * How often a time, or another quantity, fell between which bounds; those of one name share help
   * and bounds and differ in their labels.
   *
   * @param bounds the upper bounds of the buckets, growing, without the infinite one
   * @param counts how many in each bucket, and one more above the last bound
   */
  record Histogram(
      String name,
      String help,
      Map<String, String> labels,
      List<Double> bounds,
      List<Long> counts,
      double sum) {
    public Histogram {
      labels = Map.copyOf(labels);
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }
  }
}
