package io.sallyport.control.groups;

import io.sallyport.control.groups.GroupAnswer.Members;
import io.sallyport.control.groups.GroupAnswer.Refused;
import io.sallyport.control.groups.GroupAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.PolicyBound;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Members join a group: everybody is looked at before the first one is written. */
final class Joining {
  /** Bound: the groups that one principal can be in, as in AWS IoT. */
  static final int GROUPS_OF_ONE_MAX = 10;

  private final Handle handle;
  private final String group;
  private final String actor;
  private final Instant now;

  Joining(Handle handle, String group, String actor, InstantSource clock) {
    this.handle = handle;
    this.group = group;
    this.actor = actor;
    this.now = clock.instant();
  }

  /**
   * All of them.
   *
   * @param kept what the ledger says besides of those who joined; it may undo everything
   */
  GroupAnswer all(List<PrincipalId> ids, Function<List<PrincipalId>, Map<String, String>> kept) {
    var policies = GroupTable.policiesOf(handle, group);
    var joining = new ArrayList<PrincipalId>();
    for (var id : ids) {
      var groups = GroupTable.groupsOf(handle, id);
      if (!groups.contains(group)) {
        var refusal = refusal(id, groups.size(), policies);
        if (refusal.isPresent()) {
          return refusal.get();
        }
        joining.add(id);
      }
    }
    joining.forEach(id -> GroupTable.add(handle, group, id));
    var facts = kept.apply(joining);
    LedgerStore.append(handle, joining.stream().map(id -> event(id, facts)).toList());
    return new Members(
        GroupTable.find(handle, group).orElseThrow(),
        joining.stream().map(PrincipalId::value).toList());
  }

  private Optional<Refused> refusal(PrincipalId id, int groups, List<String> policies) {
    var standing = Principals.standing(handle, id);
    if (standing.isEmpty()) {
      return Optional.of(Groups.unknownPrincipal(id.value()));
    }
    if (standing.get() == Standing.REVOKED) {
      return conflict("revoked", "'" + id + "' is revoked, and joins no group");
    }
    if (groups >= GROUPS_OF_ONE_MAX) {
      return conflict(
          "too-many-groups",
          "'" + id + "' is in " + GROUPS_OF_ONE_MAX + " groups, more are refused");
    }
    if (PolicyBound.isPassed(handle, id, policies)) {
      return conflict("too-many-policies", PolicyBound.sentence(id.value()));
    }
    return Optional.empty();
  }

  private SecurityEvent event(PrincipalId id, Map<String, String> facts) {
    return SecurityEvent.of(
        now,
        EventType.GROUP_MEMBER_ADDED,
        actor,
        group,
        Groups.with(facts, "principal", id.value()));
  }

  private static Optional<Refused> conflict(String reason, String detail) {
    return Optional.of(new Refused(Why.CONFLICT, reason, detail));
  }
}
