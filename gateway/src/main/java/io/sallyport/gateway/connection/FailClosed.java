package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends every connection when what the gate believes has become too old, and says so; whoever comes
 * then is told to come again or to go elsewhere, until it is young again.
 */
public final class FailClosed {
  // Bound: how long after the bound an open connection may live.
  private static final long TICK_MILLIS_MAX = 250;
  private static final long TICKS = 20;
  private static final String GATE = "gateway";
  private static final Logger LOG = LoggerFactory.getLogger(FailClosed.class);

  private final TrustAge age;
  private final Connections connections;
  private final EventSink events;
  private final InstantSource clock;
  private boolean closed;
  private @Nullable Future<?> watching;

  public FailClosed(TrustAge age, Connections connections, EventSink events, InstantSource clock) {
    this.age = age;
    this.connections = connections;
    this.events = events;
    this.clock = clock;
  }

  /** Looks from now on; nothing where nothing ages. */
  public synchronized void watch(ScheduledExecutorService scheduler) {
    if (age.isBounded()) {
      long tick = Math.clamp(age.max().toMillis() / TICKS, 1, TICK_MILLIS_MAX);
      watching = scheduler.scheduleWithFixedDelay(this::look, tick, tick, TimeUnit.MILLISECONDS);
    }
  }

  /** Looks no more. */
  public synchronized void stop() {
    if (watching != null) {
      watching.cancel(false);
      watching = null;
    }
  }

  /** Why nobody may come in now; null while one may. */
  @Nullable Reason refusal() {
    return age.isOver() ? Reason.SERVER_UNAVAILABLE : null;
  }

  /** Whether nobody may come in now. */
  public boolean isClosed() {
    return age.isOver();
  }

  private synchronized void look() {
    boolean over = age.isOver();
    if (over) {
      // Again and again: whoever was being let in when it began is found by a later look.
      connections.departAll(Reason.USE_ANOTHER_SERVER);
    }
    if (over != closed) {
      closed = over;
      var facts = Map.of("maxAgeMillis", Long.toString(age.max().toMillis()));
      if (over) {
        LOG.error("changes of trust are not heard of: nobody is let in until they are");
        report(EventType.FEED_LOST, facts);
      } else {
        LOG.info("changes of trust are heard of again: devices are let in");
        report(EventType.FEED_BACK, facts);
      }
    }
  }

  private void report(EventType type, Map<String, String> facts) {
    events.accept(SecurityEvent.of(clock.instant(), type, "system", GATE, facts));
  }
}
