package io.sallyport.control.registry;

import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of certificates; every method runs in the transaction of its handle. */
public final class Certificates {
  private static final String COLUMNS =
      "serial, fingerprint, status, not_before, not_after, revocation_reason, pem";

  private static final String ABANDON =
      "update certificate set status = 'revoked', revoked_at = :now,"
          + " revocation_reason = 'unspecified' where status = 'pending'";

  private static final String ABANDONED = " returning serial, kind, principal";

  private Certificates() {}

  /**
   * A certificate that is about to be signed.
   *
   * @param issuer which authority of its name will sign it, from 1
   */
  public record Pending(
      Serial serial,
      PrincipalKind kind,
      PrincipalId principal,
      PublicKeyHash key,
      Instant at,
      int issuer) {}

  /** A certificate that was signed, in the form in which it becomes active. */
  public record Signed(
      Serial serial, Fingerprint fingerprint, Instant notBefore, Instant notAfter, String pem) {
    /** A certificate in the form in which it is recorded. */
    public static Signed of(X509Certificate certificate) {
      try {
        return new Signed(
            Serial.of(certificate),
            Fingerprint.ofDer(certificate.getEncoded()),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            Pem.of(certificate));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate has a DER form", e);
      }
    }

    /** What the registry says of it once it is active. */
    public CertificateRecord active() {
      return new CertificateRecord(
          serial, fingerprint, CertificateStatus.ACTIVE, notBefore, notAfter, null, pem);
    }
  }

  /** A serial whose signing was begun and not finished. */
  public record Abandoned(Serial serial, PrincipalKind kind, PrincipalId principal) {}

  /** Records serials before anything is signed with them. */
  public static void insertPending(Handle handle, List<Pending> pending) {
    var batch =
        handle.prepareBatch(
            "insert into certificate"
                + " (serial, kind, principal, status, public_key_sha256, recorded_at, issuer)"
                + " values (:serial, :kind, :principal, 'pending', :key, :at, :issuer)");
    for (var one : pending) {
      batch
          .bind("serial", one.serial().hex())
          .bind("kind", one.kind().word())
          .bind("principal", one.principal().value())
          .bind("key", one.key().hex())
          .bind("at", one.at().toEpochMilli())
          .bind("issuer", one.issuer())
          .add();
    }
    executeIfAny(pending, batch);
  }

  /**
   * Makes a signed certificate active; false when its serial was given up meanwhile, or the
   * authority that signed it was retired.
   */
  public static boolean activate(Handle handle, Signed signed) {
    return handle
            .createUpdate(
                "update certificate set status = 'active', fingerprint = :fingerprint,"
                    + " not_before = :notBefore, not_after = :notAfter, pem = :pem"
                    + " where serial = :serial and status = 'pending'"
                    + " and not exists (select 1 from authority where name = 'devices'"
                    + " and kind <> 'operator' and generation = certificate.issuer"
                    + " and standing = 'retired')")
            .bind("serial", signed.serial().hex())
            .bind("fingerprint", signed.fingerprint().hex())
            .bind("notBefore", signed.notBefore().toEpochMilli())
            .bind("notAfter", signed.notAfter().toEpochMilli())
            .bind("pem", signed.pem())
            .execute()
        == 1;
  }

  /**
   * Gives up the pending serials of one principal: revoked, so that a certificate which was signed
   * with one and never recorded is one that we disown.
   */
  public static List<Abandoned> abandonPending(Handle handle, PrincipalId principal, Instant now) {
    return handle
        .createQuery(ABANDON + " and principal = :principal" + ABANDONED)
        .bind("now", now.toEpochMilli())
        .bind("principal", principal.value())
        .map((row, _) -> abandoned(row))
        .list();
  }

  /**
   * Gives up all pending serials that were recorded before a moment, but those that wait for their
   * device to say what it is.
   */
  public static List<Abandoned> abandonPending(Handle handle, Instant recordedBefore, Instant now) {
    return handle
        .createQuery(
            ABANDON
                + " and recorded_at < :before"
                + " and serial not in (select serial from provisioning_certificate)"
                + ABANDONED)
        .bind("now", now.toEpochMilli())
        .bind("before", recordedBefore.toEpochMilli())
        .map((row, _) -> abandoned(row))
        .list();
  }

  /** How many serials were ever recorded for a key, whatever became of them. */
  public static long countOfKey(Handle handle, PublicKeyHash key) {
    return handle
        .createQuery("select count(*) from certificate where public_key_sha256 = :key")
        .bind("key", key.hex())
        .mapTo(Long.class)
        .one();
  }

  /** Gives up one pending serial. */
  public static void abandon(Handle handle, Serial serial, Instant now) {
    handle
        .createUpdate(ABANDON + " and serial = :serial")
        .bind("now", now.toEpochMilli())
        .bind("serial", serial.hex())
        .execute();
  }

  /** Revokes every signed certificate of a principal that is not revoked yet; their serials. */
  public static List<Serial> revokeAll(
      Handle handle,
      PrincipalKind kind,
      PrincipalId principal,
      RevocationReason reason,
      Instant now) {
    return handle
        .createQuery(
            "update certificate set status = 'revoked', revoked_at = :now,"
                + " revocation_reason = :reason"
                + " where principal = :principal and kind = :kind"
                + " and status in ('active', 'inactive', 'expired')"
                + " returning serial")
        .bind("now", now.toEpochMilli())
        .bind("reason", reason.word())
        .bind("principal", principal.value())
        .bind("kind", kind.word())
        .map((row, _) -> Serial.ofHex(row.getString(1)))
        .list();
  }

  /** Revokes the active certificates of a principal but that one; their serials. */
  public static List<Serial> revokeOthers(
      Handle handle,
      PrincipalKind kind,
      PrincipalId principal,
      Fingerprint kept,
      RevocationReason reason,
      Instant now) {
    return handle
        .createQuery(
            "update certificate set status = 'revoked', revoked_at = :now,"
                + " revocation_reason = :reason"
                + " where principal = :principal and kind = :kind and status = 'active'"
                + " and fingerprint <> :kept returning serial")
        .bind("now", now.toEpochMilli())
        .bind("reason", reason.word())
        .bind("principal", principal.value())
        .bind("kind", kind.word())
        .bind("kept", kept.hex())
        .map((row, _) -> Serial.ofHex(row.getString(1)))
        .list();
  }

  /** Marks what has expired, at most so many; the principals whose certificates those were. */
  public static List<PrincipalId> expire(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "update certificate set status = 'expired' where serial in"
                + " (select serial from certificate where status in ('active', 'inactive')"
                + " and not_after < :now limit :limit)"
                + " returning principal")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> new PrincipalId(row.getString(1)))
        .list();
  }

  /** The signed certificates of one principal, oldest first. */
  public static List<CertificateRecord> of(Handle handle, PrincipalKind kind, PrincipalId id) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from certificate where principal = :id and kind = :kind and pem is not null"
                + " order by recorded_at, serial")
        .bind("id", id.value())
        .bind("kind", kind.word())
        .map((row, _) -> record(row))
        .list();
  }

  /** The signed certificates of several devices and backends, by id. */
  static Map<String, List<CertificateRecord>> ofAll(Handle handle, List<String> ids) {
    var found = new LinkedHashMap<String, List<CertificateRecord>>();
    handle
        .createQuery(
            "select "
                + COLUMNS
                + ", principal from certificate where principal in (<ids>) and kind <> 'operator'"
                + " and pem is not null order by recorded_at, serial")
        .bindList("ids", ids)
        .map((row, _) -> Map.entry(row.getString("principal"), record(row)))
        .forEach(
            entry ->
                found
                    .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(entry.getValue()));
    return found;
  }

  /** The kind and name of whom an active certificate belongs to. */
  public static Optional<PrincipalId> activeOwner(
      Handle handle, PrincipalKind kind, Fingerprint fingerprint) {
    return handle
        .createQuery(
            "select principal from certificate where fingerprint = :fingerprint"
                + " and kind = :kind and status = 'active'")
        .bind("fingerprint", fingerprint.hex())
        .bind("kind", kind.word())
        .map((row, _) -> new PrincipalId(row.getString(1)))
        .findOne();
  }

  /** The active certificate of somebody's key, if it has one. */
  public static Optional<CertificateRecord> activeOfKey(
      Handle handle, PrincipalKind kind, PrincipalId id, PublicKeyHash key) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from certificate where principal = :id and kind = :kind"
                + " and public_key_sha256 = :key and status = 'active'")
        .bind("id", id.value())
        .bind("kind", kind.word())
        .bind("key", key.hex())
        .map((row, _) -> record(row))
        .findFirst();
  }

  private static Abandoned abandoned(ResultSet row) throws SQLException {
    return new Abandoned(
        Serial.ofHex(row.getString("serial")),
        kind(row.getString("kind")),
        new PrincipalId(row.getString("principal")));
  }

  static PrincipalKind kind(String word) {
    return PrincipalKind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static CertificateRecord record(ResultSet row) throws SQLException {
    var reason = row.getString("revocation_reason");
    return new CertificateRecord(
        Serial.ofHex(row.getString("serial")),
        new Fingerprint(row.getString("fingerprint")),
        CertificateStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        Instant.ofEpochMilli(row.getLong("not_before")),
        Instant.ofEpochMilli(row.getLong("not_after")),
        reason == null ? null : RevocationReason.ofWord(reason).orElseThrow(),
        row.getString("pem"));
  }

  private static void executeIfAny(List<?> rows, org.jdbi.v3.core.statement.PreparedBatch batch) {
    if (rows.isEmpty()) {
      batch.close();
    } else {
      batch.execute();
    }
  }
}
