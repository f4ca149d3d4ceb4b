package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sallyport.exchange.Authority;
import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.ExchangeStatistics;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.identity.PrincipalId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange over the user's own broker. It keeps no messages: what it writes down is only what
 * must be known to end everything of a device there.
 */
public final class UpstreamExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamExchange.class);
  private static final long TICK_MILLIS = 500;
  private static final long CHORES_MILLIS = 1_000;
  private static final long STUCK_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);
  private static final int WIPES_PER_CHORE = 100;

  private final Facilities facilities;
  private final Sessions sessions = new Sessions(STUCK_NANOS_MAX);
  private final SharedLines lines;
  private final Purge purge;
  private final EventLoopGroup ownLoop;
  private final ScheduledExecutorService timer;
  private volatile boolean isClosing;

  /**
   * Opens the file of footprints in a directory; the broker is not asked for anything yet.
   *
   * @param authority asked when a device is lost whether its will may be published
   * @param clock for expiry
   * @param nanos a monotonic clock, for silence and retries
   * @param luck so that retries do not come all at once
   * @throws ExchangeUnavailable if the file, or those for TLS, cannot be used
   */
  public UpstreamExchange(
      Path directory,
      UpstreamSettings settings,
      ExchangeLimits limits,
      Authority authority,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator luck) {
    var wires = new Wires(settings, nanos);
    var brokers = new Brokers(settings, nanos, luck);
    facilities =
        new Facilities(
            settings,
            limits,
            authority,
            new Packets(settings, clock),
            brokers,
            wires,
            new Footprints(directory, limits, clock),
            new Counters(),
            new Refusals(nanos),
            nanos);
    lines = new SharedLines(facilities, sessions, luck);
    ownLoop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("exchange-loop", true), NioIoHandler.newFactory());
    purge = new Purge(facilities, sessions, ownLoop.next());
    timer =
        Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("exchange-timer-", 0).daemon().factory());
    brokers.resolve();
    every(TICK_MILLIS, this::look);
    every(CHORES_MILLIS, this::doChores);
  }

  // What fails is logged and tried again; nothing is left in the future to look at.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void every(long millis, Runnable task) {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a chore of the exchange failed");
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public Session open(Opening opening, Outlet outlet) {
    if (!(outlet.executor() instanceof EventLoop loop)) {
      throw new IllegalArgumentException("a session lives on the event loop of its connection");
    }
    var session = session(opening, outlet, loop);
    if (isClosing) {
      session.refused(Reason.SERVER_SHUTTING_DOWN);
      return session;
    }
    switch (sessions.put(session)) {
      case Sessions.Entered.Refused() -> session.refused(Reason.CLIENT_IDENTIFIER_NOT_VALID);
      case Sessions.Entered.Done(var before) -> {
        if (before != null) {
          before.onLoop(before::takenOver);
        }
        session.begin();
      }
    }
    return session;
  }

  private DeviceSession session(Opening opening, Outlet outlet, EventLoop loop) {
    return lines.mayCarry(opening)
        ? new SharedSession(opening, outlet, lines.line(loop, opening), facilities, sessions)
        : new UpstreamSession(opening, outlet, loop, facilities, sessions);
  }

  @Override
  public Ended end(PrincipalId principal, Reason reason) {
    return purge.run(principal, reason);
  }

  /** Looks whether the broker is still there, session by session. */
  private void look() {
    long now = facilities.nanos().getAsLong();
    for (DeviceSession session : sessions.all()) {
      session.look(now);
    }
    lines.look(now);
  }

  /** What may block: names, the end of principals that could not be told, expired sessions. */
  private void doChores() {
    facilities.brokers().resolve();
    for (PrincipalId principal : facilities.footprints().ending()) {
      if (isClosing) {
        return;
      }
      endAgain(principal);
    }
    for (Footprints.Expired expired : facilities.footprints().expire()) {
      if (!facilities.settings().isV5()) {
        sessions.wipeLater(expired.clientId(), expired.principal());
      }
    }
    var next = sessions.nextWipe();
    for (int i = 0; next != null && i < WIPES_PER_CHORE; i++) {
      if (!purge.wipe(next)) {
        sessions.wipeLater(next.clientId(), next.principal());
        return;
      }
      next = sessions.nextWipe();
    }
  }

  private void endAgain(PrincipalId principal) {
    try {
      purge.runAgain(principal);
      LOG.atInfo().addKeyValue("principal", principal).log("ended at the broker at last");
    } catch (ExchangeUnavailable e) {
      LOG.atDebug().setCause(e).addKeyValue("principal", principal).log("not ended yet");
    }
  }

  @Override
  public ExchangeStatistics statistics() {
    var counters = facilities.counters();
    var footprints = facilities.footprints();
    return new ExchangeStatistics(
        sessions.count(),
        footprints.sessionCount(),
        sessions.all().stream().mapToLong(DeviceSession::filterCount).sum(),
        footprints.retainedCount(),
        0,
        counters.queued.sum(),
        counters.queuedBytes.sum(),
        counters.published.sum(),
        counters.delivered.sum(),
        counters.droppedQueueFull.sum(),
        counters.refusedQueueFull.sum(),
        0,
        counters.droppedDenied.sum(),
        counters.droppedTooLarge.sum(),
        counters.connects.sum(),
        counters.refusals.sum(),
        counters.losses.sum(),
        footprints.ending().size());
  }

  /** Sessions stay at the broker as they are; devices are told to come again. */
  @Override
  public void close() {
    isClosing = true;
    timer.shutdownNow();
    for (DeviceSession session : sessions.all()) {
      session.onLoop(() -> session.fail(Reason.SERVER_SHUTTING_DOWN));
    }
    lines.close();
    ownLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    facilities.footprints().close();
  }
}
