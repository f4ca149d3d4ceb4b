package io.sallyport.app.stapling;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.gateway.tls.Staple;
import io.sallyport.gateway.tls.Staples;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.OcspAnswer;
import io.sallyport.identity.issuance.OcspAnswerRefused;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.OcspResponder;
import io.sallyport.identity.issuance.Serials;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a signed status ready for every certificate that the gate shows (RFC 6066, 8; RFC 8446,
 * 4.4.2.1), and renews it at half of its life: no handshake waits for a responder. Only an answer
 * that was verified and says "good" is shown; a revoked certificate is shown without one, loudly.
 */
public final class Stapling implements MetricsSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stapling.class);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(5);
  private static final Duration RETRY_MAX = Duration.ofMinutes(10);

  // A responder's clock, or an answer that is nearly over, must not make us ask without pause.
  private static final Duration ROUND_MIN = Duration.ofSeconds(1);

  private final Staples shown;
  private final Authorities authorities;
  private final OcspResponder own;
  private final Duration ownLifetime;
  private final InstantSource clock;
  private final LongAdder failures = new LongAdder();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("stapling").daemon(true).factory());
  private @Nullable HttpClient client;
  private List<Kept> kept = List.of();
  private @Nullable Future<?> next;

  /** One certificate that is shown, and what is known of its status; guarded by its owner. */
  private static final class Kept {
    final ShownChain of;
    final Responder responder;
    @Nullable OcspAnswer answer;
    byte @Nullable [] der;
    Instant due;
    int failed;

    Kept(ShownChain of, Responder responder, Instant due) {
      this.of = of;
      this.responder = responder;
      this.due = due;
    }

    boolean isRevoked() {
      return answer != null && answer.status() instanceof OcspStatus.Revoked;
    }

    Duration left(Instant now) {
      return answer == null || !(answer.status() instanceof OcspStatus.Good)
          ? Duration.ZERO
          : Duration.between(now, answer.nextUpdate());
    }
  }

  /**
   * A chain that is shown.
   *
   * @param label what the metrics call it
   * @param chain the leaf, then its issuers
   */
  public record ShownChain(String label, List<X509Certificate> chain) {
    public ShownChain {
      chain = List.copyOf(chain);
    }

    X509Certificate leaf() {
      return chain.getFirst();
    }
  }

  /**
   * Keeps nothing yet.
   *
   * @param shown where the gate takes them from
   * @param ownLifetime of an answer that we sign ourselves
   */
  public Stapling(
      Staples shown,
      Authorities authorities,
      Serials serials,
      Duration ownLifetime,
      InstantSource clock) {
    this.shown = shown;
    this.authorities = authorities;
    this.own = new OcspResponder(authorities.servers(), serials);
    this.ownLifetime = ownLifetime;
    this.clock = clock;
  }

  /**
   * These are shown from now on. Of our own, the status is ready when this returns; others keep
   * theirs if they were shown before, and are asked for beside.
   */
  public synchronized void show(List<ShownChain> chains) {
    var before = kept;
    var now = clock.instant();
    var fresh = new ArrayList<Kept>();
    for (var chain : chains) {
      fresh.add(
          before.stream()
              .filter(one -> one.of.equals(chain))
              .findFirst()
              .orElseGet(() -> new Kept(chain, responder(chain), now)));
    }
    kept = List.copyOf(fresh);
    for (var one : kept) {
      if (one.responder instanceof Responder.Own && one.answer == null) {
        renew(one);
      }
    }
    give();
    plan();
  }

  private Responder responder(ShownChain of) {
    var chain = of.chain();
    if (chain.size() < 2) {
      return new Responder.None();
    }
    return chain.get(1).equals(authorities.servers().certificate())
        ? new Responder.Own(own, ownLifetime)
        : OcspRequest.responderOf(of.leaf())
            .<Responder>map(address -> new Responder.Remote(client(), address))
            .orElseGet(Responder.None::new);
  }

  /** Made when somebody has to be asked: most have nobody. */
  private synchronized HttpClient client() {
    var made = client;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .connectTimeout(Responder.ANSWER_MAX)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      client = made;
    }
    return made;
  }

  private synchronized void plan() {
    if (next != null) {
      next.cancel(false);
    }
    var now = clock.instant();
    kept.stream()
        .filter(one -> !(one.responder instanceof Responder.None))
        .map(one -> one.due)
        .min(Instant::compareTo)
        .ifPresent(
            due -> {
              var wait = Duration.between(now, due);
              var millis = Math.max(ROUND_MIN.toMillis(), wait.toMillis());
              next =
                  timer.isShutdown()
                      ? null
                      : timer.schedule(this::round, millis, TimeUnit.MILLISECONDS);
            });
  }

  private void round() {
    try {
      var now = clock.instant();
      List<Kept> all;
      synchronized (this) {
        all = kept;
      }
      all.stream()
          .filter(one -> !(one.responder instanceof Responder.None))
          .filter(one -> !now.isBefore(one.due))
          .forEach(this::renew);
      give();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("the status of our certificates could not be looked after");
    } finally {
      plan();
    }
  }

  /** Asks, without holding up whoever shows something else meanwhile. */
  private void renew(Kept one) {
    try {
      var now = clock.instant();
      var issuer = one.of.chain().get(1);
      var der = one.responder.ask(one.of.leaf(), issuer, now);
      took(one, der, OcspAnswer.read(der, one.of.leaf(), issuer, now), now);
    } catch (OcspAnswerRefused e) {
      failed(one, String.valueOf(e.getMessage()));
    } catch (IssuanceUnavailable e) {
      failed(one, "it could not be signed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void took(Kept one, byte[] der, OcspAnswer answer, Instant now) {
    switch (answer.status()) {
      case OcspStatus.Good _ -> {
        if (one.failed > 0) {
          LOG.atInfo().addKeyValue("certificate", one.of.label()).log("its status is good again");
        }
        one.failed = 0;
        one.answer = answer;
        one.der = der;
        var half = Duration.between(now, answer.nextUpdate()).dividedBy(2);
        one.due = now.plus(half);
      }
      case OcspStatus.Revoked(var at, var reason) -> {
        one.answer = answer;
        one.der = null;
        failed(one, "the certificate was REVOKED at " + at + " (" + reason.word() + ")");
      }
      case OcspStatus.Unknown _ -> failed(one, "the responder does not know the certificate");
    }
  }

  private synchronized void failed(Kept one, String why) {
    failures.increment();
    var wait = RETRY_FIRST.multipliedBy(1L << Math.min(one.failed, 10));
    one.failed++;
    one.due = clock.instant().plus(wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX);
    var log = one.isRevoked() || one.failed > 1 ? LOG.atError() : LOG.atWarn();
    log.addKeyValue("certificate", one.of.label())
        .addKeyValue("why", why)
        .addKeyValue("left", one.left(clock.instant()))
        .log("no new status to show with our certificate; it is tried again");
  }

  private synchronized void give() {
    var ready = new LinkedHashMap<X509Certificate, Staple>();
    for (var one : kept) {
      var der = one.der;
      var answer = one.answer;
      if (der != null && answer != null) {
        ready.put(one.of.leaf(), new Staple(der, answer.nextUpdate()));
      }
    }
    shown.show(ready);
  }

  @Override
  public synchronized void collect(Consumer<Metric> out) {
    var now = clock.instant();
    for (var one : kept) {
      gauge(
          out,
          "sallyport_staple_remaining_seconds",
          "Time until the status ends that is shown with a certificate of ours; 0 for none.",
          one,
          Math.max(0, one.left(now).toMillis() / 1e3));
    }
    for (var one : kept) {
      gauge(
          out,
          "sallyport_server_certificate_revoked",
          "Whether its authority says that a certificate of ours is revoked: 1, or 0.",
          one,
          one.isRevoked() ? 1 : 0);
    }
    counter(
        out,
        "sallyport_staple_failures_total",
        "Times that no good status of a certificate of ours could be had.",
        failures.sum());
    counter(
        out,
        "sallyport_staples_shown_total",
        "Handshakes that were shown the status with the certificate.",
        shown.shown());
    counter(
        out,
        "sallyport_staples_missing_total",
        "Handshakes that asked for the status, and there was none.",
        shown.missing());
  }

  private static void gauge(Consumer<Metric> out, String name, String help, Kept of, double value) {
    var labels = Map.of("certificate", of.of.label());
    out.accept(new Metric(name, help, Type.GAUGE, labels, value));
  }

  private static void counter(Consumer<Metric> out, String name, String help, long value) {
    out.accept(new Metric(name, help, Type.COUNTER, Map.of(), value));
  }

  @Override
  public synchronized void close() {
    timer.shutdownNow();
    if (client != null) {
      client.shutdownNow();
    }
  }
}
