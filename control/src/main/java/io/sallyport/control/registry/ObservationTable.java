package io.sallyport.control.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tables of who is observed; every method runs in the transaction of its handle. */
public final class ObservationTable {
  private ObservationTable() {}

  /**
   * That somebody is observed.
   *
   * @param proposed the names of the policies that would take the place of those attached, in
   *     order; none if nothing is proposed yet
   */
  public record Row(Scope scope, List<String> proposed, Instant startedAt, String startedBy) {
    public Row {
      proposed = List.copyOf(proposed);
    }
  }

  /** Makes this the observation of its scope, whatever it was. */
  public static void put(
      Handle handle, Scope scope, Collection<String> proposed, String actor, Instant now) {
    delete(handle, scope);
    handle
        .createUpdate(
            "insert into observation (scope, name, started_at, started_by)"
                + " values (:scope, :name, :now, :actor)")
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .bind("now", now.toEpochMilli())
        .bind("actor", actor)
        .execute();
    for (var policy : proposed) {
      handle
          .createUpdate(
              "insert into proposed_policy (scope, name, policy) values (:scope, :name, :policy)")
          .bind("scope", scope.kind().word())
          .bind("name", scope.name())
          .bind("policy", policy)
          .execute();
    }
  }

  /** Ends an observation; false when there was none. */
  public static boolean delete(Handle handle, Scope scope) {
    int ended = 0;
    for (var table : List.of("proposed_policy", "observation")) {
      ended =
          handle
              .createUpdate("delete from " + table + " where scope = :scope and name = :name")
              .bind("scope", scope.kind().word())
              .bind("name", scope.name())
              .execute();
    }
    return ended == 1;
  }

  /** The observation of this scope itself. */
  public static Optional<Row> find(Handle handle, Scope scope) {
    return handle
        .createQuery(
            "select started_at, started_by from observation where scope = :scope and name = :name")
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .map(
            (row, _) ->
                new Row(
                    scope,
                    proposed(handle, scope),
                    Instant.ofEpochMilli(row.getLong(1)),
                    row.getString(2)))
        .findOne();
  }

  /** All observations in the order of kinds and names. */
  public static List<Row> all(Handle handle, int limit) {
    return handle
        .createQuery("select scope, name from observation order by scope, name limit :limit")
        .bind("limit", limit)
        .map((row, _) -> scope(row.getString(1), row.getString(2)))
        .list()
        .stream()
        .flatMap(scope -> find(handle, scope).stream())
        .toList();
  }

  /** How many there are. */
  public static int count(Handle handle) {
    return handle.createQuery("select count(*) from observation").mapTo(Integer.class).one();
  }

  /** The scopes by whose proposal somebody would have a policy. */
  public static List<Scope> proposing(Handle handle, String policy) {
    return handle
        .createQuery("select scope, name from proposed_policy where policy = :policy order by 1, 2")
        .bind("policy", policy)
        .map((row, _) -> scope(row.getString(1), row.getString(2)))
        .list();
  }

  /** What is proposed for those of these names that are observed: nothing, or some policies. */
  static Map<String, List<String>> proposals(
      Handle handle, Scope.Kind kind, Collection<String> names) {
    var proposals = new HashMap<String, List<String>>();
    if (names.isEmpty()) {
      return proposals;
    }
    handle
        .createQuery(
            "select o.name, p.policy from observation o left join proposed_policy p"
                + " on p.scope = o.scope and p.name = o.name"
                + " where o.scope = :scope and o.name in (<names>) order by p.policy")
        .bind("scope", kind.word())
        .bindList("names", List.copyOf(names))
        .map((row, _) -> new String[] {row.getString(1), row.getString(2)})
        .forEach(
            row -> {
              var some = proposals.computeIfAbsent(row[0], _ -> new ArrayList<>());
              if (row[1] != null) {
                some.add(row[1]);
              }
            });
    return proposals;
  }

  private static List<String> proposed(Handle handle, Scope scope) {
    return handle
        .createQuery(
            "select policy from proposed_policy where scope = :scope and name = :name"
                + " order by policy")
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .mapTo(String.class)
        .list();
  }

  private static Scope scope(String kind, String name) {
    return kind.equals(Scope.Kind.GROUP.word()) ? Scope.group(name) : Scope.principal(name);
  }
}
