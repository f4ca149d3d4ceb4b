package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timers of all connections of one event loop: one coarse tick for all, no timer for each. A
 * deadline is looked at when its slot comes round and put off again if it is not due yet, so that a
 * packet costs nothing but a note of the tick that it came in.
 */
final class DeadlineWheel {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int SLOTS = 512;

  /** One connection's next deadline. */
  abstract static class Deadline {
    private @Nullable Deadline previous;
    private @Nullable Deadline next;
    private int slot = -1;
    private int due;

    /** The deadline is due: returns in how many ticks it is due again, 0 for never. */
    abstract int reached(int tick);
  }

  private final @Nullable Deadline[] slots = new Deadline[SLOTS];
  private final Ticker ticker;
  private final long startNanos;
  private final Future<?> task;
  private int tick;

  DeadlineWheel(EventLoop loop, Ticker ticker) {
    this.ticker = ticker;
    this.startNanos = ticker.nanoTime();
    this.task =
        loop.scheduleAtFixedRate(this::advance, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  /** The ticks of a duration, rounded up, and one for the tick under way: never too early. */
  static int ticks(Duration duration) {
    long ticks = (duration.toNanos() + TICK_NANOS - 1) / TICK_NANOS;
    return 1 + Math.clamp(ticks, 1, Integer.MAX_VALUE / 2);
  }

  /** The number of this tick. */
  int tick() {
    return tick;
  }

  /** Sets a deadline, in place of the one before. */
  void set(Deadline deadline, int ticks) {
    cancel(deadline);
    deadline.due = tick + ticks;
    insert(deadline);
  }

  void cancel(Deadline deadline) {
    if (deadline.slot < 0) {
      return;
    }
    if (deadline.previous == null) {
      slots[deadline.slot] = deadline.next;
    } else {
      deadline.previous.next = deadline.next;
    }
    if (deadline.next != null) {
      deadline.next.previous = deadline.previous;
    }
    deadline.slot = -1;
    deadline.previous = null;
    deadline.next = null;
  }

  void stop() {
    task.cancel(false);
  }

  private void insert(Deadline deadline) {
    // What lies beyond one turn is looked at again after it.
    int ahead = Math.clamp(deadline.due - tick, 1, SLOTS - 1);
    int slot = (tick + ahead) & (SLOTS - 1);
    deadline.slot = slot;
    deadline.previous = null;
    deadline.next = slots[slot];
    if (deadline.next != null) {
      deadline.next.previous = deadline;
    }
    slots[slot] = deadline;
  }

  private void advance() {
    int now = (int) ((ticker.nanoTime() - startNanos) / TICK_NANOS);
    while (tick < now) {
      tick++;
      turn(tick & (SLOTS - 1));
    }
  }

  private void turn(int slot) {
    var deadline = slots[slot];
    slots[slot] = null;
    while (deadline != null) {
      var next = deadline.next;
      deadline.slot = -1;
      deadline.previous = null;
      deadline.next = null;
      if (deadline.due > tick) {
        insert(deadline);
      } else {
        int again = deadline.reached(tick);
        if (again > 0) {
          set(deadline, again);
        }
      }
      deadline = next;
    }
  }
}
