package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.groups.GroupAnswer;
import io.sallyport.control.groups.Groups;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The groups that a newcomer joins in the transaction that lets it in. */
final class Membership {
  private Membership() {}

  /** Joins them all; why not, if one does not take it or an invariant would not hold. */
  static Optional<Refused> join(
      Handle handle,
      Admission admission,
      List<String> groups,
      PrincipalId id,
      Instant now,
      String actor) {
    for (var group : groups) {
      var outside = join(handle, admission, group, id, now, actor);
      if (outside.isPresent()) {
        // Of those before it, which the ledger has heard of.
        leave(handle, groups.subList(0, groups.indexOf(group)), id, now, actor);
        return outside;
      }
    }
    return Optional.empty();
  }

  private static Optional<Refused> join(
      Handle handle, Admission admission, String group, PrincipalId id, Instant now, String actor) {
    try {
      return Groups.welcome(handle, group, id, now, actor, () -> admission.require(id))
              instanceof GroupAnswer.Refused(_, var reason, var detail)
          ? Optional.of(new Refused(id.value(), Why.UNACCEPTABLE, reason, detail))
          : Optional.empty();
    } catch (StandingInvariants.Broken e) {
      GroupTable.remove(handle, group, id);
      return Optional.of(
          new Refused(
              id.value(), Why.BREACH, StandingInvariants.BROKEN, String.valueOf(e.getMessage())));
    }
  }

  /** Takes it out again, and says so. */
  static void leave(Handle handle, List<String> groups, PrincipalId id, Instant now, String actor) {
    for (var group : groups) {
      if (GroupTable.remove(handle, group, id)) {
        LedgerStore.append(
            handle,
            SecurityEvent.of(
                now,
                EventType.GROUP_MEMBER_REMOVED,
                actor,
                group,
                Map.of("principal", id.value())));
      }
    }
  }
}
