package io.sallyport.control.registry;

import io.sallyport.identity.PrincipalId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The tables of groups, their members and their policies; every method runs in the transaction of
 * its handle.
 */
public final class GroupTable {
  private static final String COLUMNS =
      "g.name, g.created_at, (select count(*) from group_member m where m.group_name = g.name)";

  private GroupTable() {}

  /** Makes a group; false when there is one of that name. */
  public static boolean insert(Handle handle, String name, String actor, Instant now) {
    return handle
            .createUpdate(
                "insert into principal_group (name, created_at, created_by)"
                    + " values (:name, :now, :actor) on conflict (name) do nothing")
            .bind("name", name)
            .bind("now", now.toEpochMilli())
            .bind("actor", actor)
            .execute()
        == 1;
  }

  /** Takes a group away with its members; it must have no policy any more. */
  public static void delete(Handle handle, String name) {
    ObservationTable.delete(handle, Scope.group(name));
    for (var sql :
        List.of(
            "delete from group_member where group_name = :name",
            "delete from principal_group where name = :name")) {
      handle.createUpdate(sql).bind("name", name).execute();
    }
  }

  /** Whether there is a group of that name. */
  public static boolean exists(Handle handle, String name) {
    return handle
        .createQuery("select 1 from principal_group where name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** How many groups there are. */
  public static int count(Handle handle) {
    return handle.createQuery("select count(*) from principal_group").mapTo(Integer.class).one();
  }

  /** One group. */
  public static Optional<GroupRecord> find(Handle handle, String name) {
    return handle
        .createQuery("select " + COLUMNS + " from principal_group g where g.name = :name")
        .bind("name", name)
        .map((row, _) -> group(handle, row))
        .findOne();
  }

  /** The next ones after a name, in the order of names. */
  public static List<GroupRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from principal_group g where g.name > :after order by g.name limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> group(handle, row))
        .list();
  }

  /** The next members after an id, in the order of ids. */
  public static List<String> members(Handle handle, String group, String after, int limit) {
    return handle
        .createQuery(
            "select principal from group_member where group_name = :group and principal > :after"
                + " order by principal limit :limit")
        .bind("group", group)
        .bind("after", after)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  /** Adds a member; false when it was one. */
  public static boolean add(Handle handle, String group, PrincipalId principal) {
    return handle
            .createUpdate(
                "insert into group_member (group_name, principal) values (:group, :principal)"
                    + " on conflict (group_name, principal) do nothing")
            .bind("group", group)
            .bind("principal", principal.value())
            .execute()
        == 1;
  }

  /** Takes a member out; false when it was none. */
  public static boolean remove(Handle handle, String group, PrincipalId principal) {
    return handle
            .createUpdate(
                "delete from group_member where group_name = :group and principal = :principal")
            .bind("group", group)
            .bind("principal", principal.value())
            .execute()
        == 1;
  }

  /** The names of a principal's groups, in order. */
  public static List<String> groupsOf(Handle handle, PrincipalId principal) {
    return handle
        .createQuery(
            "select group_name from group_member where principal = :principal order by group_name")
        .bind("principal", principal.value())
        .mapTo(String.class)
        .list();
  }

  /** Attaches a policy to a group; false when it was attached. */
  public static boolean attach(Handle handle, String policy, String group) {
    return handle
            .createUpdate(
                "insert into group_policy (group_name, policy) values (:group, :policy)"
                    + " on conflict (group_name, policy) do nothing")
            .bind("group", group)
            .bind("policy", policy)
            .execute()
        == 1;
  }

  /** Detaches a policy from a group; false when it was not attached. */
  public static boolean detach(Handle handle, String policy, String group) {
    return handle
            .createUpdate("delete from group_policy where group_name = :group and policy = :policy")
            .bind("group", group)
            .bind("policy", policy)
            .execute()
        == 1;
  }

  /** The names of the policies that are attached to a group, in order. */
  public static List<String> policiesOf(Handle handle, String group) {
    return handle
        .createQuery("select policy from group_policy where group_name = :group order by policy")
        .bind("group", group)
        .mapTo(String.class)
        .list();
  }

  /** The names of the groups to which a policy is attached, in order. */
  public static List<String> withPolicy(Handle handle, String policy) {
    return handle
        .createQuery(
            "select group_name from group_policy where policy = :policy order by group_name")
        .bind("policy", policy)
        .mapTo(String.class)
        .list();
  }

  private static GroupRecord group(Handle handle, ResultSet row) throws SQLException {
    var name = row.getString(1);
    return new GroupRecord(
        name, row.getLong(3), policiesOf(handle, name), Instant.ofEpochMilli(row.getLong(2)));
  }
}
