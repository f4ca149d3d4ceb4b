package io.sallyport.simulation;

import org.jspecify.annotations.Nullable;

/** A certificate without cryptography: whose key, from when to when, and what became of it. */
final class Certificate {
  enum Status {
    /** Issued, and not connected with. */
    ISSUED,
    ACTIVE,
    /** Ended: superseded and past its grace. */
    RETIRED,
    /** Ended: never connected with. */
    WITHDRAWN,
    /** Ended by an operator. */
    REVOKED
  }

  final int key;
  final long notBefore;
  final long notAfter;

  /** Whether the door refuses it for what is wrong with the server. */
  final boolean isUnusable;

  private Status status;

  Certificate(int key, long notBefore, long notAfter, Status status, boolean isUnusable) {
    this.key = key;
    this.notBefore = notBefore;
    this.notAfter = notAfter;
    this.status = status;
    this.isUnusable = isUnusable;
  }

  Status status() {
    return status;
  }

  void become(Status next) {
    status = next;
  }

  boolean isStanding() {
    return status == Status.ISSUED || status == Status.ACTIVE;
  }

  boolean isValidAt(long now) {
    return isStanding() && now < notAfter;
  }

  /** Whether it opens the door for expired certificates. */
  boolean isRenewableAt(long now, long pastExpiryMax) {
    return status == Status.ACTIVE && now >= notAfter && now < notAfter + pastExpiryMax;
  }

  static boolean isKey(@Nullable Certificate certificate, int key) {
    return certificate != null && certificate.key == key;
  }
}
