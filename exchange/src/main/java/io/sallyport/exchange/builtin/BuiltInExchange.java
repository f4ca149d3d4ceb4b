package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.ExchangeStatistics;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.RetainedPage;
import io.sallyport.exchange.Session;
import io.sallyport.identity.PrincipalId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange in the gateway's own process: messages go from one connection to another in memory,
 * and through a SQLite file where they must survive.
 */
public final class BuiltInExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(BuiltInExchange.class);
  private static final long TICK_MILLIS = 250;
  private static final long END_TIMEOUT_SECONDS = 30;

  /** Bound: the file's pages of 4 KiB, that is 64 GiB; the limits on memory are reached before. */
  private static final long PAGES_MAX = 16L << 20;

  private final Counters counters;
  private final Subscriptions subscriptions = new Subscriptions();
  private final RetainedMessages retained;
  private final Journal journal;
  private final Sessions sessions;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private volatile ExchangeLimits limits;

  /**
   * Opens the store in a directory and takes up what it holds.
   *
   * @param authority asked when a will is due
   * @param clock for expiry and delay
   * @throws ExchangeUnavailable if the store cannot be used: damaged, somebody else's, in use
   */
  public BuiltInExchange(
      Path directory, ExchangeLimits limits, Authority authority, InstantSource clock) {
    this(StoreFile.open(directory, PAGES_MAX), limits, authority, clock, Journal.GATHER_NANOS);
    startTimer();
  }

  /** With a store that is open, and without a timer: {@link #tick} is called by hand. */
  BuiltInExchange(
      Connection store,
      ExchangeLimits limits,
      Authority authority,
      InstantSource clock,
      long gatherNanos) {
    this.clock = clock;
    this.limits = limits;
    counters = new Counters(() -> this.limits.totalQueueBytes());
    retained = new RetainedMessages(() -> this.limits);
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("exchange-timer").daemon().factory());
    try {
      journal = new Journal(new Database(store), gatherNanos);
      Facilities facilities = new Facilities(() -> this.limits, counters, journal, clock);
      Recovery recovery = new Recovery(store, facilities);
      Router router = new Router(subscriptions, retained, facilities, recovery.lastMessage());
      sessions = new Sessions(router, subscriptions, facilities, authority, 0);
      recovery.restore(sessions, subscriptions, retained);
    } catch (SQLException | RuntimeException e) {
      closeAfter(e, store);
      throw new ExchangeUnavailable(
          "exchange.db, the exchange's store, cannot be read: " + e.getMessage(), e);
    }
    journal.start();
  }

  // A failing tick is logged and tried again; nothing is left in the future to look at.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void startTimer() {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            tick();
          } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a tick of the exchange failed");
          }
        },
        TICK_MILLIS,
        TICK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  private static void closeAfter(Exception failure, Connection store) {
    try {
      store.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public Session open(Opening opening, Outlet outlet) {
    return sessions.open(opening, outlet);
  }

  @Override
  public Ended end(PrincipalId principal, Reason reason) {
    Ended ended = sessions.end(principal, reason);
    List<String> topics = retained.purge(principal);
    for (String topic : topics) {
      journal.submit(new Operations.Retain(retained, topic));
    }
    awaitDurable();
    return new Ended(
        ended.outletsClosed(),
        ended.sessions(),
        ended.subscriptions(),
        ended.queued(),
        ended.inFlight(),
        ended.wills(),
        topics.size());
  }

  /** Waits until everything that was submitted to the store is written; false if it was already. */
  boolean awaitIdle() {
    if (journal.isIdle()) {
      return false;
    }
    awaitDurable();
    return true;
  }

  /** How many transactions the store has seen. */
  long groupsWritten() {
    return journal.groupsWritten();
  }

  private void awaitDurable() {
    CountDownLatch durable = new CountDownLatch(1);
    journal.submit(new Operations.Barrier(durable));
    try {
      if (!durable.await(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new ExchangeUnavailable("the exchange's store cannot be written", journal.failure());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExchangeUnavailable("interrupted before all was durable", e);
    }
  }

  /** Does what has become due. */
  void tick() {
    long now = clock.millis();
    sessions.tick(now);
    for (String topic : retained.expire(now)) {
      journal.submit(new Operations.Retain(retained, topic));
    }
  }

  /**
   * Takes other limits, from the next message or session on. What is held already stays, also where
   * it is more than they allow; how many unacknowledged publications a client may have stays as it
   * was at the start, because clients were told.
   */
  public void limit(ExchangeLimits changed) {
    limits = changed.withInboundReceiveMaximum(limits.inboundReceiveMaximum());
  }

  @Override
  public Optional<RetainedPage> retained(String after, int most, long mostBytes) {
    return Optional.of(retained.page(after, most, mostBytes, clock.millis()));
  }

  @Override
  public ExchangeStatistics statistics() {
    return new ExchangeStatistics(
        sessions.online(),
        sessions.persistent(),
        subscriptions.count(),
        retained.count(),
        retained.bytes(),
        counters.queued.sum(),
        counters.bytes(),
        counters.published.sum(),
        counters.delivered.sum(),
        counters.droppedQueueFull.sum(),
        counters.refusedQueueFull.sum(),
        counters.droppedExpired.sum(),
        counters.droppedDenied.sum(),
        counters.droppedTooLarge.sum());
  }

  @Override
  public void close() {
    timer.shutdownNow();
    sessions.close();
    journal.close();
  }
}
