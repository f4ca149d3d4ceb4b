package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.registry.Certificates.Abandoned;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.Map;

/** The words for enrolments that came to nothing. */
final class Refusals {
  private Refusals() {}

  static Refused idExists(PrincipalId id) {
    return new Refused(
        id.value(),
        Why.ID_EXISTS,
        "id-exists",
        "a device or a backend has the id '" + id + "' already, or is getting it");
  }

  static Refused policyUnknown(PrincipalId id, String policy) {
    return new Refused(
        id.value(), Why.POLICY_UNKNOWN, "policy-unknown", "no policy '" + policy + "'");
  }

  static SecurityEvent event(Refused refused, Instant now, String actor) {
    return SecurityEvent.of(
        now,
        EventType.ENROLMENT_REFUSED,
        actor,
        refused.id(),
        Map.of("reason", refused.reason(), "detail", refused.detail()));
  }

  /** A serial that was recorded, and whose certificate was given to nobody. */
  static SecurityEvent interrupted(Abandoned abandoned, Instant now) {
    return SecurityEvent.of(
        now,
        EventType.ENROLMENT_REFUSED,
        "system",
        abandoned.principal().value(),
        Map.of(
            "reason", "interrupted",
            "kind", abandoned.kind().word(),
            "serial", abandoned.serial().hex()));
  }
}
