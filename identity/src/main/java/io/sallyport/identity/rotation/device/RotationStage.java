package io.sallyport.identity.rotation.device;

import java.util.Optional;

/** How far a device is with its next credential. The caller stores it, and it outlives a reboot. */
public sealed interface RotationStage {

  /** Nothing is under way; there is one credential. */
  record Idle() implements RotationStage {}

  /**
   * A key is being made; whether it is there already, a reboot forgets, and it is made anew.
   *
   * @param ask what asked for it, or nothing if the door for expired credentials is the way
   * @param generation the number of the key
   */
  record Making(Optional<Ask> ask, long generation) implements RotationStage {}

  /**
   * The key is stored; a certificate for it is requested until it comes.
   *
   * @param ask what asked for it, or nothing if the door for expired credentials is the way
   * @param generation the number of the key
   */
  record Requesting(Optional<Ask> ask, long generation) implements RotationStage {}

  /**
   * The newest credential is stored and has not been connected with; those before it still are
   * there, and are used whenever it fails.
   *
   * @param next what the server has asked since: followed once this one is refused or accepted
   */
  record Trying(Optional<Ask> next) implements RotationStage {}

  /** The newest credential has been connected with; the one before is kept for a while. */
  record Proven() implements RotationStage {}
}
