package io.sallyport.exchange;

import io.sallyport.identity.PrincipalId;

/**
 * Carries messages between sessions: built in, or forwarded to a broker that the team already runs.
 * The gateway does not know which.
 *
 * <p>Every method may be called from any thread.
 */
public interface Exchange extends AutoCloseable {
  /**
   * Opens the session that a CONNECT asks for, taking it over from an older connection of the same
   * client id (which is closed with {@link Reason#SESSION_TAKEN_OVER}), resuming or discarding what
   * is stored. Called on the connection's own thread; {@link Outlet#connected} follows on that
   * thread, now or later, before anything else reaches the outlet, or {@link Outlet#close} with a
   * reason why not.
   */
  Session open(Opening opening, Outlet outlet);

  /**
   * Ends everything of one principal, at once and for good: its stored sessions with subscriptions,
   * queues and in-flight deliveries, its wills (not published), and the retained messages that it
   * wrote. Outlets that are still open are closed with the given reason. Blocks until all of it is
   * durable; must not be called on a connection's thread.
   */
  Ended end(PrincipalId principal, Reason reason);

  /** Counters and gauges, for metrics. */
  ExchangeStatistics statistics();

  /** Stops taking messages and makes durable what was accepted. */
  @Override
  void close();
}
