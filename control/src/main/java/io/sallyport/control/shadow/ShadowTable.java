package io.sallyport.control.shadow;

import io.sallyport.control.registry.Principals;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of shadows; every method runs in the transaction of its handle. */
final class ShadowTable {
  private ShadowTable() {}

  /** One row: a shadow, or what is remembered of a deleted one. */
  record Row(ShadowDocument document, boolean deleted) {}

  /** The standing of a thing; empty where no device has that name. */
  static Optional<Standing> standing(Handle handle, PrincipalId thing) {
    return handle
        .createQuery("select standing from principal where id = :id and kind = :kind")
        .bind("id", thing.value())
        .bind("kind", PrincipalKind.DEVICE.word())
        .map((row, _) -> Principals.standing(row.getString(1)))
        .findOne();
  }

  static Optional<Row> find(Handle handle, ShadowId id) {
    return handle
        .createQuery(
            "select version, state, metadata, deleted_at from shadow"
                + " where thing = :thing and name = :name")
        .bind("thing", id.thing().value())
        .bind("name", id.name())
        .map((row, _) -> read(row))
        .findOne();
  }

  /** Makes the row of a shadow; false if another made it first. */
  static boolean insert(Handle handle, ShadowId id, ShadowDocument document, Instant now) {
    return handle
            .createUpdate(
                "insert into shadow (thing, name, version, state, metadata, changed_at)"
                    + " values (:thing, :name, :version, :state, :metadata, :now)"
                    + " on conflict do nothing")
            .bind("thing", id.thing().value())
            .bind("name", id.name())
            .bind("version", document.version())
            .bind("state", text(document.state()))
            .bind("metadata", text(document.metadata()))
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  /** Writes over a version, also a deleted one; false if it is another's by now. */
  static boolean replace(
      Handle handle, ShadowId id, Row before, ShadowDocument document, Instant now) {
    return handle
            .createUpdate(
                "update shadow set version = :version, state = :state, metadata = :metadata,"
                    + " changed_at = :now, deleted_at = null where thing = :thing and name = :name"
                    + " and version = :before"
                    + (before.deleted()
                        ? " and deleted_at is not null"
                        : " and deleted_at is null"))
            .bind("version", document.version())
            .bind("state", text(document.state()))
            .bind("metadata", text(document.metadata()))
            .bind("now", now.toEpochMilli())
            .bind("thing", id.thing().value())
            .bind("name", id.name())
            .bind("before", before.document().version())
            .execute()
        == 1;
  }

  /** Leaves nothing of a version but its number; false if it is another's by now. */
  static boolean delete(Handle handle, ShadowId id, long version, Instant now) {
    return handle
            .createUpdate(
                "update shadow set state = '{}', metadata = '{}', changed_at = :now,"
                    + " deleted_at = :now where thing = :thing and name = :name"
                    + " and version = :version and deleted_at is null")
            .bind("now", now.toEpochMilli())
            .bind("thing", id.thing().value())
            .bind("name", id.name())
            .bind("version", version)
            .execute()
        == 1;
  }

  /**
   * Keeps others from making a shadow of this thing until this transaction ends; how many named
   * ones there are.
   */
  static int lockNamed(Handle handle, PrincipalId thing, Instant now) {
    // The classic one's row stands for the thing; where there is none, a deleted one of version 0.
    handle
        .createUpdate(
            "insert into shadow (thing, name, version, state, metadata, changed_at, deleted_at)"
                + " values (:thing, '', 0, '{}', '{}', :now, :now)"
                + " on conflict (thing, name) do update set name = ''")
        .bind("thing", thing.value())
        .bind("now", now.toEpochMilli())
        .execute();
    return handle
        .createQuery(
            "select count(*) from shadow where thing = :thing and name <> ''"
                + " and deleted_at is null")
        .bind("thing", thing.value())
        .mapTo(Integer.class)
        .one();
  }

  /** Forgets the deleted named shadows of a thing but for so many, the last to be deleted. */
  static void forgetAllBut(Handle handle, PrincipalId thing, int kept) {
    handle
        .createUpdate(
            "delete from shadow where thing = :thing and name <> '' and deleted_at is not null"
                + " and name not in (select name from shadow where thing = :thing and name <> ''"
                + " and deleted_at is not null order by deleted_at desc, name limit :kept)")
        .bind("thing", thing.value())
        .bind("kept", kept)
        .execute();
  }

  /** Forgets at most so many shadows that were deleted by then; how many. */
  static int forget(Handle handle, Instant by, int most) {
    // Asked twice: whoever writes it anew meanwhile keeps it.
    return handle
        .createUpdate(
            "delete from shadow where deleted_at <= :by and (thing, name) in"
                + " (select thing, name from shadow where deleted_at <= :by limit :most)")
        .bind("by", by.toEpochMilli())
        .bind("most", most)
        .execute();
  }

  /** The named shadows that there are, behind a name, in the order of bytes. */
  static List<ShadowSummary> page(Handle handle, PrincipalId thing, String after, int limit) {
    return handle
        .createQuery(
            "select name, version, changed_at from shadow where thing = :thing and name > :after"
                + " and deleted_at is null order by name limit :limit")
        .bind("thing", thing.value())
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, _) ->
                new ShadowSummary(
                    row.getString("name"),
                    row.getLong("version"),
                    Instant.ofEpochMilli(row.getLong("changed_at"))))
        .list();
  }

  private static Row read(ResultSet row) throws SQLException {
    var states = parsed(row.getString("state"));
    var times = parsed(row.getString("metadata"));
    return new Row(
        new ShadowDocument(
            row.getLong("version"),
            section(states, times, "desired"),
            section(states, times, "reported")),
        row.getObject("deleted_at") != null);
  }

  private static Section section(Members states, Members times, String name) {
    return states.byName().get(name) instanceof Members state
            && times.byName().get(name) instanceof Members metadata
        ? new Section(state, metadata)
        : Section.EMPTY;
  }

  private static Members parsed(String json) {
    try {
      if (JsonText.read(json) instanceof Members members) {
        return members;
      }
    } catch (MalformedJson e) {
      throw new IllegalStateException("a stored shadow cannot be read", e);
    }
    throw new IllegalStateException("a stored shadow is no object");
  }

  private static String text(Members value) {
    return new String(JsonText.write(value), StandardCharsets.UTF_8);
  }
}
