package io.sallyport.app.node;

import io.sallyport.app.acme.AcmeRenewal;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.process.Machine;
import io.sallyport.control.enforcement.Maintenance;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.connection.Departure;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a running server: reloads it when told or when files change, empties the gate, keeps
 * the heap from growing on what is dead.
 */
final class Caretaker implements Maintenance, MetricsSource, AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  private static final Duration DRAINED_LOOK_EVERY = Duration.ofMillis(20);
  private static final Logger LOG = LoggerFactory.getLogger(Caretaker.class);

  private final Reloader reloader;
  private final Gateway gateway;
  private final EventSink events;
  private final Machine machine;
  // Bound: one is enough to be woken.
  private final BlockingQueue<Boolean> nudges = new ArrayBlockingQueue<>(1);
  private final HeapCare heap = new HeapCare();
  private volatile @Nullable AcmeRenewal acme;
  private volatile boolean closing;
  private final Thread rounds;

  Caretaker(Reloader reloader, Gateway gateway, EventSink events, Machine machine) {
    this.reloader = reloader;
    this.gateway = gateway;
    this.events = events;
    this.machine = machine;
    rounds = Thread.ofPlatform().name("caretaker").daemon(true).start(this::rounds);
  }

  // ---- reload

  @Override
  public Reload reload(String actor) {
    var outcome = reloader.reload();
    // How often to look may have changed.
    nudge();
    var facts = new LinkedHashMap<String, String>();
    switch (outcome) {
      case Reload.Applied(var changed, var waiting) -> {
        facts.put("changed", String.join(" ", changed));
        facts.put("waiting", String.join(" ", waiting));
        facts.put("certificate", String.valueOf(reloader.status().get("certificate")));
        LOG.atInfo().addKeyValue("by", actor).addKeyValue("changed", changed).log("reloaded");
        record(EventType.RELOADED, actor, facts);
      }
      case Reload.Kept(var why) -> {
        facts.put("reason", why);
        LOG.atError().addKeyValue("by", actor).addKeyValue("why", why).log("reload refused");
        record(EventType.RELOAD_FAILED, actor, facts);
      }
    }
    return outcome;
  }

  @Override
  public Map<String, Object> reloadStatus() {
    return reloader.status();
  }

  private void rounds() {
    try {
      while (!closing) {
        nudges.poll(pause().toMillis(), TimeUnit.MILLISECONDS);
        try {
          round();
        } catch (RuntimeException e) {
          LOG.atError().setCause(e).log("a round failed; the next one tries again");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    var watch = reloader.state().configuration().get(OperationKeys.WATCH_INTERVAL);
    return watch.isZero() || watch.compareTo(LOOK_EVERY) > 0 ? LOOK_EVERY : watch;
  }

  private void round() {
    if (closing) {
      return;
    }
    heap.look();
    reloader.lookAtPins();
    if (!reloader.state().configuration().get(OperationKeys.WATCH_INTERVAL).isZero()
        && reloader.filesHaveChanged()) {
      reload("file");
    }
    if (reloader.isRenewalDue()) {
      showAgain("schedule");
    }
  }

  /**
   * Trusts and shows what the authorities are now; connections stay, but for those of a CA that is
   * over. To trust comes first: it needs no key, and a certificate may have to wait for one.
   */
  void authoritiesChanged() {
    reloader.trust();
    reloader.renew();
    LOG.info("other authorities are in force");
  }

  /** Makes our own certificate anew, and shows the one for public names that is there now. */
  void showAgain(String actor) {
    reloader.renew();
    var facts = new LinkedHashMap<String, String>();
    facts.put("certificate", String.valueOf(reloader.status().get("certificate")));
    var named = reloader.state().identity().named();
    if (named != null) {
      facts.put("public", Fingerprints.of(named.shown().leaf()));
    }
    record(EventType.RELOADED, actor, facts);
  }

  // ---- the certificate for public names

  /** Looks after it, too. */
  void keep(AcmeRenewal renewal) {
    acme = renewal;
  }

  @Override
  public Map<String, Object> publicCertificateStatus() {
    var kept = acme;
    return kept == null ? Maintenance.super.publicCertificateStatus() : kept.status();
  }

  @Override
  public boolean renewPublicCertificate(String actor) {
    var kept = acme;
    if (kept == null) {
      return false;
    }
    LOG.atInfo().addKeyValue("by", actor).log("a new public certificate is wanted");
    kept.renew();
    return true;
  }

  // ---- drain

  @Override
  public boolean drain(DrainOrder order, String actor) {
    var configuration = reloader.state().configuration();
    var configured = configuration.get(OperationKeys.DRAIN_TO);
    var rate =
        order.perSecond() == null ? configuration.get(OperationKeys.DRAIN_RATE) : order.perSecond();
    var to = order.to() != null ? order.to() : configured.isEmpty() ? null : configured;
    gateway.drain(new Departure(to, order.moved()), rate);
    record(
        EventType.DRAIN_BEGUN,
        actor,
        Map.of("to", to == null ? "" : to, "rate", Integer.toString(rate)));
    return true;
  }

  @Override
  public boolean undrain(String actor) {
    if (!gateway.draining().draining()) {
      return false;
    }
    gateway.endDrain();
    record(EventType.DRAIN_ENDED, actor, Map.of());
    return true;
  }

  @Override
  public String health() {
    return gateway.isFailedClosed() ? "closed" : Maintenance.super.health();
  }

  @Override
  public Map<String, Object> drainStatus() {
    var progress = gateway.draining();
    var status = new LinkedHashMap<String, Object>();
    status.put("draining", progress.draining());
    if (progress.server() != null) {
      status.put("to", progress.server());
      status.put("moved", progress.moved());
    }
    status.put("sent", progress.sent());
    status.put("remaining", progress.remaining());
    return status;
  }

  /** Sends everybody away before the end, in the time that is configured for it. */
  void leave() throws InterruptedException {
    var timeout = reloader.state().configuration().get(OperationKeys.DRAIN_TIMEOUT);
    var progress = gateway.draining();
    if (timeout.isZero() || progress.remaining() == 0) {
      return;
    }
    var configured = reloader.state().configuration().get(OperationKeys.DRAIN_RATE);
    // Half of the time for sending them away, the other half for those who are slow to go.
    var needed = progress.remaining() * 2_000 / Math.max(1, timeout.toMillis()) + 1;
    var rate = (int) Math.min(Integer.MAX_VALUE, Math.max(configured, needed));
    drain(new DrainOrder(progress.server(), progress.moved(), rate), "system");
    var end = machine.nanos().getAsLong() + timeout.toNanos();
    while (gateway.draining().remaining() > 0 && machine.nanos().getAsLong() < end) {
      Thread.sleep(DRAINED_LOOK_EVERY);
    }
  }

  // ---- numbers

  @Override
  public void collect(Consumer<Metric> out) {
    var state = reloader.state();
    var progress = gateway.draining();
    gauge(
        out,
        "reload_failed",
        "Whether the last reload was refused, and what was before is kept: 1, or 0.",
        state.failure() != null ? 1 : 0);
    out.accept(
        new Metric(
            "sallyport_reloads_total",
            "Reloads that took effect.",
            Type.COUNTER,
            Map.of(),
            (double) reloader.reloads()));
    gauge(out, "draining", "Whether devices are sent away: 1, or 0.", progress.draining() ? 1 : 0);
    gauge(out, "drained", "Devices sent away since the drain began.", (double) progress.sent());
    gauge(
        out,
        "server_certificate_not_after_seconds",
        "When the certificate that devices see expires, in seconds since 1970.",
        (double) state.identity().devices().leaf().getNotAfter().toInstant().getEpochSecond());
  }

  private static void gauge(Consumer<Metric> out, String name, String help, double value) {
    out.accept(new Metric("sallyport_" + name, help, Type.GAUGE, Map.of(), value));
  }

  private void record(EventType type, String actor, Map<String, String> facts) {
    events.accept(SecurityEvent.of(machine.clock().instant(), type, actor, "server", facts));
  }

  private void nudge() {
    if (!nudges.offer(true)) {
      LOG.debug("woken already");
    }
  }

  @Override
  public void close() {
    closing = true;
    nudge();
    try {
      // Bound: a round that is under way ends by itself.
      if (!rounds.join(Duration.ofSeconds(5))) {
        LOG.warn("a round was still under way at the end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
