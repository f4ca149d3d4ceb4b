package io.sallyport.control.rotation;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of rotations; every method runs in the transaction of its handle. Each step says which
 * state it takes the row from, so that of several who take it one does.
 */
final class RotationTable {
  /** The states in which something is still to be done. */
  static final String OPEN = "state in ('due', 'asked', 'issued', 'proven')";

  private static final String UPDATE = "update rotation set ";

  private RotationTable() {}

  /** What is to be inserted as due, or as issued already. */
  static void insert(
      Handle handle,
      String nonce,
      PrincipalId principal,
      long wave,
      String cause,
      Fingerprint old,
      Instant oldNotAfter,
      Instant rotateBy,
      Instant askAt,
      Instant now) {
    handle
        .createUpdate(
            "insert into rotation (nonce, principal, wave, cause, state, why, asks,"
                + " old_fingerprint, old_not_after, rotate_by, next_at, due_at)"
                + " values (:nonce, :principal, :wave, :cause, 'due', '', 0,"
                + " :old, :oldNotAfter, :rotateBy, :askAt, :now)"
                + " on conflict do nothing")
        .bind("nonce", nonce)
        .bind("principal", principal.value())
        .bind("wave", wave)
        .bind("cause", cause)
        .bind("old", old.hex())
        .bind("oldNotAfter", oldNotAfter.toEpochMilli())
        .bind("rotateBy", rotateBy.toEpochMilli())
        .bind("askAt", askAt.toEpochMilli())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** The one that is under way for a device. */
  static Optional<RotationRecord> open(Handle handle, PrincipalId principal) {
    return handle
        .createQuery("select * from rotation where principal = :principal and " + OPEN)
        .bind("principal", principal.value())
        .map((row, _) -> record(row))
        .findOne();
  }

  /** One by its nonce. */
  static Optional<RotationRecord> find(Handle handle, String nonce) {
    return handle
        .createQuery("select * from rotation where nonce = :nonce")
        .bind("nonce", nonce)
        .map((row, _) -> record(row))
        .findOne();
  }

  /** Those in a state for which something is to be done by now, the longest waiting first. */
  static List<RotationRecord> ripe(Handle handle, RotationState state, Instant now, int limit) {
    return handle
        .createQuery(
            "select * from rotation where state = :state and next_at <= :now"
                + " order by next_at, nonce limit :limit")
        .bind("state", state.word())
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /** The device is asked, once more; false if somebody else changed it meanwhile. */
  static boolean asked(Handle handle, RotationRecord rotation, Instant now, Instant again) {
    return handle
            .createUpdate(
                UPDATE
                    + "state = 'asked', asks = asks + 1, next_at = :again,"
                    + " asked_at = coalesce(asked_at, :now)"
                    + " where nonce = :nonce and state = :state and asks = :asks")
            .bind("again", again.toEpochMilli())
            .bind("now", now.toEpochMilli())
            .bind("nonce", rotation.nonce())
            .bind("state", rotation.state().word())
            .bind("asks", rotation.asks())
            .execute()
        == 1;
  }

  /**
   * Takes a key as the answer. One that was taken before and came to nothing gives way after a
   * while.
   *
   * @param stale since when another key may be given up
   */
  static boolean take(Handle handle, String nonce, PublicKeyHash key, Instant stale, Instant now) {
    return handle
            .createUpdate(
                UPDATE
                    + "public_key_sha256 = :key, key_at = :now where nonce = :nonce"
                    + " and state in ('due', 'asked') and (public_key_sha256 is null"
                    + " or public_key_sha256 = :key or key_at < :stale)")
            .bind("key", key.hex())
            .bind("now", now.toEpochMilli())
            .bind("nonce", nonce)
            .bind("stale", stale.toEpochMilli())
            .execute()
        == 1;
  }

  /** It has a new certificate. */
  static void issued(
      Handle handle, String nonce, Fingerprint successor, Instant now, Instant withdrawAt) {
    handle
        .createUpdate(
            UPDATE
                + "state = 'issued', new_fingerprint = :successor, issued_at = :now,"
                + " next_at = :withdrawAt, proven_at = null where nonce = :nonce and "
                + OPEN)
        .bind("successor", successor.hex())
        .bind("now", now.toEpochMilli())
        .bind("withdrawAt", withdrawAt.toEpochMilli())
        .bind("nonce", nonce)
        .execute();
  }

  /** It came with one of its certificates. */
  static void seen(Handle handle, String nonce, Fingerprint with) {
    handle
        .createUpdate(UPDATE + "seen_fingerprint = :with where nonce = :nonce and " + OPEN)
        .bind("with", with.hex())
        .bind("nonce", nonce)
        .execute();
  }

  /** The new certificate works. */
  static boolean proven(
      Handle handle, String nonce, Fingerprint successor, Instant now, Instant retireAt) {
    return handle
            .createUpdate(
                UPDATE
                    + "state = 'proven', new_fingerprint = :successor, proven_at = :now,"
                    + " next_at = :retireAt where nonce = :nonce and state = 'issued'")
            .bind("successor", successor.hex())
            .bind("now", now.toEpochMilli())
            .bind("retireAt", retireAt.toEpochMilli())
            .bind("nonce", nonce)
            .execute()
        == 1;
  }

  /**
   * Ends it, if it is still as it was read: a device that has come with the other certificate
   * meanwhile is looked at anew.
   */
  static boolean end(
      Handle handle, RotationRecord rotation, RotationState end, String why, Instant now) {
    var seen = rotation.seen();
    return handle
            .createUpdate(
                UPDATE
                    + "state = :end, why = :why, ended_at = :now where nonce = :nonce"
                    + " and state = :state and coalesce(seen_fingerprint, '') = :seen")
            .bind("end", end.word())
            .bind("why", why)
            .bind("now", now.toEpochMilli())
            .bind("nonce", rotation.nonce())
            .bind("state", rotation.state().word())
            .bind("seen", seen == null ? "" : seen.hex())
            .execute()
        == 1;
  }

  /** The device says that it cannot use its new certificate: looked at at once. */
  static void failed(Handle handle, PrincipalId principal, String nonce) {
    handle
        .createUpdate(
            UPDATE
                + "why = 'failed', next_at = 0 where nonce = :nonce and principal = :principal"
                + " and state = 'issued'")
        .bind("nonce", nonce)
        .bind("principal", principal.value())
        .execute();
  }

  /** Looks at it again then. */
  static void later(Handle handle, RotationRecord rotation, Instant then) {
    handle
        .createUpdate(UPDATE + "next_at = :then where nonce = :nonce and state = :state")
        .bind("then", then.toEpochMilli())
        .bind("nonce", rotation.nonce())
        .bind("state", rotation.state().word())
        .execute();
  }

  /** The open rotations of devices that are revoked. */
  static List<RotationRecord> ofRevoked(Handle handle, int limit) {
    return handle
        .createQuery(
            "select r.* from rotation r join principal p on p.id = r.principal where r."
                + OPEN
                + " and p.standing = 'revoked' order by r.nonce limit :limit")
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /** Forgets what ended before then, but the last one of each device. */
  static int forget(Handle handle, Instant before, int limit) {
    return handle
        .createUpdate(
            "delete from rotation where nonce in (select nonce from rotation"
                + " where state in ('retired', 'stuck') and next_at < :before"
                + " and ended_at < :before limit :limit)")
        .bind("before", before.toEpochMilli())
        .bind("limit", limit)
        .execute();
  }

  /** The newest rotation of each device after an id; of one state only if one is given. */
  static List<RotationRecord> page(
      Handle handle, @Nullable RotationState state, String after, int limit) {
    return handle
        .createQuery(
            "select * from rotation r where principal > :after"
                + " and not exists (select 1 from rotation n where n.principal = r.principal"
                + " and (n.due_at > r.due_at or n.due_at = r.due_at and n.nonce > r.nonce))"
                + (state == null ? "" : " and state = :state")
                + " order by principal limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .bindMap(state == null ? Map.<String, Object>of() : Map.of("state", state.word()))
        .map((row, _) -> record(row))
        .list();
  }

  /** How many are in each state, by wave and cause. */
  static List<Count> counts(Handle handle) {
    return handle
        .createQuery(
            "select wave, state, why, cause, count(*) from rotation"
                + " group by wave, state, why, cause order by wave, state, why, cause")
        .map(
            (row, _) ->
                new Count(
                    row.getLong(1),
                    RotationState.ofWord(row.getString(2)),
                    row.getString(3),
                    row.getString(4),
                    row.getLong(5)))
        .list();
  }

  /** So many rotations of a wave are in one state, for one reason, and began for one cause. */
  record Count(long wave, RotationState state, String why, String cause, long rotations) {}

  private static RotationRecord record(ResultSet row) throws SQLException {
    var key = row.getString("public_key_sha256");
    return new RotationRecord(
        row.getString("nonce"),
        new PrincipalId(row.getString("principal")),
        row.getLong("wave"),
        row.getString("cause"),
        RotationState.ofWord(row.getString("state")),
        row.getString("why"),
        row.getInt("asks"),
        new Fingerprint(row.getString("old_fingerprint")),
        Instant.ofEpochMilli(row.getLong("old_not_after")),
        Instant.ofEpochMilli(row.getLong("rotate_by")),
        Instant.ofEpochMilli(row.getLong("due_at")),
        instant(row, "asked_at"),
        key == null ? null : new PublicKeyHash(key),
        fingerprint(row, "new_fingerprint"),
        instant(row, "issued_at"),
        fingerprint(row, "seen_fingerprint"),
        instant(row, "proven_at"),
        instant(row, "ended_at"));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable Fingerprint fingerprint(ResultSet row, String column)
      throws SQLException {
    var hex = row.getString(column);
    return hex == null ? null : new Fingerprint(hex);
  }
}
