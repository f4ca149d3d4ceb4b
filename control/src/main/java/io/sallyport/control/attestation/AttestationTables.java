package io.sallyport.control.attestation;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.EvidenceFormat;
import io.sallyport.identity.attestation.Measurement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Keys, reference values and open challenges; every method runs in its handle's transaction. */
final class AttestationTables {
  private AttestationTables() {}

  /** False when the key is there already. */
  static boolean addKey(Handle handle, RegisteredKey key) {
    var device = key.device();
    return handle
            .createUpdate(
                "insert into attestation_key"
                    + " (spki_sha256, format, device, pem, added_at, added_by)"
                    + " values (:hash, :format, :device, :pem, :at, :by)"
                    + " on conflict (spki_sha256) do nothing")
            .bind("hash", key.hash().hex())
            .bind("format", key.format().word())
            .bind("device", device == null ? null : device.value())
            .bind("pem", key.pem())
            .bind("at", key.addedAt().toEpochMilli())
            .bind("by", key.addedBy())
            .execute()
        == 1;
  }

  static boolean removeKey(Handle handle, PublicKeyHash hash) {
    return handle
            .createUpdate("delete from attestation_key where spki_sha256 = :hash")
            .bind("hash", hash.hex())
            .execute()
        == 1;
  }

  /** So many keys after a hash, in the order of hashes. */
  static List<RegisteredKey> keys(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select * from attestation_key where spki_sha256 > :after"
                + " order by spki_sha256 limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> key(row))
        .list();
  }

  /** The keys whose evidence of a format counts for a device, at most so many. */
  static List<RegisteredKey> keysFor(
      Handle handle, EvidenceFormat format, PrincipalId device, int limit) {
    return handle
        .createQuery(
            "select * from attestation_key where format = :format"
                + " and (device = :device or device is null)"
                + " order by added_at desc, spki_sha256 limit :limit")
        .bind("format", format.word())
        .bind("device", device.value())
        .bind("limit", limit)
        .map((row, _) -> key(row))
        .list();
  }

  private static RegisteredKey key(ResultSet row) throws SQLException {
    var device = row.getString("device");
    return new RegisteredKey(
        new PublicKeyHash(row.getString("spki_sha256")),
        EvidenceFormat.ofWord(row.getString("format")).orElseThrow(),
        device == null ? null : new PrincipalId(device),
        row.getString("pem"),
        Instant.ofEpochMilli(row.getLong("added_at")),
        row.getString("added_by"));
  }

  /** False when it is approved already. */
  static boolean approve(Handle handle, ReferenceValue value) {
    return handle
            .createUpdate(
                "insert into reference_value (component, value, note, added_at, added_by)"
                    + " values (:component, :value, :note, :at, :by)"
                    + " on conflict (component, value) do nothing")
            .bind("component", value.measurement().component())
            .bind("value", value.measurement().value())
            .bind("note", value.note())
            .bind("at", value.addedAt().toEpochMilli())
            .bind("by", value.addedBy())
            .execute()
        == 1;
  }

  static boolean withdraw(Handle handle, Measurement measurement) {
    return handle
            .createUpdate(
                "delete from reference_value where component = :component and value = :value")
            .bind("component", measurement.component())
            .bind("value", measurement.value())
            .execute()
        == 1;
  }

  static long approvedCount(Handle handle) {
    return handle.createQuery("select count(*) from reference_value").mapTo(Long.class).one();
  }

  static List<ReferenceValue> approved(Handle handle) {
    return handle
        .createQuery("select * from reference_value order by component, value")
        .map(
            (row, _) ->
                new ReferenceValue(
                    new Measurement(row.getString("component"), row.getString("value")),
                    row.getString("note"),
                    Instant.ofEpochMilli(row.getLong("added_at")),
                    row.getString("added_by")))
        .list();
  }

  static void forgetExpired(Handle handle, Instant now) {
    handle
        .createUpdate("delete from attestation_challenge where expires_at <= :now")
        .bind("now", now.toEpochMilli())
        .execute();
  }

  static long openChallenges(Handle handle, PrincipalId device) {
    return handle
        .createQuery("select count(*) from attestation_challenge where device = :device")
        .bind("device", device.value())
        .mapTo(Long.class)
        .one();
  }

  static void challenge(
      Handle handle, String challenge, PrincipalId device, PublicKeyHash key, Instant expiresAt) {
    handle
        .createUpdate(
            "insert into attestation_challenge (challenge, device, key_sha256, expires_at)"
                + " values (:challenge, :device, :key, :expires)")
        .bind("challenge", challenge)
        .bind("device", device.value())
        .bind("key", key.hex())
        .bind("expires", expiresAt.toEpochMilli())
        .execute();
  }

  /** Takes an open challenge of a device, so that nobody answers it again; for which key it was. */
  static Optional<PublicKeyHash> take(
      Handle handle, String challenge, PrincipalId device, Instant now) {
    return handle
        .createQuery(
            "delete from attestation_challenge where challenge = :challenge"
                + " and device = :device and expires_at > :now returning key_sha256")
        .bind("challenge", challenge)
        .bind("device", device.value())
        .bind("now", now.toEpochMilli())
        .map((row, _) -> new PublicKeyHash(row.getString(1)))
        .findOne();
  }
}
