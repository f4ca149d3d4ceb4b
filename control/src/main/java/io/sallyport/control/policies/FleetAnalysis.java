package io.sallyport.control.policies;

import io.sallyport.control.registry.StoredPolicyUnreadable;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StringMaps;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.PolicyClass;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The fleet as analysis sees it: principals of equal rights are one class. */
public final class FleetAnalysis {
  /** Bound: classes that are answered for; a fleet with more needs fewer attributes in policies. */
  public static final int CLASSES_MAX = 2_000;

  // Its own policies and those of its groups; one that it has twice comes twice.
  private static final String ROWS_OF =
      "select p.id, p.kind, p.thing_type, p.attributes, a.policy from principal p"
          + " left join attachment a on a.principal = p.id where %1$s"
          + " union all"
          + " select p.id, p.kind, p.thing_type, p.attributes, g.policy from principal p"
          + " join group_member m on m.principal = p.id"
          + " join group_policy g on g.group_name = m.group_name where %1$s"
          + " order by 1";

  // Bound: rows held in memory while the registry is streamed.
  private static final int ROWS = 1_000;

  private final Database database;

  /** What distinguishes a class: everything that its policies can see but the name. */
  private record Key(String kind, List<String> policies, String thingType, String attributes) {}

  /** A principal by its row in the registry. */
  private record Row(
      String id, String kind, String thingType, String attributes, @Nullable String policy) {}

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
    return classes(handle, "p.standing <> 'revoked'", Map.of());
  }

  /** The classes of those who have this policy, by themselves or by a group. */
  static List<PolicyClass> classesWith(Handle handle, String policy) {
    return classes(
        handle,
        "p.standing <> 'revoked'"
            + " and (p.id in (select principal from attachment where policy = :policy)"
            + " or p.id in (select gm.principal from group_member gm"
            + " join group_policy gp on gp.group_name = gm.group_name where gp.policy = :policy))",
        Map.of("policy", policy));
  }

  /** The classes of a group's members. */
  public static List<PolicyClass> classesOfGroup(Handle handle, String group) {
    return classes(
        handle,
        "p.standing <> 'revoked'"
            + " and p.id in (select gm.principal from group_member gm where gm.group_name = :name)",
        Map.of("name", group));
  }

  /** The class of one principal, or none if there is no such principal. */
  public Optional<PolicyClass> classOf(String id) {
    return database.read(handle -> classOf(handle, id).stream().findFirst());
  }

  /** The same within a transaction. */
  public static List<PolicyClass> classOf(Handle handle, String id) {
    return classes(handle, "p.id = :id and p.standing <> 'revoked'", Map.of("id", id));
  }

  private static List<PolicyClass> classes(Handle handle, String who, Map<String, String> values) {
    var counts = new Counting(new Loaded(handle));
    try (var rows =
        handle
            .createQuery(ROWS_OF.formatted(who))
            .bindMap(values)
            .setFetchSize(ROWS)
            .map((row, _) -> row(row))
            .stream()) {
      rows.forEach(counts::add);
    }
    counts.endPrincipal();
    return counts.classes();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
  }

  /** The newest version of each policy, parsed when it is first met. */
  private static final class Loaded {
    private final Handle handle;
    private final Map<String, PolicyVersion> known = new HashMap<>();

    Loaded(Handle handle) {
      this.handle = handle;
    }

    PolicyVersion of(String name) {
      return known.computeIfAbsent(name, this::load);
    }

    private PolicyVersion load(String name) {
      var newest = PolicyTable.newest(handle, name).orElseThrow();
      try {
        return new PolicyVersion(name, newest.number(), PolicyDocument.parse(newest.document()));
      } catch (MalformedPolicy e) {
        throw new StoredPolicyUnreadable(name, newest.number(), e);
      }
    }

    boolean asksFor(List<String> policies, String prefix) {
      return policies.stream()
          .flatMap(name -> StatementView.of(of(name)).stream())
          .flatMap(statement -> statement.resources().stream())
          .flatMap(resource -> resource.variables().stream())
          .anyMatch(variable -> variable.startsWith(prefix));
    }
  }

  /** Counts principals by class, row by row. */
  private static final class Counting {
    private final Loaded policies;
    private final Map<Key, Long> counts = new LinkedHashMap<>();
    private final Map<List<String>, boolean[]> asked = new HashMap<>();
    private final SortedSet<String> names = new TreeSet<>();
    private @Nullable Row open;

    Counting(Loaded policies) {
      this.policies = policies;
    }

    void add(Row row) {
      if (open != null && !open.id().equals(row.id())) {
        endPrincipal();
      }
      open = row;
      if (row.policy() != null) {
        names.add(row.policy());
      }
    }

    void endPrincipal() {
      var row = open;
      if (row == null) {
        return;
      }
      var attached = List.copyOf(names);
      var asks = asked.computeIfAbsent(attached, this::asks);
      var key =
          new Key(
              row.kind(),
              attached,
              asks[0] ? row.thingType() : "",
              asks[1] ? row.attributes() : "{}");
      counts.merge(key, 1L, Long::sum);
      if (counts.size() > CLASSES_MAX) {
        throw new TooManyClasses();
      }
      names.clear();
      open = null;
    }

    private boolean[] asks(List<String> attached) {
      return new boolean[] {
        policies.asksFor(attached, "iot:Connection.Thing.ThingTypeName"),
        policies.asksFor(attached, "iot:Connection.Thing.Attributes")
      };
    }

    List<PolicyClass> classes() {
      var classes = new ArrayList<PolicyClass>();
      counts.forEach(
          (key, count) ->
              classes.add(
                  new PolicyClass(
                      PrincipalKind.valueOf(key.kind().toUpperCase(Locale.ROOT)),
                      PolicySet.of(key.policies().stream().map(policies::of).toList()),
                      key.thingType().isEmpty() ? null : key.thingType(),
                      StringMaps.read(key.attributes()),
                      count)));
      return List.copyOf(classes);
    }
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
