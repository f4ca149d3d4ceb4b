package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends the connected devices away at a bounded rate, so that wherever they go next is not run
 * over; while it lasts nobody new is let in.
 */
public final class Draining {
  private static final long TICK_MILLIS = 50;

  private final Connections connections;
  private final AtomicLong sent = new AtomicLong();
  private volatile @Nullable Departure departure;
  private @Nullable Future<?> pacing;

  public Draining(Connections connections) {
    this.connections = connections;
  }

  /**
   * Begins, or goes on in another way.
   *
   * @param perSecond most devices that are sent away in a second
   */
  public synchronized void begin(Departure to, int perSecond, ScheduledExecutorService scheduler) {
    stop();
    departure = to;
    sent.set(0);
    var turn = new Turn(to, perSecond);
    // With a delay and not at a rate: after a stall, what was missed must not leave all at once.
    pacing = scheduler.scheduleWithFixedDelay(turn, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The gate closes: nobody comes in any more, and whoever is left goes where the others went. */
  synchronized Departure close() {
    stop();
    var to = departure == null ? new Departure(null, false) : departure;
    departure = to;
    return to;
  }

  /** Lets devices in again; who has left has left. */
  public synchronized void end() {
    departure = null;
    stop();
  }

  private void stop() {
    if (pacing != null) {
      pacing.cancel(false);
      pacing = null;
    }
  }

  /** What is told to devices; null while they are welcome. */
  public @Nullable Departure departure() {
    return departure;
  }

  /** How many devices were sent away since the beginning. */
  public long sent() {
    return sent.get();
  }

  /** The server to name in a packet of this reason, if there is one to name. */
  @Nullable String server(Reason reason) {
    var now = departure;
    return now != null && (reason == now.farewell() || reason == now.refusal())
        ? now.server()
        : null;
  }

  /** Sends away as many as a turn may. */
  private final class Turn implements Runnable {
    private final Departure to;
    private final DrainBudget budget;
    private final Queue<Connection> waiting = new ArrayDeque<>();

    Turn(Departure to, int perSecond) {
      this.to = to;
      this.budget = new DrainBudget(perSecond);
    }

    @Override
    public void run() {
      budget.passed(TICK_MILLIS);
      if (waiting.isEmpty()) {
        // Again and again: whoever was being let in when it began is found by a later look.
        waiting.addAll(connections.sessions());
      }
      while (budget.hasOne() && !waiting.isEmpty()) {
        var next = waiting.remove();
        if (next.isSession()) {
          budget.take();
          sent.incrementAndGet();
          next.channel().eventLoop().execute(() -> next.depart(to));
        }
      }
    }
  }
}
