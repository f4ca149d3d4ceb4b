package io.sallyport.control.registry;

import io.sallyport.control.registry.Grants.GroupGrant;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The newest version of every policy, parsed once, and to whom it is attached, itself or by a
 * group. Principals with the same policies share the same list, so that a fleet costs one parse and
 * not a million.
 */
public final class AttachedPolicies {
  // Bound: one entry per policy, replaced when its version grows.
  private final Map<String, PolicyVersion> newest = new ConcurrentHashMap<>();

  /** The number of a policy's newest version. */
  public static Optional<Integer> newestVersion(Handle handle, String name) {
    return handle
        .createQuery("select version from policy where name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne();
  }

  /** Attaches a policy; false when it was attached. */
  public static boolean attach(Handle handle, String policy, PrincipalId principal) {
    return handle
            .createUpdate(
                "insert into attachment (principal, policy) values (:principal, :policy)"
                    + " on conflict (principal, policy) do nothing")
            .bind("principal", principal.value())
            .bind("policy", policy)
            .execute()
        == 1;
  }

  /** Detaches a policy; false when it was not attached. */
  public static boolean detach(Handle handle, String policy, PrincipalId principal) {
    return handle
            .createUpdate(
                "delete from attachment where principal = :principal and policy = :policy")
            .bind("principal", principal.value())
            .bind("policy", policy)
            .execute()
        == 1;
  }

  /** The names of the policies that are attached to a principal, in order. */
  public static List<String> namesOf(Handle handle, PrincipalId principal) {
    return handle
        .createQuery("select policy from attachment where principal = :principal order by policy")
        .bind("principal", principal.value())
        .mapTo(String.class)
        .list();
  }

  /** The names by which one principal has its policies; equal ones share what is made of them. */
  private record Names(
      List<String> attached, List<GroupGrant> groups, boolean observed, List<String> proposed) {}

  Map<String, Grants> ofAll(Handle handle, List<String> ids) {
    var attached = attached(handle, ids);
    var groups = groups(handle, ids);
    var proposals = Proposals.of(handle, ids, groups);
    var shared = new HashMap<Names, Grants>();
    var grants = new HashMap<String, Grants>();
    for (var id : ids) {
      var own = attached.getOrDefault(id, List.of());
      var byGroups = groups.getOrDefault(id, List.of());
      var names =
          new Names(
              own, byGroups, proposals.isObserved(id, byGroups), proposals.of(id, own, byGroups));
      grants.put(id, shared.computeIfAbsent(names, _ -> grants(handle, names)));
    }
    return grants;
  }

  private static Map<String, List<String>> attached(Handle handle, List<String> ids) {
    var attached = new HashMap<String, List<String>>();
    handle
        .createQuery(
            "select principal, policy from attachment where principal in (<ids>) order by policy")
        .bindList("ids", ids)
        .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            entry ->
                attached
                    .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(entry.getValue()));
    return attached;
  }

  private static Map<String, List<GroupGrant>> groups(Handle handle, List<String> ids) {
    var known = new HashMap<String, GroupGrant>();
    var groups = new HashMap<String, List<GroupGrant>>();
    handle
        .createQuery(
            "select principal, group_name from group_member where principal in (<ids>)"
                + " order by group_name")
        .bindList("ids", ids)
        .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            entry ->
                groups
                    .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(
                        known.computeIfAbsent(
                            entry.getValue(),
                            name -> new GroupGrant(name, GroupTable.policiesOf(handle, name)))));
    return groups;
  }

  private Grants grants(Handle handle, Names names) {
    var all = new TreeSet<>(names.attached());
    names.groups().forEach(grant -> all.addAll(grant.policies()));
    return new Grants(
        names.attached(),
        names.groups(),
        newest(handle, all),
        names.observed() ? observed(handle, names.proposed()) : null);
  }

  private Observed observed(Handle handle, List<String> proposed) {
    boolean usable = !proposed.isEmpty() && proposed.size() <= PolicySet.POLICIES_MAX;
    return new Observed(usable ? newest(handle, proposed) : null);
  }

  private List<PolicyVersion> newest(Handle handle, Collection<String> names) {
    return names.stream()
        .map(name -> load(handle, name, newestVersion(handle, name).orElseThrow()))
        .toList();
  }

  PolicyVersion load(Handle handle, String name, int version) {
    var known = newest.get(name);
    if (known != null && known.version() == version) {
      return known;
    }
    var text =
        handle
            .createQuery(
                "select document from policy_version where name = :name and version = :version")
            .bind("name", name)
            .bind("version", version)
            .mapTo(String.class)
            .one();
    try {
      var parsed = new PolicyVersion(name, version, PolicyDocument.parse(text));
      newest.put(name, parsed);
      return parsed;
    } catch (MalformedPolicy e) {
      // Fail closed: nobody is let in under a policy that this program cannot read.
      throw new StoredPolicyUnreadable(name, version, e);
    }
  }
}
