package io.sallyport.control.batches;

import io.sallyport.control.batches.BatchRecord.State;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of batches and their members, in the transaction of a handle. */
final class BatchTable {
  private static final String SELECT =
      "select b.*, (select count(*) from batch_member m where m.batch = b.name and m.ended = 1)"
          + " as ended from batch b";

  private BatchTable() {}

  static boolean insert(Handle handle, String name, long wanted, String actor, Instant now) {
    return handle
            .createUpdate(
                "insert into batch (name, state, wanted, members, created_by, created_at,"
                    + " changed_by, changed_at)"
                    + " values (:name, 'open', :wanted, 0, :actor, :now, :actor, :now)"
                    + " on conflict (name) do nothing")
            .bind("name", name)
            .bind("wanted", wanted)
            .bind("actor", actor)
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  static void widen(Handle handle, String name, long more) {
    handle.execute("update batch set wanted = wanted + ? where name = ?", more, name);
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from batch").mapTo(Long.class).one();
  }

  static Optional<BatchRecord> find(Handle handle, String name) {
    return handle
        .createQuery(SELECT + " where b.name = :name")
        .bind("name", name)
        .map((row, _) -> record(row))
        .findOne();
  }

  /** The state and how many are wanted and there, without counting. */
  static Optional<Room> room(Handle handle, String name) {
    return handle
        .createQuery("select state, wanted, members from batch where name = :name")
        .bind("name", name)
        .map((row, _) -> new Room(state(row), row.getLong("wanted") - row.getLong("members")))
        .findOne();
  }

  record Room(State state, long left) {}

  static List<BatchRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(SELECT + " where b.name > :after order by b.name limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /** The first killed batch that somebody is left of. */
  static Optional<String> unfinished(Handle handle) {
    return handle
        .createQuery(
            "select name from batch b where state = 'killed' and exists (select 1 from"
                + " batch_member m where m.batch = b.name and m.ended = 0) order by name limit 1")
        .mapTo(String.class)
        .findOne();
  }

  static void change(
      Handle handle, String name, State state, @Nullable String reason, String actor, Instant now) {
    handle
        .createUpdate(
            "update batch set state = :state, reason = :reason, changed_by = :actor,"
                + " changed_at = :now where name = :name")
        .bind("state", state.name().toLowerCase(Locale.ROOT))
        .bind("reason", reason)
        .bind("actor", actor)
        .bind("now", now.toEpochMilli())
        .bind("name", name)
        .execute();
  }

  static void addMember(Handle handle, String name, PrincipalId id) {
    handle
        .createUpdate("insert into batch_member (principal, batch, ended) values (:id, :name, 0)")
        .bind("id", id.value())
        .bind("name", name)
        .execute();
    handle
        .createUpdate("update batch set members = members + 1 where name = :name")
        .bind("name", name)
        .execute();
  }

  /** Members that were not revoked because of the batch yet. */
  static List<PrincipalId> remaining(Handle handle, String name, int limit) {
    return handle
        .createQuery(
            "select principal from batch_member where batch = :name and ended = 0"
                + " order by principal limit :limit")
        .bind("name", name)
        .bind("limit", limit)
        .map((row, _) -> new PrincipalId(row.getString(1)))
        .list();
  }

  static void markEnded(Handle handle, List<PrincipalId> ids) {
    var batch = handle.prepareBatch("update batch_member set ended = 1 where principal = :id");
    ids.forEach(id -> batch.bind("id", id.value()).add());
    batch.execute();
  }

  static List<BatchMember> members(Handle handle, String name, String after, int limit) {
    return handle
        .createQuery(
            "select m.principal, p.standing from batch_member m join principal p"
                + " on p.id = m.principal where m.batch = :name and m.principal > :after"
                + " order by m.principal limit :limit")
        .bind("name", name)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, _) ->
                new BatchMember(
                    new PrincipalId(row.getString(1)),
                    Standing.valueOf(row.getString(2).toUpperCase(Locale.ROOT))))
        .list();
  }

  private static State state(ResultSet row) throws SQLException {
    return State.valueOf(row.getString("state").toUpperCase(Locale.ROOT));
  }

  private static BatchRecord record(ResultSet row) throws SQLException {
    return new BatchRecord(
        row.getString("name"),
        state(row),
        row.getLong("wanted"),
        row.getLong("members"),
        row.getLong("ended"),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("changed_by"),
        Instant.ofEpochMilli(row.getLong("changed_at")),
        row.getString("reason"));
  }
}
