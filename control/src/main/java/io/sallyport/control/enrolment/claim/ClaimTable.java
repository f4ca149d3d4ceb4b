package io.sallyport.control.enrolment.claim;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Serial;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of claims and their uses; every method runs in the transaction of its handle. */
final class ClaimTable {
  private static final long MINUTE_MILLIS = 60_000;

  // One without a certificate was interrupted while it was made: nobody ever got it.
  private static final String SELECT =
      "select name, batch, state, fingerprint, pem, ids, uses_max, uses, per_minute_max,"
          + " group_name, templates, not_before, not_after, created_by, created_at, killed_by,"
          + " killed_at, "
          + NewcomerTerms.COLUMNS
          + " from claim where pem is not null";

  private ClaimTable() {}

  /** Records a claim whose certificate is about to be signed. */
  static void insert(Handle handle, ClaimRecord claim, Serial serial, PublicKeyHash key) {
    claim
        .terms()
        .bind(
            handle.createUpdate(
                "insert into claim (name, batch, state, serial, public_key_sha256, ids, uses_max,"
                    + " uses, per_minute_max, minute, minute_uses, group_name, templates,"
                    + " not_before, not_after, created_by, created_at, "
                    + NewcomerTerms.COLUMNS
                    + ") values (:name, :batch, 'open', :serial, :key, :ids, :usesMax, 0,"
                    + " :perMinuteMax, 0, 0, :group, :templates, :notBefore, :notAfter, :actor,"
                    + " :at, "
                    + NewcomerTerms.VALUES
                    + ")"))
        .bind("name", claim.name().value())
        .bind("batch", claim.batch())
        .bind("serial", serial.hex())
        .bind("key", key.hex())
        .bind("ids", claim.ids().written())
        .bind("usesMax", claim.usesMax())
        .bind("perMinuteMax", claim.perMinuteMax())
        .bind("group", claim.group() == null ? "" : claim.group())
        .bind("templates", String.join(",", claim.templates()))
        .bind("notBefore", claim.notBefore().toEpochMilli())
        .bind("notAfter", claim.notAfter().toEpochMilli())
        .bind("actor", claim.createdBy())
        .bind("at", claim.createdAt().toEpochMilli())
        .execute();
  }

  /** Records the certificate of the claim with that serial; false if it is gone. */
  static boolean certify(Handle handle, Serial serial, Fingerprint fingerprint, String pem) {
    return handle.execute(
            "update claim set fingerprint = ?, pem = ? where serial = ? and pem is null",
            fingerprint.hex(),
            pem,
            serial.hex())
        == 1;
  }

  /** Makes room for a claim whose certificate was never made. */
  static void forgetInterrupted(Handle handle, PrincipalId name) {
    handle.execute("delete from claim where name = ? and pem is null", name.value());
  }

  static boolean exists(Handle handle, PrincipalId name) {
    return find(handle, name.value()).isPresent();
  }

  static Optional<ClaimRecord> find(Handle handle, String name) {
    return one(handle, " and name = :value", name);
  }

  static Optional<ClaimRecord> ofCertificate(Handle handle, Fingerprint fingerprint) {
    return one(handle, " and fingerprint = :value", fingerprint.hex());
  }

  private static Optional<ClaimRecord> one(Handle handle, String where, String value) {
    return handle
        .createQuery(SELECT + where)
        .bind("value", value)
        .map((row, _) -> record(row))
        .findOne();
  }

  static List<ClaimRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(SELECT + " and name > :after order by name limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from claim").mapTo(Long.class).one();
  }

  /** Ends an open one; false if there is none. */
  static boolean kill(Handle handle, String name, String actor, Instant now) {
    return handle.execute(
            "update claim set state = 'killed', killed_by = ?, killed_at = ?"
                + " where name = ? and state = 'open'",
            actor,
            now.toEpochMilli(),
            name)
        == 1;
  }

  /** The open ones of a batch. */
  static List<String> openOf(Handle handle, String batch) {
    return handle
        .createQuery("select name from claim where batch = :batch and state = 'open' order by name")
        .bind("batch", batch)
        .mapTo(String.class)
        .list();
  }

  /** Whether there is a claim of that batch, ended or not. */
  static boolean knowsBatch(Handle handle, String batch) {
    return handle
        .createQuery("select 1 from claim where batch = :batch limit 1")
        .bind("batch", batch)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Counts a use of an open one within its window, count and rate; false if one is passed. */
  static boolean use(Handle handle, PrincipalId name, Instant now) {
    return handle
            .createUpdate(
                "update claim set uses = uses + 1,"
                    + " minute_uses = case when minute = :minute then minute_uses + 1 else 1 end,"
                    + " minute = :minute"
                    + " where name = :name and state = 'open' and uses < uses_max"
                    + " and not_before <= :now and not_after >= :now"
                    + " and (minute <> :minute or minute_uses < per_minute_max)")
            .bind("minute", now.toEpochMilli() / MINUTE_MILLIS)
            .bind("now", now.toEpochMilli())
            .bind("name", name.value())
            .execute()
        == 1;
  }

  static void record(
      Handle handle, PrincipalId name, PublicKeyHash key, PrincipalId device, Instant now) {
    handle.execute(
        "insert into claim_use (public_key_sha256, claim, principal, used_at) values (?, ?, ?, ?)",
        key.hex(),
        name.value(),
        device.value(),
        now.toEpochMilli());
  }

  /** Whether a key was counted for a claim before, and for the same device. */
  static boolean isUsedFor(Handle handle, PrincipalId name, PublicKeyHash key, PrincipalId device) {
    return handle
        .createQuery(
            "select 1 from claim_use where public_key_sha256 = :key and claim = :claim"
                + " and principal = :device")
        .bind("key", key.hex())
        .bind("claim", name.value())
        .bind("device", device.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** The next devices that a claim enrolled, after an id. */
  static List<String> devices(Handle handle, String name, String after, int limit) {
    return handle
        .createQuery(
            "select distinct u.principal from claim_use u"
                + " join certificate c on c.public_key_sha256 = u.public_key_sha256"
                + " and c.kind = 'device' and c.pem is not null"
                + " where u.claim = :claim and u.principal > :after"
                + " order by u.principal limit :limit")
        .bind("claim", name)
        .bind("after", after)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private static ClaimRecord record(ResultSet row) throws SQLException {
    var group = row.getString("group_name");
    return new ClaimRecord(
        new PrincipalId(row.getString("name")),
        row.getString("batch"),
        ClaimRecord.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("fingerprint"),
        row.getString("pem"),
        IdPatterns.read(row.getString("ids")),
        row.getLong("uses_max"),
        row.getLong("uses"),
        row.getLong("per_minute_max"),
        NewcomerTerms.read(row),
        group.isEmpty() ? null : group,
        templates(row.getString("templates")),
        Instant.ofEpochMilli(row.getLong("not_before")),
        Instant.ofEpochMilli(row.getLong("not_after")),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        row.getString("killed_by"),
        time(row, "killed_at"));
  }

  private static List<String> templates(String joined) {
    return joined.isEmpty() ? List.of() : List.of(joined.split(",", -1));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
