package io.sallyport.identity.rotation.device;

import java.util.OptionalLong;

/**
 * The way from door to door while nothing is connected: the ordinary door with each credential, the
 * newest first; then, if one of them has ended, the door for expired credentials with each; then a
 * wait. A reboot forgets where it was.
 */
final class Walk {
  /**
   * In how many rounds a refusal must be repeated before a device whose server does not say why
   * asks at the door for expired credentials, whatever its clock says.
   */
  static final int REFUSED_ROUNDS = 3;

  enum Door {
    ORDINARY,
    EXPIRED
  }

  private static final long NONE = -1;

  private long connected = NONE;
  private long attempted = NONE;
  private Door door = Door.ORDINARY;
  private int index;
  private boolean waiting;
  private int rounds;
  private int refusedRounds;
  private boolean sawRefused;
  private boolean sawExpired;

  boolean isConnected() {
    return connected != NONE;
  }

  boolean isConnectedBy(long generation) {
    return connected == generation;
  }

  boolean isAttempting() {
    return attempted != NONE;
  }

  boolean isAttempting(long generation) {
    return attempted == generation;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** How many rounds ended without an open door, at least one after {@link #endRound}. */
  int rounds() {
    return rounds;
  }

  /** The credential to show at the door for expired ones, if the walk stands before it. */
  OptionalLong atExpiredDoor(Keyring keys) {
    return connected == NONE && !waiting && door == Door.EXPIRED
        ? OptionalLong.of(keys.newestFirst().get(index))
        : OptionalLong.empty();
  }

  void connectedBy(long generation) {
    connected = generation;
    attempted = NONE;
    waiting = false;
    rounds = 0;
    refusedRounds = 0;
  }

  /** Ends the connection; what is being attempted goes on. */
  void disconnected() {
    connected = NONE;
    door = Door.ORDINARY;
    index = 0;
    sawRefused = false;
    sawExpired = false;
  }

  void attempt(long generation) {
    attempted = generation;
    waiting = false;
  }

  void failed(Refusal refusal) {
    attempted = NONE;
    sawRefused |= refusal == Refusal.REFUSED;
    sawExpired |= refusal == Refusal.EXPIRED;
  }

  /** Begins a round at the ordinary door, with the newest. */
  long beginRound(Keyring keys) {
    disconnected();
    attempt(keys.newest());
    return keys.newest();
  }

  /** The next credential to connect with in this round, or nothing if all were shown. */
  OptionalLong nextOrdinary(Keyring keys) {
    if (door == Door.EXPIRED || index + 1 >= keys.newestFirst().size()) {
      return OptionalLong.empty();
    }
    index++;
    attempt(keys.newestFirst().get(index));
    return OptionalLong.of(attempted);
  }

  /** Goes to the door for expired credentials, or to the next credential there; or does not. */
  boolean nextExpired(Keyring keys) {
    if (door == Door.EXPIRED) {
      index++;
      return index < keys.newestFirst().size();
    }
    refusedRounds = sawRefused ? refusedRounds + 1 : 0;
    if (!sawExpired && refusedRounds < REFUSED_ROUNDS) {
      return false;
    }
    door = Door.EXPIRED;
    index = 0;
    return true;
  }

  /** Nothing opened: waits. */
  void endRound() {
    rounds++;
    waiting = true;
    door = Door.ORDINARY;
    index = 0;
  }
}
