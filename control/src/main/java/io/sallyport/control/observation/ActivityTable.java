package io.sallyport.control.observation;

import io.sallyport.control.registry.Scope;
import io.sallyport.policy.Action;
import io.sallyport.policy.activity.NamePattern;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of what observed principals did; every method runs in the transaction of its handle.
 */
final class ActivityTable {
  private static final String OF_SCOPE =
      "(a.principal = :name and :scope = 'principal' or :scope = 'group' and a.principal in"
          + " (select m.principal from group_member m where m.group_name = :name))";

  private ActivityTable() {}

  /** One name of one principal. */
  record Row(String principal, Action action, NamePattern name, Uses uses) {}

  /** A row with what its principal is. */
  record SeenRow(Row row, boolean device) {}

  static List<Row> of(Handle handle, Collection<String> principals) {
    return handle
        .createQuery("select * from activity where principal in (<principals>)")
        .bindList("principals", List.copyOf(principals))
        .map((row, _) -> row(row))
        .list();
  }

  /** What a scope did since a time, at most so many. */
  static List<SeenRow> since(Handle handle, Scope scope, Instant since, int limit) {
    return handle
        .createQuery(
            "select a.*, p.kind from activity a join principal p on p.id = a.principal where "
                + OF_SCOPE
                + " and a.last_at >= :since order by a.principal, a.action, a.name limit :limit")
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .bind("since", since.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> new SeenRow(row(row), row.getString("kind").equals("device")))
        .list();
  }

  /** What a proposal would have denied, the most frequent first. */
  static List<Row> denied(Handle handle, Scope scope, int limit) {
    return handle
        .createQuery(
            "select a.* from activity a where "
                + OF_SCOPE
                + " and a.denied_uses > 0"
                + " order by a.denied_uses desc, a.principal, a.action, a.name limit :limit")
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .bind("limit", limit)
        .map((row, _) -> row(row))
        .list();
  }

  /** How many principals of a scope were seen, how often, and how often they would be denied. */
  static Summary summary(Handle handle, Scope scope) {
    return handle
        .createQuery(
            "select count(distinct a.principal), coalesce(sum(a.uses), 0),"
                + " coalesce(sum(a.denied_uses), 0) from activity a where "
                + OF_SCOPE)
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .map((row, _) -> new Summary(row.getLong(1), row.getLong(2), row.getLong(3)))
        .one();
  }

  record Summary(long principals, long uses, long denied) {}

  /** Another proposal: what the one before would have denied means nothing any more. */
  static void forgetDenials(Handle handle, Scope scope) {
    handle
        .createUpdate(
            "update activity as a set denied_uses = 0, denied_at = null where denied_uses > 0 and "
                + OF_SCOPE)
        .bind("scope", scope.kind().word())
        .bind("name", scope.name())
        .execute();
  }

  static void put(Handle handle, Collection<Row> rows) {
    var batch =
        handle.prepareBatch(
            "insert into activity"
                + " (principal, action, name, uses, denied_uses, first_at, last_at, denied_at)"
                + " values (:principal, :action, :name, :uses, :denied, :first, :last, :deniedAt)"
                + " on conflict (principal, action, name) do update set uses = excluded.uses,"
                + " denied_uses = excluded.denied_uses, first_at = excluded.first_at,"
                + " last_at = excluded.last_at, denied_at = excluded.denied_at");
    for (var row : rows) {
      var uses = row.uses();
      batch
          .bind("principal", row.principal())
          .bind("action", row.action().word())
          .bind("name", row.name().text())
          .bind("uses", uses.count())
          .bind("denied", uses.denied())
          .bind("first", uses.first().toEpochMilli())
          .bind("last", uses.last().toEpochMilli())
          .bind("deniedAt", millis(uses.deniedAt()))
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  static void delete(Handle handle, Collection<Row> rows) {
    var batch =
        handle.prepareBatch(
            "delete from activity"
                + " where principal = :principal and action = :action and name = :name");
    for (var row : rows) {
      batch
          .bind("principal", row.principal())
          .bind("action", row.action().word())
          .bind("name", row.name().text())
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** Forgets what nobody has done for long. */
  static int prune(Handle handle, Instant before) {
    return handle
        .createUpdate("delete from activity where last_at < :before")
        .bind("before", before.toEpochMilli())
        .execute();
  }

  private static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : at.toEpochMilli();
  }

  private static Row row(ResultSet row) throws SQLException {
    long deniedAt = row.getLong("denied_at");
    boolean never = row.wasNull();
    return new Row(
        row.getString("principal"),
        Words.action(row.getString("action")),
        NamePattern.parse(row.getString("name")),
        new Uses(
            row.getLong("uses"),
            row.getLong("denied_uses"),
            Instant.ofEpochMilli(row.getLong("first_at")),
            Instant.ofEpochMilli(row.getLong("last_at")),
            never ? null : Instant.ofEpochMilli(deniedAt)));
  }
}
