package io.sallyport.app.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sallyport.app.process.Machine;
import io.sallyport.gateway.observation.ObservedConnection;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector by OTLP over HTTP. Event loops put steps into a bounded queue and go
 * on; one thread makes spans of them and sends them. What finds the queue full is dropped and
 * counted, and so is what the collector does not take.
 */
final class OtlpTracing implements Tracing {
  /** Bound: steps that wait to be sent. */
  static final int QUEUE_MAX = 4_096;

  private static final int BATCH_MAX = 512;
  private static final Duration GATHER = Duration.ofSeconds(1);
  private static final Duration SEND_MAX = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(OtlpTracing.class);

  // The exporter's own complaints; held, because a logger that nobody holds forgets its level.
  private static final java.util.logging.Logger EXPORTER_LOG =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final BlockingQueue<Step> waiting = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final CollectorSettings settings;
  private final Machine machine;
  private final SpanExporter exporter;
  private final Spans spans = new Spans();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong publishes = new AtomicLong();
  private final LongAdder exported = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Thread sender;
  private volatile boolean closing;
  private boolean failing;

  OtlpTracing(CollectorSettings settings, Machine machine) {
    this.settings = settings;
    this.machine = machine;
    EXPORTER_LOG.setLevel(Level.OFF);
    this.exporter = exporter(settings);
    this.sender = Thread.ofPlatform().name("traces").daemon().start(this::send);
  }

  private static SpanExporter exporter(CollectorSettings settings) {
    var builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint())
            .setHeaders(settings::headers)
            .setCompression("gzip")
            .setTimeout(SEND_MAX)
            .setConnectTimeout(SEND_MAX)
            // A batch that is not taken is given up: the next ones wait behind it.
            .setRetryPolicy(null);
    if (settings.authorities().length > 0) {
      builder.setTrustedCertificates(settings.authorities());
    }
    return builder.build();
  }

  @Override
  public @Nullable ObservedConnection begun(@Nullable SocketAddress from, String listener) {
    return isOneIn(connections, settings.connectionsOneIn())
        ? new TracedConnection(this, from, listener)
        : null;
  }

  boolean samplesPublish() {
    return isOneIn(publishes, settings.publishesOneIn());
  }

  private static boolean isOneIn(AtomicLong count, int many) {
    return count.incrementAndGet() % many == 0 || many == 1;
  }

  /** Takes a step that has ended now, or drops it. */
  void offer(Step step) {
    if (!waiting.offer(step)) {
      dropped.increment();
    }
  }

  long nowNanos() {
    var now = machine.clock().instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  private void send() {
    try {
      while (!closing || !waiting.isEmpty()) {
        var steps = gather();
        if (!steps.isEmpty()) {
          send(steps.stream().map(spans::of).toList());
        }
      }
    } catch (InterruptedException _) {
      dropped.add(waiting.size());
    }
  }

  private List<Step> gather() throws InterruptedException {
    var steps = new ArrayList<Step>();
    var end = machine.nanos().getAsLong() + GATHER.toNanos();
    while (steps.size() < BATCH_MAX) {
      var left = closing ? 0 : end - machine.nanos().getAsLong();
      var next = waiting.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      steps.add(next);
    }
    return steps;
  }

  private void send(List<SpanData> batch) {
    var taken =
        exporter.export(batch).join(2 * SEND_MAX.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    (taken ? exported : failed).add(batch.size());
    if (taken == failing) {
      failing = !taken;
      var line = failing ? "traces are not taken by the collector" : "traces are taken again";
      LOG.atLevel(failing ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
          .setMessage(line)
          .addKeyValue("endpoint", settings.endpoint())
          .log();
    }
  }

  @Override
  public void collect(Consumer<Metric> out) {
    outcome("exported", exported.sum(), out);
    outcome("failed", failed.sum(), out);
    outcome("dropped", dropped.sum(), out);
  }

  private static void outcome(String outcome, long count, Consumer<Metric> out) {
    out.accept(
        new Metric(
            "sallyport_tracing_spans_total",
            "Spans taken by the collector, not taken by it, or dropped because the queue was full.",
            Type.COUNTER,
            Map.of("outcome", outcome),
            count));
  }

  @Override
  public void close() {
    closing = true;
    try {
      if (!sender.join(SEND_MAX)) {
        sender.interrupt();
      }
    } catch (InterruptedException _) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    exporter.shutdown().join(SEND_MAX.toMillis(), TimeUnit.MILLISECONDS);
  }
}
