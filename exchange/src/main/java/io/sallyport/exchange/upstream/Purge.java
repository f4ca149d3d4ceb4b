package io.sallyport.exchange.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.sallyport.exchange.Ended;
import io.sallyport.exchange.ExchangeUnavailable;
import io.sallyport.exchange.Reason;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends everything of a principal at the broker. That it is to be done is durable first, so what
 * cannot be done now, because the broker is away, is done when it is back. Blocks; never on a loop.
 */
final class Purge {
  private static final int WAIT_SECONDS = 30;

  private final Facilities facilities;
  private final Sessions sessions;
  private final EventLoop loop;

  Purge(Facilities facilities, Sessions sessions, EventLoop loop) {
    this.facilities = facilities;
    this.sessions = sessions;
    this.loop = loop;
  }

  /**
   * @throws ExchangeUnavailable if the broker could not be told yet
   */
  synchronized Ended run(PrincipalId principal, Reason reason) {
    var footprints = facilities.footprints();
    footprints.begin(principal);
    var open = sessions.of(principal);
    var cuts = open.stream().map(session -> session.cut(reason)).toList();
    int filters = 0;
    int inFlight = 0;
    int wills = 0;
    for (Future<DeviceSession.Remains> cut : cuts) {
      var remains = result(cut, principal);
      filters += remains.filters();
      inFlight += remains.unacknowledged();
      wills += remains.wills();
    }
    var openIds = open.stream().map(session -> session.opening().clientId()).toList();
    filters += footprints.filtersExcept(principal, openIds);
    var left = footprints.left(principal);
    int stored = 0;
    int retained = 0;
    List<String> topics = List.copyOf(left.topics());
    for (String clientId : left.clientIds()) {
      var wipe = new Wipe(facilities, loop, principal, clientId, topics);
      topics = List.of();
      var wiped = result(wipe.run(), principal);
      stored += wiped.wasPresent() && !openIds.contains(clientId) ? 1 : 0;
      retained += wiped.retained();
    }
    footprints.finish(principal, left);
    return new Ended(open.size(), open.size() + stored, filters, 0, inFlight, wills, retained);
  }

  /** Tries again what could not be done, unless that has been done meanwhile. */
  synchronized void runAgain(PrincipalId principal) {
    if (facilities.footprints().isEnding(principal)) {
      run(principal, Reason.ADMINISTRATIVE_ACTION);
    }
  }

  /** Ends the stored session of one client id; whether that could be done. */
  boolean wipe(Footprints.Expired session) {
    if (sessions.isOpen(session.clientId())) {
      return true;
    }
    var wipe = new Wipe(facilities, loop, session.principal(), session.clientId(), List.of());
    return wipe.run().awaitUninterruptibly(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static <T> T result(Future<T> future, PrincipalId principal) {
    try {
      if (future.await(WAIT_SECONDS, TimeUnit.SECONDS) && future.isSuccess()) {
        return future.getNow();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new ExchangeUnavailable(
        "the broker could not be told yet to end everything of "
            + principal
            + "; it is told as soon as it answers",
        future.cause());
  }
}
