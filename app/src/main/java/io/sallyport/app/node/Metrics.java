package io.sallyport.app.node;

import io.sallyport.app.process.Machine;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.exchange.Exchange;
import io.sallyport.gateway.Gateway;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The statistics of the parts, under the names that Prometheus scrapes and operators read. */
public final class Metrics implements MetricsSource {
  /** What can go down; every other statistic only grows. */
  private static final Set<String> GAUGES =
      Set.of(
          "connections",
          "handshaking",
          "sessions",
          "sessionsOnline",
          "sessionsStored",
          "subscriptions",
          "retained",
          "retainedBytes",
          "queued",
          "queuedBytes",
          "purgesPending");

  private final @Nullable Gateway gateway;
  private final Exchange exchange;
  private final Machine machine;
  private final long startedNanos;

  public Metrics(@Nullable Gateway gateway, Exchange exchange, Machine machine) {
    this.gateway = gateway;
    this.exchange = exchange;
    this.machine = machine;
    this.startedNanos = machine.nanos().getAsLong();
  }

  @Override
  public void collect(Consumer<Metric> out) {
    gatewayStatus().forEach((name, value) -> out.accept(metric("gateway", name, value)));
    exchangeStatus().forEach((name, value) -> out.accept(metric("exchange", name, value)));
    out.accept(
        new Metric(
            "sallyport_uptime_seconds",
            "time since the start",
            Type.GAUGE,
            Map.of(),
            (machine.nanos().getAsLong() - startedNanos) / 1e9));
    out.accept(
        new Metric(
            "sallyport_heap_used_bytes",
            "used heap of the process",
            Type.GAUGE,
            Map.of(),
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()));
  }

  public Map<String, Object> gatewayStatus() {
    return gateway == null ? Map.of() : components(gateway.statistics());
  }

  public Map<String, Object> exchangeStatus() {
    return components(exchange.statistics());
  }

  private static Metric metric(String part, String name, Object value) {
    var gauge = GAUGES.contains(name);
    var words = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return new Metric(
        "sallyport_" + part + "_" + words + (gauge ? "" : "_total"),
        words.replace('_', ' ') + " (" + part + ")",
        gauge ? Type.GAUGE : Type.COUNTER,
        Map.of(),
        ((Number) value).doubleValue());
  }

  /** A statistics record's components by name, in their order. */
  private static Map<String, Object> components(Record statistics) {
    var values = new LinkedHashMap<String, Object>();
    for (var component : statistics.getClass().getRecordComponents()) {
      try {
        values.put(component.getName(), component.getAccessor().invoke(statistics));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("a record of ours can be read", e);
      }
    }
    return values;
  }
}
