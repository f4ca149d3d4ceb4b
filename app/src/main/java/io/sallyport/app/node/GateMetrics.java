package io.sallyport.app.node;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.est.EstCounters;
import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Distribution;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.trust.TrustState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the gate measures, under its names for Prometheus and for the desk. */
final class GateMetrics implements MetricsSource {
  private static final double NANOS = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Gateway gateway;
  private final TrustState trust;
  private final @Nullable Neighbours neighbours;

  /**
   * @param neighbours null where this is the only gateway
   */
  GateMetrics(Gateway gateway, TrustState trust, @Nullable Neighbours neighbours) {
    this.gateway = gateway;
    this.trust = trust;
    this.neighbours = neighbours;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    gateway.meters().denials().forEach((why, count) -> denied(why, count, out));
    gateway.estAnswers().forEach(answers -> answered(answers, out));
    out.accept(
        new Metric(
            "sallyport_trust_state_age_seconds",
            "Time since the gate was last known to believe what the registry says; 0 where both are"
                + " one process, which changes both at once.",
            Type.GAUGE,
            Map.of(),
            trust.age().age().toNanos() / NANOS));
    out.accept(
        new Metric(
            "sallyport_failed_closed",
            "Whether nobody is let in, since what the gate believes is too old: 1, or 0.",
            Type.GAUGE,
            Map.of(),
            gateway.isFailedClosed() ? 1 : 0));
    out.accept(
        new Metric(
            "sallyport_trust_state_principals",
            "Devices and backends that the gate knows.",
            Type.GAUGE,
            Map.of(),
            trust.size()));
    out.accept(
        new Metric(
            "sallyport_arrivals_untold_total",
            "Clients let in of which other gateways were not told, because the database was away or"
                + " too slow.",
            Type.COUNTER,
            Map.of(),
            neighbours == null ? 0 : neighbours.gateways().arrivalsDropped()));
  }

  private static void denied(Denial why, long count, Consumer<Metric> out) {
    out.accept(
        new Metric(
            "sallyport_denied_total",
            "What the gate denied: at which step, and why.",
            Type.COUNTER,
            Map.of("at", why.at(), "reason", why.reason()),
            count));
  }

  @Override
  public void collectHistograms(Consumer<Histogram> out) {
    gateway.meters().distributions().forEach(one -> out.accept(histogram(one)));
  }

  private static Histogram histogram(Distribution one) {
    return switch (one.what()) {
      case HANDSHAKE_FULL -> handshake(one, "full");
      case HANDSHAKE_RESUMED -> handshake(one, "resumed");
      case DECISION_CONNECT -> decision(one, "connect");
      case DECISION_SUBSCRIBE -> decision(one, "subscribe");
      case DECISION_PUBLISH -> decision(one, "publish");
      case DECISION_RECEIVE -> decision(one, "receive");
      case PUBLISH_QOS_0 -> publish(one, "0");
      case PUBLISH_QOS_1 -> publish(one, "1");
      case PUBLISH_QOS_2 -> publish(one, "2");
    };
  }

  private static Histogram handshake(Distribution one, String kind) {
    return histogram(
        "sallyport_handshake_duration_seconds",
        "From the first byte of a TLS handshake to its end, the network's round trips included.",
        Map.of("kind", kind),
        one);
  }

  private static Histogram decision(Distribution one, String action) {
    return histogram(
        "sallyport_decision_duration_seconds",
        "Time to decide; of publish and receive one in 64 is measured.",
        Map.of("action", action),
        one);
  }

  private static Histogram publish(Distribution one, String qos) {
    return histogram(
        "sallyport_publish_duration_seconds",
        "From a whole PUBLISH packet to the exchange having taken it (QoS 0), its PUBACK (1) or its"
            + " PUBREC (2) written; one in 64 is measured.",
        Map.of("qos", qos),
        one);
  }

  private static Histogram histogram(
      String name, String help, Map<String, String> labels, Distribution one) {
    return new Histogram(
        name,
        help,
        labels,
        one.what().boundsNanos().stream().map(nanos -> nanos / NANOS).toList(),
        one.counts(),
        one.sumNanos() / NANOS);
  }

  private static void answered(EstCounters.Count answers, Consumer<Metric> out) {
    out.accept(
        new Metric(
            "sallyport_est_answers_total",
            "Answers of the EST door, by operation and HTTP status.",
            Type.COUNTER,
            Map.of("operation", answers.operation(), "status", Integer.toString(answers.status())),
            answers.times()));
  }

  /** How often was denied what, for people: step, then reason; what never was is left out. */
  Map<String, Object> denials() {
    var steps = new LinkedHashMap<String, Object>();
    var all = gateway.meters().denials();
    for (var at : all.keySet().stream().map(Denial::at).distinct().toList()) {
      var reasons = new LinkedHashMap<String, Object>();
      all.forEach(
          (why, count) -> {
            if (why.at().equals(at) && count > 0) {
              reasons.put(why.reason(), count);
            }
          });
      steps.put(at, reasons);
    }
    return steps;
  }

  /** How long things took since the start, in milliseconds. */
  Map<String, Object> latencies() {
    var shown = new LinkedHashMap<String, Object>();
    for (var one : gateway.meters().distributions()) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("count", one.count());
      facts.put("p50Millis", one.quantileNanos(0.5) / NANOS_PER_MILLI);
      facts.put("p99Millis", one.quantileNanos(0.99) / NANOS_PER_MILLI);
      shown.put(name(one.what()), facts);
    }
    return shown;
  }

  private static String name(Latency what) {
    return switch (what) {
      case HANDSHAKE_FULL -> "handshakeFull";
      case HANDSHAKE_RESUMED -> "handshakeResumed";
      case DECISION_CONNECT -> "decisionConnect";
      case DECISION_SUBSCRIBE -> "decisionSubscribe";
      case DECISION_PUBLISH -> "decisionPublish";
      case DECISION_RECEIVE -> "decisionReceive";
      case PUBLISH_QOS_0 -> "publishQos0";
      case PUBLISH_QOS_1 -> "publishQos1";
      case PUBLISH_QOS_2 -> "publishQos2";
    };
  }
}
