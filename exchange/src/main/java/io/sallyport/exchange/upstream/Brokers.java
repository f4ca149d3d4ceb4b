package io.sallyport.exchange.upstream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of the broker: which one is used now, and which are left alone for a while because
 * they failed. The one in use stays so until it fails, so that a fleet does not scatter.
 */
final class Brokers {
  private static final Logger LOG = LoggerFactory.getLogger(Brokers.class);
  private static final long FIRST_RETRY_NANOS = Duration.ofMillis(250).toNanos();
  private static final long RESOLVE_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int DOUBLINGS_MAX = 20;

  private final List<Broker> brokers;
  private final long retryMaxNanos;
  private final long attemptNanos;
  private final LongSupplier nanos;
  private final RandomGenerator luck;
  private int preferred;

  /** One address. Guarded by the monitor of the whole. */
  static final class Broker {
    final BrokerAddress address;
    private volatile InetAddress[] found = {};
    private volatile long resolveAt;
    private volatile int failures;
    private long retryAt;

    private Broker(BrokerAddress address, long now) {
      this.address = address;
      this.resolveAt = now;
    }

    /** Where to connect: another of the name's addresses after each failure. */
    InetSocketAddress target() {
      InetAddress[] known = found;
      return new InetSocketAddress(known[failures % known.length], address.port());
    }
  }

  Brokers(UpstreamSettings settings, LongSupplier nanos, RandomGenerator luck) {
    long now = nanos.getAsLong();
    this.brokers = settings.upstream().addresses().stream().map(a -> new Broker(a, now)).toList();
    this.retryMaxNanos = settings.retryMax().toNanos();
    this.attemptNanos = settings.connectTimeout().toNanos();
    this.nanos = nanos;
    this.luck = luck;
  }

  /** Looks names up, where that is due. Blocks, so never on an event loop. */
  void resolve() {
    for (Broker broker : brokers) {
      if (nanos.getAsLong() - broker.resolveAt < 0) {
        continue;
      }
      try {
        broker.found = InetAddress.getAllByName(broker.address.host());
      } catch (UnknownHostException _) {
        // What was found before may still be right; the next look comes soon anyway.
        LOG.atWarn().addKeyValue("broker", broker.address).log("the broker's name is not known");
      }
      broker.resolveAt = nanos.getAsLong() + RESOLVE_AGAIN_NANOS;
    }
  }

  /**
   * The next to try.
   *
   * @param tried those that were tried for the same session already
   * @return null when all others have failed a moment ago: it is not worth waiting
   */
  synchronized @Nullable Broker next(Set<Broker> tried) {
    long now = nanos.getAsLong();
    for (int i = 0; i < brokers.size(); i++) {
      Broker candidate = brokers.get((preferred + i) % brokers.size());
      if (tried.contains(candidate) || candidate.found.length == 0) {
        continue;
      }
      if (candidate.failures == 0) {
        return candidate;
      }
      if (now - candidate.retryAt >= 0) {
        // One goes ahead; the fleet follows when it was let in.
        candidate.retryAt = now + attemptNanos;
        return candidate;
      }
    }
    return null;
  }

  synchronized void failed(Broker broker, String why) {
    int doublings = Math.min(broker.failures, DOUBLINGS_MAX);
    long full = Math.min(FIRST_RETRY_NANOS << doublings, retryMaxNanos);
    broker.failures++;
    broker.retryAt = nanos.getAsLong() + full / 2 + luck.nextLong(full / 2 + 1);
    if (broker.failures == 1) {
      LOG.atWarn()
          .addKeyValue("broker", broker.address)
          .addKeyValue("why", why)
          .log("the broker cannot be reached");
    }
  }

  synchronized void succeeded(Broker broker) {
    int index = brokers.indexOf(broker);
    if (broker.failures > 0 || index != preferred) {
      LOG.atInfo().addKeyValue("broker", broker.address).log("the broker is reached");
    }
    broker.failures = 0;
    preferred = index;
  }
}
