package io.sallyport.control.policies;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The tables of policies and their versions; every method runs in the transaction of its handle.
 */
final class PolicyTable {
  private PolicyTable() {}

  record Version(int number, String document, Instant createdAt) {}

  static Optional<Version> newest(Handle handle, String name) {
    return handle
        .createQuery(
            "select v.version, v.document, v.created_at from policy p join policy_version v"
                + " on v.name = p.name and v.version = p.version where p.name = :name")
        .bind("name", name)
        .map(
            (row, _) ->
                new Version(row.getInt(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))))
        .findOne();
  }

  static Optional<Version> version(Handle handle, String name, int number) {
    return handle
        .createQuery(
            "select version, document, created_at from policy_version"
                + " where name = :name and version = :version")
        .bind("name", name)
        .bind("version", number)
        .map(
            (row, _) ->
                new Version(row.getInt(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))))
        .findOne();
  }

  static int count(Handle handle) {
    return handle.createQuery("select count(*) from policy").mapTo(Integer.class).one();
  }

  /** Writes the next version; whoever comes second at the same time gets the number after it. */
  static int add(Handle handle, String name, String document, String actor, Instant now) {
    int number =
        handle
            .createQuery(
                "insert into policy (name, version, created_at) values (:name, 1, :now)"
                    + " on conflict (name) do update set version = policy.version + 1"
                    + " returning version")
            .bind("name", name)
            .bind("now", now.toEpochMilli())
            .mapTo(Integer.class)
            .one();
    handle
        .createUpdate(
            "insert into policy_version (name, version, document, created_at, created_by)"
                + " values (:name, :version, :document, :now, :actor)")
        .bind("name", name)
        .bind("version", number)
        .bind("document", document)
        .bind("now", now.toEpochMilli())
        .bind("actor", actor)
        .execute();
    return number;
  }

  static List<Integer> versions(Handle handle, String name, int limit) {
    return handle
        .createQuery(
            "select version from policy_version where name = :name"
                + " order by version desc limit :limit")
        .bind("name", name)
        .bind("limit", limit)
        .mapTo(Integer.class)
        .list()
        .reversed();
  }

  static List<String> attachments(Handle handle, String name, int limit) {
    return handle
        .createQuery(
            "select principal from attachment where policy = :name"
                + " order by principal limit :limit")
        .bind("name", name)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  static List<String> groups(Handle handle, String name, int limit) {
    return handle
        .createQuery(
            "select group_name from group_policy where policy = :name"
                + " order by group_name limit :limit")
        .bind("name", name)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  static List<Policies.Summary> summaries(Handle handle) {
    return handle
        .createQuery(
            "select p.name, p.version,"
                + " (select count(*) from attachment a where a.policy = p.name),"
                + " (select count(*) from group_policy g where g.policy = p.name)"
                + " from policy p order by p.name")
        .map(
            (row, _) ->
                new Policies.Summary(
                    row.getString(1), row.getInt(2), row.getLong(3), row.getLong(4)))
        .list();
  }
}
