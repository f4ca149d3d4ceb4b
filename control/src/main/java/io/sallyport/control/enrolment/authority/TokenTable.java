package io.sallyport.control.enrolment.authority;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of one-time tokens; every method runs in the transaction of its handle. */
final class TokenTable {
  private static final String COLUMNS =
      "sha256, principal, state, created_by, created_at, not_after, public_key_sha256, "
          + NewcomerTerms.COLUMNS;

  private TokenTable() {}

  static void insert(Handle handle, TokenRecord token) {
    token
        .terms()
        .bind(
            handle.createUpdate(
                "insert into enrolment_token (sha256, principal, state, created_by, created_at,"
                    + " not_after, changed_at, "
                    + NewcomerTerms.COLUMNS
                    + ") values (:hash, :id, 'open', :actor, :at, :notAfter, :at, "
                    + NewcomerTerms.VALUES
                    + ")"))
        .bind("hash", token.hash())
        .bind("id", token.id().value())
        .bind("actor", token.createdBy())
        .bind("at", token.createdAt().toEpochMilli())
        .bind("notAfter", token.notAfter().toEpochMilli())
        .execute();
  }

  static Optional<TokenRecord> find(Handle handle, String hash) {
    return handle
        .createQuery("select " + COLUMNS + " from enrolment_token where sha256 = :hash")
        .bind("hash", hash)
        .map((row, _) -> record(row))
        .findOne();
  }

  /**
   * Spends an open token; false if somebody else did, or it is over. Once more for the same key is
   * the same: a crash may have come between.
   */
  static boolean spend(Handle handle, String hash, PublicKeyHash key, Instant now) {
    return handle
            .createUpdate(
                "update enrolment_token set state = 'spent', public_key_sha256 = :key,"
                    + " changed_at = :now"
                    + " where sha256 = :hash and not_after >= :now and (state = 'open'"
                    + " or (state = 'spent' and public_key_sha256 = :key))")
            .bind("key", key.hex())
            .bind("now", now.toEpochMilli())
            .bind("hash", hash)
            .execute()
        == 1;
  }

  /** Revokes the open token of that name; the one that it was. */
  static Optional<TokenRecord> revoke(Handle handle, String name, Instant now) {
    return handle
        .createQuery(
            "update enrolment_token set state = 'revoked', changed_at = :now"
                + " where sha256 >= :name and sha256 < :end and state = 'open' returning "
                + COLUMNS)
        .bind("now", now.toEpochMilli())
        .bind("name", name)
        .bind("end", name + "g")
        .map((row, _) -> record(row))
        .findOne();
  }

  static List<TokenRecord> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from enrolment_token where sha256 > :after order by sha256 limit :limit")
        .bind("after", after.isEmpty() ? "" : after + "g")
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from enrolment_token").mapTo(Long.class).one();
  }

  static void purge(Handle handle, Instant endedBefore) {
    handle
        .createUpdate("delete from enrolment_token where not_after < :before")
        .bind("before", endedBefore.toEpochMilli())
        .execute();
  }

  private static TokenRecord record(ResultSet row) throws SQLException {
    var key = row.getString("public_key_sha256");
    return new TokenRecord(
        row.getString("sha256"),
        new PrincipalId(row.getString("principal")),
        TokenRecord.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        NewcomerTerms.read(row),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("not_after")),
        key == null ? null : new PublicKeyHash(key));
  }
}
