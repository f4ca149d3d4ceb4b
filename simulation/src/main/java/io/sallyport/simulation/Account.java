package io.sallyport.simulation;

import io.sallyport.identity.rotation.RotationCase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the server knows of one device. */
final class Account {
  static final long NEVER = -1;

  final int index;
  final String name;

  /** What the device is to use. */
  Certificate active;

  /** What it used before, until the grace is over. */
  @Nullable Certificate old;

  /** What was issued and has not been connected with. */
  @Nullable Certificate pending;

  @Nullable RotationCase progress;
  @Nullable Certificate connectedBy;

  /** What it came with last. */
  @Nullable Certificate seen;

  Waves.@Nullable Wave wave;
  boolean hasAnswered;
  boolean hasFailed;
  boolean isRevoked;

  /** Away for longer than the door for expired certificates waits. */
  boolean isBeyond;

  /** Whether the pending certificate was asked for by a nonce. */
  boolean isByNonce;

  /** Counts each change of the progress, so that what was planned before it is void. */
  int changes;

  /** What was issued to it at all, as the witness counts, and at the door for expired ones. */
  final DayCount issues = new DayCount();

  final DayCount renewals = new DayCount();

  int nonce;
  long asked;

  /** When a successor of the active certificate was asked for first. */
  long askedFirst = NEVER;

  /** How long the device was connected since then, without what is open now. */
  private long connectedSinceAsked;

  private long connectedAt;

  Account(int index, Certificate first) {
    this.index = index;
    this.name = "device-" + index;
    this.active = first;
  }

  String nonceText() {
    return "n" + nonce;
  }

  Stream<Certificate> all() {
    return Stream.of(active, old, pending).filter(Objects::nonNull);
  }

  List<Certificate> standing() {
    return all().filter(Certificate::isStanding).toList();
  }

  void connect(Certificate certificate, long now) {
    disconnect(now);
    connectedBy = certificate;
    connectedAt = now;
  }

  void disconnect(long now) {
    connectedSinceAsked = connectedSinceAsked(now);
    connectedBy = null;
  }

  long connectedSinceAsked(long now) {
    return connectedBy == null || askedFirst == NEVER
        ? connectedSinceAsked
        : connectedSinceAsked + Math.max(0, now - Math.max(connectedAt, askedFirst));
  }

  /** It has a new certificate in use: nothing is asked of it. */
  void beginLife(Certificate certificate, long now) {
    active = certificate;
    askedFirst = NEVER;
    connectedSinceAsked = 0;
    connectedAt = now;
  }

  /** How much there was on one day. */
  static final class DayCount {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private long day;
    private int count;

    /** Counts one more, unless there were so many on this day already. */
    boolean isNext(long now, int max) {
      count = now / DAY == day ? count : 0;
      day = now / DAY;
      return ++count <= max;
    }
  }
}
