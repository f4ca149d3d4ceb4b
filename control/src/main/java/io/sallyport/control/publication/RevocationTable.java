package io.sallyport.control.publication;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.RevokedCertificate;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.AuthorityName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What the registry's certificates say of revocation; every method runs in its transaction. */
final class RevocationTable {
  // Bound: rows held by the driver.
  private static final int ROWS = 1_000;

  private RevocationTable() {}

  /** There are more revoked certificates than lists are made of. */
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany(int most) {
      super("more than " + most + " certificates are revoked and not expired");
    }
  }

  /**
   * The revoked certificates of an authority in the order of their serials, those whose signing was
   * never finished among them.
   *
   * @param expiry those that expired before then are left out
   */
  static List<RevokedCertificate> revoked(
      Handle handle, AuthorityName authority, int generation, Instant expiry, int most) {
    var found = new ArrayList<RevokedCertificate>();
    try (var rows =
        handle
            .createQuery(
                "select serial, revoked_at, revocation_reason from certificate"
                    + " where status = 'revoked' and kind in (<kinds>) and +issuer = :issuer"
                    + " and (not_after is null or not_after >= :expiry) order by serial")
            .bindList("kinds", kinds(authority))
            .bind("issuer", generation)
            .bind("expiry", expiry.toEpochMilli())
            .setFetchSize(ROWS)
            .map((row, _) -> revoked(row))
            .iterator()) {
      while (rows.hasNext()) {
        if (found.size() == most) {
          throw new TooMany(most);
        }
        found.add(rows.next());
      }
    }
    return found;
  }

  /** How many certificates of an authority were revoked since then. */
  static long countSince(Handle handle, AuthorityName authority, int generation, Instant since) {
    return handle
        .createQuery(
            // Not by the status too, or SQLite would go through all that are revoked.
            "select count(*) from certificate where revoked_at >= :since and kind in (<kinds>)"
                + " and +issuer = :issuer")
        .bindList("kinds", kinds(authority))
        .bind("issuer", generation)
        .bind("since", since.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  /**
   * The statuses of those serials; of an authority's only, and none of those that it never gave.
   */
  static Map<Serial, OcspStatus> statuses(
      Handle handle, AuthorityName authority, int generation, List<Serial> serials) {
    var found = new HashMap<Serial, OcspStatus>();
    if (serials.isEmpty()) {
      return found;
    }
    handle
        .createQuery(
            "select serial, status, revoked_at, revocation_reason from certificate"
                + " where serial in (<serials>) and kind in (<kinds>)"
                + " and +issuer = :issuer")
        .bindList("serials", serials.stream().map(Serial::hex).toList())
        .bindList("kinds", kinds(authority))
        .bind("issuer", generation)
        .map((row, _) -> Map.entry(Serial.ofHex(row.getString("serial")), status(row)))
        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static OcspStatus status(ResultSet row) throws SQLException {
    return switch (row.getString("status")) {
      case "active", "expired" -> new OcspStatus.Good();
      case "revoked" -> {
        var revoked = revoked(row);
        yield new OcspStatus.Revoked(revoked.at(), revoked.reason());
      }
      // Not signed yet, or switched off: nothing to vouch for, and nothing that is final.
      default -> new OcspStatus.Unknown();
    };
  }

  private static RevokedCertificate revoked(ResultSet row) throws SQLException {
    return new RevokedCertificate(
        Serial.ofHex(row.getString("serial")),
        Instant.ofEpochMilli(row.getLong("revoked_at")),
        RevocationReason.ofWord(row.getString("revocation_reason")).orElseThrow());
  }

  private static List<String> kinds(AuthorityName authority) {
    return switch (authority) {
      case DEVICES -> List.of("device", "backend");
      case SERVERS -> List.of("operator");
      case ROOT -> throw new IllegalArgumentException("the root's lists are made off line");
    };
  }
}
