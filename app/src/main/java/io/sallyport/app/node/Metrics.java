package io.sallyport.app.node;

import io.sallyport.app.configuration.Key;
import io.sallyport.app.process.Machine;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.exchange.Exchange;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.LiveListener;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.policy.EngineStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
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
          "banned",
          "sessionsOnline",
          "sessionsStored",
          "subscriptions",
          "retained",
          "retainedBytes",
          "queued",
          "queuedBytes",
          "templates",
          "machineStates",
          "purgesPending");

  private static final Properties HELP = help();

  private final @Nullable Gateway gateway;
  private final @Nullable GateMetrics gate;
  private final @Nullable MetricsSource tracing;
  private final ProcessMetrics process = new ProcessMetrics();
  private final TrustState trust;
  private final Exchange exchange;
  private final Machine machine;
  private final long startedNanos;

  Metrics(
      @Nullable Gateway gateway,
      TrustState trust,
      @Nullable Neighbours neighbours,
      Exchange exchange,
      @Nullable MetricsSource tracing,
      Machine machine) {
    this.gateway = gateway;
    this.trust = trust;
    this.gate = gateway == null ? null : new GateMetrics(gateway, trust, neighbours);
    this.tracing = tracing;
    this.exchange = exchange;
    this.machine = machine;
    this.startedNanos = machine.nanos().getAsLong();
  }

  @Override
  public void collect(Consumer<Metric> out) {
    if (gateway != null) {
      numbers("gateway", gateway.statistics(), out);
      numbers("policy", EngineStatistics.now(), out);
      gateway.listeners().forEach(listener -> listener(listener, out));
    }
    numbers("exchange", exchange.statistics(), out);
    if (gate != null) {
      gate.collect(out);
    }
    if (tracing != null) {
      tracing.collect(out);
    }
    process.collect(out);
    out.accept(
        new Metric(
            "sallyport_uptime_seconds",
            "Time since the start.",
            Type.GAUGE,
            Map.of(),
            (machine.nanos().getAsLong() - startedNanos) / 1e9));
  }

  @Override
  public void collectHistograms(Consumer<Histogram> out) {
    if (gate != null) {
      gate.collectHistograms(out);
    }
  }

  public Map<String, Object> gatewayStatus() {
    if (gateway == null) {
      return Map.of();
    }
    var status = components(gateway.statistics());
    status.put("failedClosed", gateway.isFailedClosed());
    status.put("trustAgeSeconds", trust.age().age().toMillis() / 1e3);
    status.put("policy", components(EngineStatistics.now()));
    if (gate != null) {
      status.put("denied", gate.denials());
      status.put("latency", gate.latencies());
    }
    var listeners = new LinkedHashMap<String, Object>();
    gateway
        .listeners()
        .forEach(listener -> listeners.put(listener.rules().name(), shown(listener)));
    status.put("listeners", listeners);
    return status;
  }

  private static Map<String, Object> shown(LiveListener listener) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("host", listener.host());
    shown.put("port", listener.port());
    shown.put("policyMode", Key.word(listener.rules().mode()));
    shown.put("subscribe", Key.word(listener.rules().subscribe()));
    shown.put("connections", listener.connections());
    shown.put("accepted", listener.accepted());
    return shown;
  }

  private static void listener(LiveListener listener, Consumer<Metric> out) {
    var labels =
        Map.of(
            "listener",
            listener.rules().name(),
            "mode",
            Key.word(listener.rules().mode()),
            "subscribe",
            Key.word(listener.rules().subscribe()));
    out.accept(
        new Metric(
            "sallyport_listener_connections",
            "Sockets open, by listener.",
            Type.GAUGE,
            labels,
            listener.connections()));
    out.accept(
        new Metric(
            "sallyport_listener_accepted_total",
            "Sockets accepted, by listener.",
            Type.COUNTER,
            labels,
            listener.accepted()));
  }

  private static Properties help() {
    var help = new Properties();
    try (var in = Metrics.class.getResourceAsStream("metrics.properties")) {
      if (in == null) {
        throw new IllegalStateException("metrics.properties is not in the jar");
      }
      help.load(in);
      return help;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void numbers(String part, Record statistics, Consumer<Metric> out) {
    components(statistics).forEach((name, value) -> out.accept(metric(part, name, value)));
  }

  public Map<String, Object> exchangeStatus() {
    return components(exchange.statistics());
  }

  private static Metric metric(String part, String name, Object value) {
    var gauge = GAUGES.contains(name);
    var words = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return new Metric(
        "sallyport_" + part + "_" + words + (gauge ? "" : "_total"),
        HELP.getProperty(part + "." + name, words.replace('_', ' ') + " (" + part + ")"),
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
