package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.rotation.CertificateUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What connections carried, by the certificate that each showed, until somebody takes it. A
 * connection tells of itself when it ends, and when somebody takes; in between it only counts.
 */
public final class CertificateUses {
  /** Bound: certificates that wait to be taken; what others carry meanwhile is not counted. */
  static final int CERTIFICATES_MAX = 200_000;

  // Bound: connections that a loop asks before it goes on with its sockets.
  private static final int AT_ONCE = 500;

  // Who does not answer in this time is asked again the next time: it goes on counting.
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(CertificateUses.class);

  private final Connections connections;
  private final int certificatesMax;
  private final ConcurrentHashMap<Fingerprint, CertificateUse> waiting = new ConcurrentHashMap<>();
  private final LongAdder dropped = new LongAdder();

  /** Those of connections. */
  public CertificateUses(Connections connections) {
    this(connections, CERTIFICATES_MAX);
  }

  CertificateUses(Connections connections, int certificatesMax) {
    this.connections = connections;
    this.certificatesMax = certificatesMax;
  }

  /** More of one certificate; from any thread. */
  void add(CertificateUse use) {
    if (waiting.size() >= certificatesMax && !waiting.containsKey(use.certificate())) {
      dropped.increment();
      return;
    }
    waiting.merge(use.certificate(), use, CertificateUse::plus);
  }

  /**
   * Takes what came since the last time, of connections that are open, too; waits for them,
   * bounded, so it must not be called on a connection's thread.
   */
  public List<CertificateUse> drain() {
    gather();
    long lost = dropped.sumThenReset();
    if (lost > 0) {
      LOG.atWarn()
          .addKeyValue("connections", lost)
          .log("what connections carried is not counted: too many certificates wait");
    }
    var taken = new ArrayList<CertificateUse>(waiting.size());
    for (var certificate : waiting.keySet()) {
      var use = waiting.remove(certificate);
      if (use != null) {
        taken.add(use);
      }
    }
    return taken;
  }

  private void gather() {
    var asked = new ArrayList<Future<?>>();
    connections.byLoop().forEach((loop, all) -> ask(loop, all, asked));
    Connections.await(asked, WAIT_MAX, Ticker.systemTicker());
  }

  private void ask(EventLoop loop, List<Connection> all, List<Future<?>> asked) {
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      var some = all.subList(from, Math.min(from + AT_ONCE, all.size()));
      try {
        asked.add(loop.submit(() -> some.forEach(one -> one.authentication().tellCarried())));
      } catch (RejectedExecutionException e) {
        // The loop has ended, and its connections told before that.
        return;
      }
    }
  }
}
