package io.sallyport.control.groups;

import io.sallyport.control.groups.GroupAnswer.Deleted;
import io.sallyport.control.groups.GroupAnswer.Members;
import io.sallyport.control.groups.GroupAnswer.Refused;
import io.sallyport.control.groups.GroupAnswer.Shown;
import io.sallyport.control.groups.GroupAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.policies.StandingInvariants.Broken;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.GroupRecord;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.PolicyBound;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.PolicySet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Makes, fills and empties groups, and attaches policies to them; whatever is changed holds for
 * live sessions at once. Who was revoked stays in its groups, for the record, but joins no other.
 */
public final class Groups {
  /** Bound: groups in one installation. */
  public static final int GROUPS_MAX = 10_000;

  /** Bound: members that are added or removed at once. */
  public static final int MEMBERS_AT_ONCE_MAX = 500;

  // The names that AWS IoT allows for thing groups.
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

  private final Database database;
  private final TrustFeed feed;
  private final InstantSource clock;
  private final StandingInvariants invariants;

  /** Groups whose changes are told to a feed. */
  public Groups(
      Database database, TrustFeed feed, InstantSource clock, StandingInvariants invariants) {
    this.invariants = invariants;
    this.database = database;
    this.feed = feed;
    this.clock = clock;
  }

  /** Makes an empty group. */
  public GroupAnswer create(String name, String actor) {
    if (!NAME.matcher(name).matches()) {
      return new Refused(
          Why.MALFORMED,
          "malformed-name",
          "a group's name is 1 to 128 characters of A-Z a-z 0-9 : _ -");
    }
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          if (GroupTable.exists(handle, name)) {
            return conflict("group-exists", "there is a group '" + name + "'");
          }
          if (GroupTable.count(handle) >= GROUPS_MAX) {
            return conflict("too-many-groups", "at most " + GROUPS_MAX + " groups");
          }
          GroupTable.insert(handle, name, actor, clock.instant());
          tell(handle, EventType.GROUP_CREATED, actor, name, Map.of());
          return shown(handle, name);
        });
  }

  /** The next groups after a name, in the order of names. */
  public List<GroupRecord> page(String after, int limit) {
    return database.read(handle -> GroupTable.page(handle, after, limit));
  }

  /** One group. */
  public GroupAnswer show(String name) {
    return database.read(handle -> shown(handle, name));
  }

  /** The next members of a group after an id; nothing if there is no such group. */
  public Optional<List<String>> members(String name, String after, int limit) {
    return database.read(
        handle ->
            GroupTable.exists(handle, name)
                ? Optional.of(GroupTable.members(handle, name, after, limit))
                : Optional.empty());
  }

  /** Adds members: all of them, or none when one cannot be. */
  public GroupAnswer add(String name, List<String> principals, String actor) {
    return add(name, principals, actor, false);
  }

  /** The same; somebody may want it although it breaks an invariant, and the ledger says so. */
  public GroupAnswer add(String name, List<String> principals, String actor, boolean allowBreach) {
    return changeMembers(
        name,
        principals,
        (handle, ids) ->
            new Joining(handle, name, actor, clock)
                .all(ids, joined -> kept(handle, joined, allowBreach)));
  }

  /**
   * Adds somebody who comes to be in that transaction, which has the ledger's lock.
   *
   * @param kept what the ledger says besides; throws what must undo it
   */
  public static GroupAnswer welcome(
      Handle handle,
      String name,
      PrincipalId id,
      Instant now,
      String actor,
      Supplier<Map<String, String>> kept) {
    return GroupTable.exists(handle, name)
        ? new Joining(handle, name, actor, () -> now).all(List.of(id), _ -> kept.get())
        : unknown(name);
  }

  /** Takes members out, however they stand; who is no member is passed over. */
  public GroupAnswer remove(
      String name, List<String> principals, String actor, boolean allowBreach) {
    return changeMembers(
        name, principals, (handle, ids) -> leave(handle, name, ids, actor, allowBreach));
  }

  /** Attaches a policy to a group: its members have it from now on. */
  public GroupAnswer attach(String policy, String name, String actor) {
    return attach(policy, name, actor, false);
  }

  /** The same; somebody may want it although it breaks an invariant, and the ledger says so. */
  public GroupAnswer attach(String policy, String name, String actor, boolean allowBreach) {
    return changePolicy(name, policy, handle -> attach(handle, policy, name, actor, allowBreach));
  }

  /** Detaches a policy from a group. */
  public GroupAnswer detach(String policy, String name, String actor, boolean allowBreach) {
    return changePolicy(
        name,
        policy,
        handle -> {
          if (!GroupTable.detach(handle, policy, name)) {
            return new Refused(
                Why.UNKNOWN,
                "not-attached",
                "policy '" + policy + "' is not attached to group '" + name + "'");
          }
          tell(
              handle,
              EventType.POLICY_DETACHED,
              actor,
              policy,
              with(kept(handle, name, allowBreach), "group", name));
          return shown(handle, name);
        });
  }

  /**
   * Takes a group away. One that has members or policies only by force: first its policies are
   * detached and its members decided again, then it goes; so nobody's rights change untold, and a
   * crash in between leaves a group without policies.
   */
  public GroupAnswer delete(String name, boolean force, String actor, boolean allowBreach) {
    try {
      if (force && database.write(handle -> detachAll(handle, name, actor, allowBreach))) {
        feed.publishGroup(name);
      }
    } catch (Broken e) {
      return broken(e);
    }
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var group = GroupTable.find(handle, name);
          if (group.isEmpty()) {
            return unknown(name);
          }
          long members = group.get().members();
          if (!group.get().policies().isEmpty() || (members > 0 && !force)) {
            return conflict("group-in-use", "group '" + name + "' has members or policies");
          }
          feed.noteMembers(handle, name);
          GroupTable.delete(handle, name);
          var facts = Map.of("members", Long.toString(members));
          tell(handle, EventType.GROUP_DELETED, actor, name, facts);
          return new Deleted(name, members);
        });
  }

  @FunctionalInterface
  private interface MemberChange {
    GroupAnswer apply(Handle handle, List<PrincipalId> ids);
  }

  private GroupAnswer changeMembers(String name, List<String> principals, MemberChange change) {
    if (principals.isEmpty() || principals.size() > MEMBERS_AT_ONCE_MAX) {
      return new Refused(
          Why.MALFORMED, "malformed-members", "1 to " + MEMBERS_AT_ONCE_MAX + " members at once");
    }
    var ids = new ArrayList<PrincipalId>();
    for (var principal : principals) {
      if (!PrincipalId.isValid(principal)) {
        return unknownPrincipal(principal);
      }
      ids.add(new PrincipalId(principal));
    }
    var distinct = ids.stream().distinct().toList();
    var answer =
        guarded(
            handle -> {
              if (!GroupTable.exists(handle, name)) {
                return unknown(name);
              }
              var changed = change.apply(handle, distinct);
              if (changed instanceof Members) {
                feed.note(handle, distinct);
              }
              return changed;
            });
    if (answer instanceof Members) {
      // Told even when nothing is new: an earlier telling may have been interrupted.
      feed.publish(distinct);
    }
    return answer;
  }

  private GroupAnswer leave(
      Handle handle, String name, List<PrincipalId> ids, String actor, boolean allowBreach) {
    var left = ids.stream().filter(id -> GroupTable.remove(handle, name, id)).toList();
    var facts = kept(handle, left, allowBreach);
    var now = clock.instant();
    LedgerStore.append(
        handle,
        left.stream()
            .map(
                id ->
                    SecurityEvent.of(
                        now,
                        EventType.GROUP_MEMBER_REMOVED,
                        actor,
                        name,
                        with(facts, "principal", id.value())))
            .toList());
    return new Members(
        GroupTable.find(handle, name).orElseThrow(),
        left.stream().map(PrincipalId::value).toList());
  }

  private GroupAnswer changePolicy(
      String name, String policy, Function<Handle, GroupAnswer> change) {
    var answer =
        guarded(
            handle -> {
              if (!GroupTable.exists(handle, name)) {
                return unknown(name);
              }
              if (AttachedPolicies.newestVersion(handle, policy).isEmpty()) {
                return new Refused(Why.UNKNOWN, "policy-unknown", "no policy '" + policy + "'");
              }
              var changed = change.apply(handle);
              if (changed instanceof Shown) {
                feed.noteGroup(handle, name);
              }
              return changed;
            });
    if (answer instanceof Shown) {
      feed.publishGroup(name);
    }
    return answer;
  }

  private GroupAnswer attach(
      Handle handle, String policy, String name, String actor, boolean allowBreach) {
    var policies = GroupTable.policiesOf(handle, name);
    if (policies.contains(policy)) {
      return shown(handle, name);
    }
    if (policies.size() >= PolicySet.POLICIES_MAX) {
      return conflict(
          "too-many-policies",
          "at most " + PolicySet.POLICIES_MAX + " policies may be attached to one group");
    }
    var overfull = PolicyBound.passedBy(handle, name, policy);
    if (overfull.isPresent()) {
      return conflict("too-many-policies", PolicyBound.sentence(overfull.get()));
    }
    GroupTable.attach(handle, policy, name);
    var facts = with(kept(handle, name, allowBreach), "group", name);
    tell(handle, EventType.POLICY_ATTACHED, actor, policy, facts);
    return shown(handle, name);
  }

  private boolean detachAll(Handle handle, String name, String actor, boolean allowBreach) {
    LedgerStore.lock(handle);
    var policies = GroupTable.policiesOf(handle, name);
    if (policies.isEmpty()) {
      return false;
    }
    policies.forEach(policy -> GroupTable.detach(handle, policy, name));
    var facts = with(kept(handle, name, allowBreach), "group", name);
    policies.forEach(policy -> tell(handle, EventType.POLICY_DETACHED, actor, policy, facts));
    feed.noteGroup(handle, name);
    return true;
  }

  /** A change that takes effect only if every invariant holds after it. */
  private GroupAnswer guarded(Function<Handle, GroupAnswer> change) {
    try {
      return database.write(
          handle -> {
            LedgerStore.lock(handle);
            return change.apply(handle);
          });
    } catch (Broken e) {
      return broken(e);
    }
  }

  /** What the ledger says of a breach by these, if somebody allows it. */
  private Map<String, String> kept(Handle handle, List<PrincipalId> ids, boolean allowBreach) {
    return invariants.guard(handle).keep(() -> FleetAnalysis.classesOf(handle, ids), allowBreach);
  }

  /** What the ledger says of a breach by a group's members, if somebody allows it. */
  private Map<String, String> kept(Handle handle, String group, boolean allowBreach) {
    return invariants
        .guard(handle)
        .keep(() -> FleetAnalysis.classesOfGroup(handle, group), allowBreach);
  }

  static Map<String, String> with(Map<String, String> facts, String name, String value) {
    var all = new TreeMap<>(facts);
    all.put(name, value);
    return all;
  }

  private static Refused broken(Broken why) {
    return new Refused(Why.BREACH, StandingInvariants.BROKEN, String.valueOf(why.getMessage()));
  }

  private void tell(
      Handle handle, EventType type, String actor, String subject, Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, subject, facts));
  }

  private static GroupAnswer shown(Handle handle, String name) {
    return GroupTable.find(handle, name)
        .<GroupAnswer>map(Shown::new)
        .orElseGet(() -> unknown(name));
  }

  private static Refused conflict(String reason, String detail) {
    return new Refused(Why.CONFLICT, reason, detail);
  }

  private static Refused unknown(String name) {
    return new Refused(Why.UNKNOWN, "group-unknown", "no group '" + name + "'");
  }

  static Refused unknownPrincipal(String principal) {
    return new Refused(
        Why.UNKNOWN, "principal-unknown", "no device or backend '" + principal + "'");
  }
}
