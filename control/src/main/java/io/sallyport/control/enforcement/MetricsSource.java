package io.sallyport.control.enforcement;

import java.util.Map;
import java.util.function.Consumer;

/** Numbers that the process can tell, asked for at each scrape. */
@FunctionalInterface
public interface MetricsSource {
  /** Hands over every number there is; quickly, from memory. */
  void collect(Consumer<Metric> out);

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
}
