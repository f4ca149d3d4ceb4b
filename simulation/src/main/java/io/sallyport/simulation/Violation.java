package io.sallyport.simulation;

import java.time.Duration;

/** A promise was broken. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What must never be. */
  public enum Kind {
    /** A device has nothing left that opens a door, though it was there in time. */
    LOCKED_OUT,
    /** More than two certificates are valid, or two for too long. */
    TOO_MANY_VALID,
    /** A device gets one certificate after the other. */
    TOO_MANY_ISSUED,
    /** A certificate opened a door after its end. */
    USED_AFTER_END,
    /** A device wants to use a key that it has deleted. */
    USED_DELETED,
    /** A certificate expired, though the device was there for long enough. */
    NOT_ROTATED,
    /** Devices were asked though too many had failed, or more of them than the pace allows. */
    PACE_IGNORED,
    /** Everything works again, and a device is not back. */
    NOT_BACK
  }

  private final Kind kind;
  private final int device;
  private final long moment;

  Violation(Kind kind, Account account, long moment, String what) {
    this(kind, account.index, "device " + account.index, moment, what);
  }

  /** One of the fleet as a whole. */
  Violation(Kind kind, long moment, String what) {
    this(kind, World.NOBODY, "the fleet", moment, what);
  }

  private Violation(Kind kind, int device, String who, long moment, String what) {
    super("%s: %s, day %d: %s".formatted(kind, who, Duration.ofMillis(moment).toDays(), what));
    this.kind = kind;
    this.device = device;
    this.moment = moment;
  }

  public Kind kind() {
    return kind;
  }

  /** Which device, from 0; {@link World#NOBODY} if it is about all of them. */
  public int device() {
    return device;
  }

  /** How long after the beginning. */
  public Duration moment() {
    return Duration.ofMillis(moment);
  }
}
