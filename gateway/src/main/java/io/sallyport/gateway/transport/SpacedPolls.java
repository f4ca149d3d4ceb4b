package io.sallyport.gateway.transport;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets an event loop that would be woken for every packet wait a moment before it looks again, so
 * that it finds several sockets ready: at a steady rate most of the work of a message is waking up
 * for it. A loop that always finds work never waits, and one that finds no more by waiting (a quiet
 * fleet, a client that waits for each answer) gives it up for its next many polls.
 */
final class SpacedPolls implements SelectStrategy {
  private static final long MOMENT_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  /** How many ready sockets make a wait worth it. */
  private static final int WORTH = 3;

  /** After how many polls it is tried again. */
  private static final int TRIED_AGAIN_AFTER = 64;

  private int pollsToGo = TRIED_AGAIN_AFTER;

  @Override
  public int calculateStrategy(IntSupplier pollNow, boolean hasTasks) throws Exception {
    if (hasTasks) {
      return pollNow.get();
    }
    if (pollsToGo > 0) {
      pollsToGo--;
      return SELECT;
    }
    int ready = pollNow.get();
    if (ready > 0) {
      return ready;
    }
    LockSupport.parkNanos(MOMENT_NANOS);
    ready = pollNow.get();
    if (ready < WORTH) {
      pollsToGo = TRIED_AGAIN_AFTER;
    }
    return ready;
  }
}
