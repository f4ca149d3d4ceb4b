package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.policies.InvariantGuard;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whether the stored invariants let somebody new in; equal ones of a batch share one proof. */
final class Admission {
  private final Handle handle;
  private final InvariantGuard guard;
  private final boolean allowBreach;

  Admission(Handle handle, InvariantGuard guard, boolean allowBreach) {
    this.handle = handle;
    this.guard = guard;
    this.allowBreach = allowBreach;
  }

  /** Why it is refused, unless somebody wants it all the same. */
  Optional<Refused> refusal(CheckedRequest request) {
    return allowBreach
        ? Optional.empty()
        : broken(request)
            .map(
                why ->
                    new Refused(request.id().value(), Why.BREACH, StandingInvariants.BROKEN, why));
  }

  /** Keeps somebody who is in the registry already, groups and all, from breaking one. */
  Map<String, String> require(PrincipalId id) {
    return guard.keep(() -> FleetAnalysis.classesOf(handle, List.of(id)), allowBreach);
  }

  /** What the ledger says of a breach that somebody wants. */
  Map<String, String> facts(CheckedRequest request) {
    return allowBreach
        ? broken(request)
            .map(why -> Map.of(InvariantGuard.FACT, InvariantGuard.fact(why)))
            .orElse(Map.of())
        : Map.of();
  }

  private Optional<String> broken(CheckedRequest request) {
    return guard.broken(
        () ->
            List.of(
                FleetAnalysis.classOfNew(
                    handle,
                    request.kind(),
                    request.policies(),
                    request.thingType(),
                    request.attributes())));
  }
}
