package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the handshakes of one event loop go on in turns. A handshake costs as much as hundreds of
 * messages, so when a whole fleet or a flood knocks, a turn takes no longer than this bound; then
 * those who are in are served before the next one. Among those who wait, known devices go first.
 * Used by the loop's thread only.
 */
final class HandshakeTurns {
  /**
   * Bound: how long those who are in wait for handshakes; one that has begun is not interrupted.
   */
  static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Who goes first, in this order. */
  enum Rank {
    /** Its handshake has begun: to end it is cheap, and frees what it holds. */
    BEGUN,
    /** Shows a ticket: the rest is cheap, too. */
    RESUMING,
    NEW
  }

  private final EventLoop loop;
  private final LongSupplier nanos;
  private final Map<Rank, Queue<Runnable>> waiting = new EnumMap<>(Rank.class);
  private int waitingInAll;
  private boolean turnDue;
  private long spent;

  HandshakeTurns(EventLoop loop, LongSupplier nanos) {
    this.loop = loop;
    this.nanos = nanos;
    for (var rank : Rank.values()) {
      waiting.put(rank, new ArrayDeque<>());
    }
  }

  /** Whether a step can be taken at once: nobody waits, and the turn is not over. */
  boolean isFree() {
    return spent < TURN_NANOS && waitingInAll == 0;
  }

  /** Takes a step at once. */
  void take(Runnable step) {
    long begun = nanos.getAsLong();
    step.run();
    spent += nanos.getAsLong() - begun;
    haveTurn();
  }

  /** Takes a step later; whoever has nothing more to do by then does nothing. */
  void queue(Rank rank, Runnable step) {
    Objects.requireNonNull(waiting.get(rank)).add(step);
    waitingInAll++;
    haveTurn();
  }

  /** A scheduled task comes after the loop has looked at all of its sockets again. */
  private void haveTurn() {
    if (!turnDue) {
      turnDue = true;
      var _ = loop.schedule(this::turn, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void turn() {
    turnDue = false;
    spent = 0;
    long begun = nanos.getAsLong();
    for (var queue : waiting.values()) {
      for (var step = queue.poll(); step != null; step = queue.poll()) {
        waitingInAll--;
        step.run();
        spent = nanos.getAsLong() - begun;
        if (spent >= TURN_NANOS) {
          haveTurn();
          return;
        }
      }
    }
    spent = 0;
  }
}
