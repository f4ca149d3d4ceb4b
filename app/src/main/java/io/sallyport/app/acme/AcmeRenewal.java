package io.sallyport.app.acme;

import io.sallyport.app.acme.AcmeFiles.Attempts;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.ServerKeys;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificate for public names: orders it where there is none, and anew when the server
 * proposes it (RFC 9773), or at two thirds of its life. Until a new one has been checked, written
 * and shown, the old one stays.
 */
public final class AcmeRenewal implements MetricsSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AcmeRenewal.class);
  private static final Duration RETRY_FIRST = Duration.ofMinutes(1);

  /** Bound: the longest wait after failures. */
  static final Duration RETRY_MAX = Duration.ofHours(12);

  /** Bound: the longest wait that a server can impose. */
  static final Duration RETRY_IMPOSED_MAX = Duration.ofDays(7);

  // How often the server is asked when to renew, unless it says otherwise, and then within these.
  private static final Duration PROPOSAL_EVERY = Duration.ofHours(6);
  private static final Duration PROPOSAL_MIN = Duration.ofMinutes(10);
  private static final Duration PROPOSAL_MAX = Duration.ofDays(1);

  // Of the life of a certificate, which part is over when it is renewed, and how much earlier it
  // may be, so that many servers do not come at once.
  private static final double RENEWED_AFTER = 2.0 / 3;
  private static final double JITTER = 0.05;

  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final Duration LOOK_MAX = Duration.ofMinutes(10);

  private final AcmeClient client;
  private final PublicCertificate certificate;
  private final ServerKeys keys;
  private final Proofs proofs;
  private final Shows shows;
  private final InstantSource clock;
  private final RandomGenerator random;
  // Bound: one is enough to be woken.
  private final BlockingQueue<Boolean> wanted = new ArrayBlockingQueue<>(1);
  private @Nullable Thread thread;
  private volatile boolean closing;
  private volatile Progress progress;

  /** Shows what is in the directory from now on; throws if it cannot be shown. */
  @FunctionalInterface
  public interface Shows {
    void again();
  }

  /**
   * How things are.
   *
   * @param shown the leaf that is shown, or null
   * @param due when it is renewed
   * @param orders attempts since the start, whatever became of them
   * @param renewals certificates since the start
   */
  private record Progress(
      @Nullable X509Certificate shown,
      Instant due,
      Instant proposalDue,
      Attempts attempts,
      boolean ordering,
      long orders,
      long renewals) {
    Progress proposed(Instant newDue, Instant again) {
      return new Progress(shown, newDue, again, attempts, ordering, orders, renewals);
    }

    Progress begun() {
      return new Progress(shown, due, proposalDue, attempts, true, orders, renewals);
    }

    Progress failed(Attempts now) {
      return new Progress(shown, due, proposalDue, now, false, orders + 1, renewals);
    }

    Progress renewed(X509Certificate leaf, Instant newDue, Instant now) {
      return new Progress(leaf, newDue, now, Attempts.NONE, false, orders + 1, renewals + 1);
    }
  }

  AcmeRenewal(
      AcmeClient client,
      PublicCertificate certificate,
      ServerKeys keys,
      Proofs proofs,
      Shows shows,
      InstantSource clock,
      RandomGenerator random) {
    this.client = client;
    this.certificate = certificate;
    this.keys = keys;
    this.proofs = proofs;
    this.shows = shows;
    this.clock = clock;
    this.random = random;
    var now = clock.instant();
    var leaf = certificate.usable(now).map(List::getFirst).orElse(null);
    progress = new Progress(leaf, due(leaf, now), now, certificate.files().attempts(), false, 0, 0);
  }

  /** Begins to look after it. */
  public synchronized void begin() {
    thread = Thread.ofPlatform().name("acme").daemon(true).start(this::rounds);
  }

  private Instant due(@Nullable X509Certificate leaf, Instant now) {
    if (leaf == null) {
      return now;
    }
    var from = leaf.getNotBefore().toInstant();
    var life = Duration.between(from, leaf.getNotAfter().toInstant());
    var part = RENEWED_AFTER - JITTER * random.nextDouble();
    return from.plusMillis((long) (life.toMillis() * part)).truncatedTo(ChronoUnit.SECONDS);
  }

  private void rounds() {
    try {
      boolean asked = false;
      while (!closing) {
        try {
          round(asked);
        } catch (RuntimeException e) {
          LOG.atError().setCause(e).log("the public certificate could not be looked after");
          failed(String.valueOf(e.getMessage()), null);
        }
        asked = wanted.poll(pause().toMillis(), TimeUnit.MILLISECONDS) != null && !closing;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    var now = clock.instant();
    var next = next().isBefore(progress.proposalDue()) ? next() : progress.proposalDue();
    var wait = Duration.between(now, next);
    if (wait.compareTo(Duration.ofSeconds(1)) < 0) {
      return Duration.ofSeconds(1);
    }
    return wait.compareTo(LOOK_MAX) < 0 ? wait : LOOK_MAX;
  }

  /** When the next attempt is made. */
  private Instant next() {
    var pause = progress.attempts().notBefore();
    return pause.isAfter(progress.due()) ? pause : progress.due();
  }

  private void round(boolean asked) throws InterruptedException {
    if (!clock.instant().isBefore(progress.proposalDue())) {
      lookForProposal();
    }
    if (asked || !clock.instant().isBefore(next())) {
      order();
    }
  }

  private void lookForProposal() {
    var now = clock.instant();
    var leaf = progress.shown();
    var again = now.plus(PROPOSAL_EVERY);
    var due = progress.due();
    if (leaf != null) {
      try {
        var window = client.proposal(leaf);
        if (window.isPresent()) {
          due = within(window.get(), due);
          again = again(window.get(), now);
        }
      } catch (AcmeRefused e) {
        LOG.atDebug().addKeyValue("why", e.getMessage()).log("no proposal when to renew");
      }
    }
    progress = progress.proposed(due, again);
  }

  /** RFC 9773, 4.2: a time of its own in the window, chosen once as long as the window stays. */
  private Instant within(AcmeClient.Window window, Instant due) {
    if (!due.isBefore(window.start()) && due.isBefore(window.end())) {
      return due;
    }
    var width = Math.max(0, Duration.between(window.start(), window.end()).toMillis());
    return window.start().plusMillis((long) (width * random.nextDouble()));
  }

  private static Instant again(AcmeClient.Window window, Instant now) {
    var said = window.again();
    var wait = said == null ? PROPOSAL_EVERY : Duration.between(now, said);
    if (wait.compareTo(PROPOSAL_MIN) < 0) {
      return now.plus(PROPOSAL_MIN);
    }
    return now.plus(wait.compareTo(PROPOSAL_MAX) < 0 ? wait : PROPOSAL_MAX);
  }

  private void order() throws InterruptedException {
    var was = progress;
    progress = was.begun();
    try {
      var request = keys.request(certificate.names());
      var chain = client.order(request, was.shown(), proofs);
      var objection = certificate.objection(chain, clock.instant());
      if (objection.isPresent()) {
        throw new AcmeRefused("the certificate that the server sent " + objection.get());
      }
      show(chain);
    } catch (AcmeRefused e) {
      failed(String.valueOf(e.getMessage()), e.retryAfter());
    } catch (IssuanceUnavailable | Failure e) {
      failed(String.valueOf(e.getMessage()), null);
    }
  }

  /** Writes it, then shows it; if it cannot be shown, what was there before comes back. */
  private void show(List<X509Certificate> chain) {
    var before = certificate.files().certificate();
    certificate.files().certificate(chain);
    try {
      shows.again();
    } catch (RuntimeException e) {
      before.ifPresentOrElse(
          certificate.files()::certificate, certificate.files()::forgetCertificate);
      throw e;
    }
    remember(Attempts.NONE);
    var now = clock.instant();
    var leaf = chain.getFirst();
    progress = progress.renewed(leaf, due(leaf, now), now);
    LOG.atInfo()
        .addKeyValue("names", certificate.names())
        .addKeyValue("notAfter", leaf.getNotAfter().toInstant())
        .log("a new public certificate is shown");
  }

  private void failed(String why, @Nullable Instant retryAfter) {
    if (closing) {
      return;
    }
    var was = progress;
    var now = clock.instant();
    int failed = was.attempts().failed() + 1;
    var attempts = new Attempts(failed, now.plus(wait(failed, retryAfter, now)), why);
    remember(attempts);
    progress = was.failed(attempts);
    var log = was.shown() == null || failed > 2 ? LOG.atError() : LOG.atWarn();
    log.addKeyValue("why", why)
        .addKeyValue("failed", failed)
        .addKeyValue("next", attempts.notBefore())
        .addKeyValue("daysLeft", daysLeft(now))
        .log("no new public certificate; what is shown stays");
  }

  /** On a full disk it is forgotten over a restart, and nothing else. */
  private void remember(Attempts attempts) {
    try {
      certificate.files().attempts(attempts);
    } catch (Failure e) {
      LOG.atError().setCause(e).log("when to order the public certificate cannot be written");
    }
  }

  private Duration wait(int failed, @Nullable Instant retryAfter, Instant now) {
    var doubled = RETRY_FIRST.multipliedBy(1L << Math.min(failed - 1, 12));
    var own = doubled.compareTo(RETRY_MAX) < 0 ? doubled : RETRY_MAX;
    // Up to a quarter more, so that those who failed together do not come back together.
    own = own.plusMillis((long) (own.toMillis() / 4.0 * random.nextDouble()));
    if (retryAfter == null) {
      return own;
    }
    var imposed = Duration.between(now, retryAfter);
    imposed = imposed.compareTo(RETRY_IMPOSED_MAX) < 0 ? imposed : RETRY_IMPOSED_MAX;
    return imposed.compareTo(own) > 0 ? imposed : own;
  }

  private double daysLeft(Instant now) {
    var leaf = progress.shown();
    return leaf == null
        ? 0
        : Math.max(0, Duration.between(now, leaf.getNotAfter().toInstant()).toMinutes() / 1440.0);
  }

  /** Orders one now, whatever was; it goes on after this returns. */
  public void renew() {
    if (!wanted.offer(true)) {
      LOG.debug("wanted already");
    }
  }

  /** For people and programs that ask how things are. */
  public Map<String, Object> status() {
    var now = progress;
    var status = new LinkedHashMap<String, Object>();
    status.put("enabled", true);
    status.put("names", certificate.names());
    status.put("challenge", proofs.type());
    Optional.ofNullable(now.shown())
        .ifPresent(
            leaf -> {
              status.put("issuer", leaf.getIssuerX500Principal().getName());
              status.put("serial", leaf.getSerialNumber().toString(16));
              status.put("notAfter", leaf.getNotAfter().toInstant());
            });
    status.put("ordering", now.ordering());
    status.put("next", next());
    status.put("orders", now.orders());
    status.put("renewals", now.renewals());
    status.put("failed", now.attempts().failed());
    if (now.attempts().failed() > 0) {
      status.put("why", now.attempts().why());
    }
    return status;
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var now = progress;
    gauge(
        out,
        "sallyport_acme_days_left",
        "Days until the public certificate expires; 0 if there is none.",
        daysLeft(clock.instant()));
    gauge(
        out,
        "sallyport_acme_failed",
        "Orders for the public certificate that failed since the last one that did not.",
        now.attempts().failed());
    out.accept(
        new Metric(
            "sallyport_acme_renewals_total",
            "Public certificates that were ordered and shown.",
            Type.COUNTER,
            Map.of(),
            (double) now.renewals()));
  }

  private static void gauge(Consumer<Metric> out, String name, String help, double value) {
    out.accept(new Metric(name, help, Type.GAUGE, Map.of(), value));
  }

  /** Ends what is under way; an order that was begun is forgotten by the server in time. */
  @Override
  public synchronized void close() {
    closing = true;
    var running = thread;
    if (running != null) {
      running.interrupt();
      try {
        // Bound: whatever it waits for ends by that.
        running.join(CLOSE_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    client.close();
  }
}
