package io.sallyport.control.revocation;

import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;

/** What became of a change of somebody's standing. */
public sealed interface Outcome {
  /** Put out, everywhere. */
  record Cut(Receipt receipt) implements Outcome {}

  /** Let in again. */
  record Reinstated(PrincipalRecord principal) implements Outcome {}

  /** There is nobody of that id and kind. */
  record Unknown(String id) implements Outcome {}

  /**
   * Revoked before, for good. Whatever might have been left of it was cut once more.
   *
   * @param at when it was revoked
   */
  record AlreadyRevoked(PrincipalId id, Instant at) implements Outcome {}

  /** Not quarantined, so there is nothing to undo. */
  record NotQuarantined(PrincipalId id) implements Outcome {}
}
