package io.sallyport.exchange;

import io.sallyport.identity.PrincipalId;
import java.util.Optional;

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

  /**
   * Looks through the retained messages, a page at a time. What is retained meanwhile may be seen
   * or not. An exchange that keeps them elsewhere cannot tell, and answers nothing.
   *
   * @param after the topic after which to go on; the empty string for the first page
   * @param most how many messages to look at
   * @param mostBytes the page ends with the message that reaches it, as {@link Message#weight} has
   *     it
   */
  default Optional<RetainedPage> retained(String after, int most, long mostBytes) {
    return Optional.empty();
  }

  /** Counters and gauges, for metrics. */
  ExchangeStatistics statistics();

  /** Stops taking messages and makes durable what was accepted. */
  @Override
  void close();
}
