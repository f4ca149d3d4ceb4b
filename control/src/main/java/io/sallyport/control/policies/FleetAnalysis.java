package io.sallyport.control.policies;

import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.analysis.PolicyClass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** The fleet as analysis sees it: principals of equal rights are one class. */
public final class FleetAnalysis {
  /** Bound: classes that are answered for; a fleet with more needs fewer attributes in policies. */
  public static final int CLASSES_MAX = 2_000;

  private final Database database;

  /** There are more than {@link #CLASSES_MAX} classes. */
  public static final class TooManyClasses extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyClasses() {
      super(
          "more than " + CLASSES_MAX + " classes: policies that name attributes divide the fleet");
    }
  }

  /** Analysis over this registry. */
  public FleetAnalysis(Database database) {
    this.database = database;
  }

  /** Every class of those who are not revoked. */
  public List<PolicyClass> classes() {
    return database.read(FleetAnalysis::classes);
  }

  /** The same within a transaction. */
  static List<PolicyClass> classes(Handle handle) {
    return classes(handle, "1 = 1", Map.of());
  }

  /** The classes of those who have this policy, by themselves or by a group. */
  static List<PolicyClass> classesWith(Handle handle, String policy) {
    return classes(
        handle,
        "(p.id in (select principal from attachment where policy = :policy)"
            + " or p.id in (select gm.principal from group_member gm"
            + " join group_policy gp on gp.group_name = gm.group_name where gp.policy = :policy))",
        Map.of("policy", policy));
  }

  /** The classes of a group's members. */
  public static List<PolicyClass> classesOfGroup(Handle handle, String group) {
    return classes(
        handle,
        "p.id in (select gm.principal from group_member gm where gm.group_name = :name)",
        Map.of("name", group));
  }

  /** The classes of these principals. */
  public static List<PolicyClass> classesOf(Handle handle, List<PrincipalId> ids) {
    var values = new HashMap<String, String>();
    ids.forEach(id -> values.put("id" + values.size(), id.value()));
    return values.isEmpty()
        ? List.of()
        : classes(handle, "p.id in (:" + String.join(", :", values.keySet()) + ")", values);
  }

  /** The class of one principal, or none if there is no such principal. */
  public Optional<PolicyClass> classOf(String id) {
    return database.read(handle -> classOf(handle, id).stream().findFirst());
  }

  /** The same within a transaction. */
  public static List<PolicyClass> classOf(Handle handle, String id) {
    return classes(handle, "p.id = :id", Map.of("id", id));
  }

  /** The class that somebody without groups would be of. */
  public static PolicyClass classOfNew(
      Handle handle,
      PrincipalKind kind,
      List<String> policies,
      String thingType,
      Map<String, String> attributes) {
    var loaded = new LoadedPolicies(handle);
    return new PolicyClass(
        kind,
        PolicySet.of(policies.stream().map(loaded::of).toList()),
        thingType.isEmpty() || !loaded.askForType(policies) ? null : thingType,
        loaded.askForAttributes(policies) ? attributes : Map.of(),
        1);
  }

  private static List<PolicyClass> classes(Handle handle, String who, Map<String, String> values) {
    return new Census(handle, who, values).classes();
  }

  /** Those of the names that belong to a principal of this kind with just these policies. */
  public List<String> existing(PolicyClass principals, Iterable<String> names) {
    var found = new TreeSet<String>();
    for (var name : names) {
      classOf(name)
          .filter(
              one ->
                  one.kind() == principals.kind() && one.policies().equals(principals.policies()))
          .ifPresent(_ -> found.add(name));
    }
    return List.copyOf(found);
  }
}
