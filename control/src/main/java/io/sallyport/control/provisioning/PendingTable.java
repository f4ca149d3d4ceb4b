package io.sallyport.control.provisioning;

import io.sallyport.control.registry.Certificates;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Serial;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of pending certificates; every method runs in the transaction of its handle. */
final class PendingTable {
  private static final String SELECT =
      "select token_sha256, serial, principal, public_key_sha256, claim, csr, pem, expires_at"
          + " from provisioning_certificate";

  private PendingTable() {}

  /** Records one, in the place of an earlier one for the same name. */
  static void insert(Handle handle, PendingCertificate one) {
    handle.execute(
        "delete from provisioning_certificate where principal = ?", one.principal().value());
    handle
        .createUpdate(
            "insert into provisioning_certificate (token_sha256, serial, principal,"
                + " public_key_sha256, claim, csr, pem, expires_at)"
                + " values (:token, :serial, :principal, :key, :claim, :csr, :pem, :expires)")
        .bind("token", one.tokenHash())
        .bind("serial", one.serial())
        .bind("principal", one.principal().value())
        .bind("key", one.key().hex())
        .bind("claim", one.claim())
        .bind("csr", one.csr())
        .bind("pem", one.pem())
        .bind("expires", one.expiresAt().toEpochMilli())
        .execute();
  }

  static Optional<PendingCertificate> ofToken(Handle handle, String tokenHash) {
    return handle
        .createQuery(SELECT + " where token_sha256 = :token")
        .bind("token", tokenHash)
        .map((row, _) -> record(row))
        .findOne();
  }

  /** One that was signed for the same name and key, by the same claim, and waits still. */
  static Optional<PendingCertificate> same(
      Handle handle, String claim, PrincipalId id, PublicKeyHash key, Instant now) {
    return handle
        .createQuery(
            SELECT
                + " where principal = :id and public_key_sha256 = :key and claim = :claim"
                + " and expires_at > :now"
                // Not one that was given up since.
                + " and serial in (select serial from certificate where status = 'pending')")
        .bind("id", id.value())
        .bind("key", key.hex())
        .bind("claim", claim)
        .bind("now", now.toEpochMilli())
        .map((row, _) -> record(row))
        .findOne();
  }

  /** Takes one by its token; false if somebody was quicker, or its time is over. */
  static boolean take(Handle handle, String tokenHash, Instant now) {
    return handle.execute(
            "delete from provisioning_certificate where token_sha256 = ? and expires_at > ?",
            tokenHash,
            now.toEpochMilli())
        == 1;
  }

  static long count(Handle handle) {
    return handle
        .createQuery("select count(*) from provisioning_certificate")
        .mapTo(Long.class)
        .one();
  }

  /** Gives up those whose time is over, at most so many. */
  static int expire(Handle handle, Instant now, int limit) {
    List<Serial> over =
        handle
            .createQuery(
                "delete from provisioning_certificate where token_sha256 in"
                    + " (select token_sha256 from provisioning_certificate"
                    + " where expires_at <= :now limit :limit) returning serial")
            .bind("now", now.toEpochMilli())
            .bind("limit", limit)
            .map((row, _) -> Serial.ofHex(row.getString("serial")))
            .list();
    over.forEach(serial -> Certificates.abandon(handle, serial, now));
    return over.size();
  }

  private static PendingCertificate record(ResultSet row) throws SQLException {
    return new PendingCertificate(
        row.getString("token_sha256"),
        row.getString("serial"),
        new PrincipalId(row.getString("principal")),
        new PublicKeyHash(row.getString("public_key_sha256")),
        row.getString("claim"),
        row.getString("csr"),
        row.getString("pem"),
        Instant.ofEpochMilli(row.getLong("expires_at")));
  }
}
