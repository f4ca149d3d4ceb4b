package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.authority.ApplicationRecord.State;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The table of applications; every method runs in the transaction of its handle. */
final class ApplicationTable {
  private static final String COLUMNS =
      "public_key_sha256, principal, state, source, asked_at, expires_at, decided_by, decided_at,"
          + " renews, "
          + NewcomerTerms.COLUMNS;

  private ApplicationTable() {}

  static void insert(Handle handle, ApplicationRecord application) {
    application
        .terms()
        .bind(
            handle.createUpdate(
                "insert into enrolment_application (public_key_sha256, principal, state, source,"
                    + " asked_at, expires_at, renews, "
                    + NewcomerTerms.COLUMNS
                    + ") values (:key, :id, 'pending', :source, :at, :expires, :renews, "
                    + NewcomerTerms.VALUES
                    + ") on conflict (public_key_sha256) do nothing"))
        .bind("key", application.key().hex())
        .bind("id", application.id().value())
        .bind("source", application.source())
        .bind("at", application.askedAt().toEpochMilli())
        .bind("expires", application.expiresAt().toEpochMilli())
        .bind("renews", application.renews() == null ? null : application.renews().hex())
        .execute();
  }

  static Optional<ApplicationRecord> find(Handle handle, PublicKeyHash key) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from enrolment_application where public_key_sha256 = :key")
        .bind("key", key.hex())
        .map((row, _) -> record(row))
        .findOne();
  }

  /** Those of one id that wait. */
  static List<ApplicationRecord> pendingOf(Handle handle, String id) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from enrolment_application where principal = :id and state = 'pending'"
                + " order by public_key_sha256")
        .bind("id", id)
        .map((row, _) -> record(row))
        .list();
  }

  static List<ApplicationRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from enrolment_application where public_key_sha256 > :after"
                + " order by public_key_sha256 limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /**
   * Marks an approved one as issued; false if it is neither. Once more is the same: a crash may
   * have come between.
   */
  static boolean issue(Handle handle, PublicKeyHash key) {
    return handle
            .createUpdate(
                "update enrolment_application set state = 'issued'"
                    + " where public_key_sha256 = :key and state in ('approved', 'issued')")
            .bind("key", key.hex())
            .execute()
        == 1;
  }

  /** An operator has decided one that waited; false if it does not wait. */
  static boolean decide(
      Handle handle,
      PublicKeyHash key,
      State to,
      NewcomerTerms terms,
      String actor,
      Instant now,
      Instant expires) {
    return terms
            .bind(
                handle.createUpdate(
                    "update enrolment_application set state = :to, decided_by = :actor,"
                        + " decided_at = :now, expires_at = :expires, thing_type = :thingType,"
                        + " attributes = :attributes, policies = :policies,"
                        + " validity_days = :validityDays"
                        + " where public_key_sha256 = :key and state = 'pending'"))
            .bind("to", word(to))
            .bind("actor", actor)
            .bind("now", now.toEpochMilli())
            .bind("expires", expires.toEpochMilli())
            .bind("key", key.hex())
            .execute()
        == 1;
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from enrolment_application").mapTo(Long.class).one();
  }

  /** How many there are in each state, those with none too. */
  static Map<String, Long> countByState(Handle handle) {
    var counts = new TreeMap<String, Long>();
    for (var state : State.values()) {
      counts.put(word(state), 0L);
    }
    handle
        .createQuery("select state, count(*) from enrolment_application group by state")
        .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  static long countOfSource(Handle handle, String source) {
    return handle
        .createQuery(
            "select count(*) from enrolment_application"
                + " where source = :source and state = 'pending'")
        .bind("source", source)
        .mapTo(Long.class)
        .one();
  }

  /** How many renewals of one device wait. */
  static long countRenewalsOf(Handle handle, PrincipalId id) {
    return handle
        .createQuery(
            "select count(*) from enrolment_application"
                + " where principal = :id and state = 'pending' and renews is not null")
        .bind("id", id.value())
        .mapTo(Long.class)
        .one();
  }

  static void purge(Handle handle, Instant now) {
    handle
        .createUpdate("delete from enrolment_application where expires_at < :now")
        .bind("now", now.toEpochMilli())
        .execute();
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static ApplicationRecord record(ResultSet row) throws SQLException {
    long decided = row.getLong("decided_at");
    boolean undecided = row.wasNull();
    var renews = row.getString("renews");
    return new ApplicationRecord(
        new PublicKeyHash(row.getString("public_key_sha256")),
        new PrincipalId(row.getString("principal")),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getString("source"),
        NewcomerTerms.read(row),
        Instant.ofEpochMilli(row.getLong("asked_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        row.getString("decided_by"),
        undecided ? null : Instant.ofEpochMilli(decided),
        renews == null ? null : new Fingerprint(renews));
  }
}
