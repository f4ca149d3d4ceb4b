package io.sallyport.control.revocation;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Serial;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table of receipts. A row is written together with the change of standing and completed when
 * everything was cut, so that a cut which a crash interrupted is found at the next start.
 */
final class CutLog {
  private CutLog() {}

  /**
   * A cut that was ordered and is not known to have ended.
   *
   * @param sequence under which other gateways confirm it; 0 where there are none
   */
  record Ordered(
      String key,
      PrincipalId principal,
      CutReason why,
      String reason,
      String actor,
      List<Serial> certificates,
      Instant at,
      long sequence) {
    Ordered under(long newSequence) {
      return new Ordered(key, principal, why, reason, actor, certificates, at, newSequence);
    }

    String action() {
      return switch (why) {
        case REVOKED -> "revoke";
        case QUARANTINED -> "quarantine";
      };
    }
  }

  static void insert(Handle handle, Ordered cut, String gateway) {
    handle
        .createUpdate(
            "insert into receipt (id, principal, action, reason, actor, certificates, started_at,"
                + " gateway) values (:id, :principal, :action, :reason, :actor, :certificates, :at,"
                + " :gateway)")
        .bind("gateway", gateway)
        .bind("id", cut.key())
        .bind("principal", cut.principal().value())
        .bind("action", cut.action())
        .bind("reason", cut.reason())
        .bind("actor", cut.actor())
        .bind("certificates", joined(cut.certificates()))
        .bind("at", cut.at().toEpochMilli())
        .execute();
  }

  static void complete(Handle handle, String key, String document, Instant now) {
    handle
        .createUpdate("update receipt set ended_at = :now, document = :document where id = :id")
        .bind("now", now.toEpochMilli())
        .bind("document", document)
        .bind("id", key)
        .execute();
  }

  /** Those that were ordered before a moment, oldest first. */
  static List<Ordered> unfinished(Handle handle, Instant before, int limit) {
    return unfinished(handle, before, "started_at <= :before", "", limit);
  }

  /** The same of those that were ordered through one gateway. */
  static List<Ordered> unfinishedThrough(Handle handle, String gateway, Instant before, int limit) {
    return unfinished(
        handle, before, "started_at <= :before and gateway = :gateway", gateway, limit);
  }

  private static List<Ordered> unfinished(
      Handle handle, Instant before, String which, String gateway, int limit) {
    return handle
        .createQuery(
            "select * from receipt where ended_at is null and "
                + which
                + " order by started_at, id limit :limit")
        .bindMap(Map.of("gateway", gateway))
        .bind("before", before.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> ordered(row))
        .list();
  }

  static List<Ordered> unfinishedOf(Handle handle, PrincipalId principal) {
    return handle
        .createQuery(
            "select * from receipt where ended_at is null and principal = :principal"
                + " order by started_at, id")
        .bind("principal", principal.value())
        .map((row, _) -> ordered(row))
        .list();
  }

  /** When somebody was revoked. */
  static Optional<Instant> revokedAt(Handle handle, PrincipalId principal) {
    return handle
        .createQuery(
            "select started_at from receipt where principal = :principal and action = 'revoke'"
                + " order by started_at limit 1")
        .bind("principal", principal.value())
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli);
  }

  static String joined(List<Serial> serials) {
    return String.join(",", serials.stream().map(Serial::hex).toList());
  }

  private static Ordered ordered(ResultSet row) throws SQLException {
    var serials = row.getString("certificates");
    return new Ordered(
        row.getString("id"),
        new PrincipalId(row.getString("principal")),
        row.getString("action").equals("revoke") ? CutReason.REVOKED : CutReason.QUARANTINED,
        row.getString("reason"),
        row.getString("actor"),
        serials.isEmpty()
            ? List.of()
            : Arrays.stream(serials.split(",")).map(Serial::ofHex).toList(),
        Instant.ofEpochMilli(row.getLong("started_at")),
        0);
  }
}
