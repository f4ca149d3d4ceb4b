package io.sallyport.control.gateways;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as the others see it; by the clock of the database.
 *
 * @param seenAt when it last told that it has followed the changes
 * @param silent how long ago that was
 * @param maxAge after how long a silence it lets nobody in
 * @param joinedAt the newest change when it began
 * @param position the newest change that it has followed
 * @param leftAt when it was stopped in order, or null
 */
public record GatewayRecord(
    String name,
    String version,
    String address,
    Instant startedAt,
    Instant seenAt,
    Duration silent,
    Duration maxAge,
    long joinedAt,
    long position,
    @Nullable Instant leftAt) {
  /** How a gateway is. */
  public enum State {
    /** It follows. */
    LIVE,
    /** It is silent for so long that it lets nobody in. */
    LOST,
    /** It was stopped in order. */
    STOPPED
  }

  /** How it is. */
  public State state() {
    if (leftAt != null) {
      return State.STOPPED;
    }
    return silent.compareTo(maxAge) < 0 ? State.LIVE : State.LOST;
  }

  /** From when on it lets nobody in, if it is not heard of again. */
  public Instant closedFrom() {
    return leftAt == null ? seenAt.plus(maxAge) : leftAt;
  }
}
