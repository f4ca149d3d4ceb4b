package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of listed serial numbers; every method runs in the transaction of its handle. */
final class SerialTable {
  private static final String SELECT =
      "select serial, state, device, group_name, public_key_sha256, "
          + NewcomerTerms.COLUMNS
          + " from manufacturer_serial where manufacturer = :manufacturer";

  private SerialTable() {}

  /** Adds it; false if it is there. */
  static boolean insert(Handle handle, String manufacturer, SerialRecord serial, Instant now) {
    return serial
            .terms()
            .bind(
                handle.createUpdate(
                    "insert into manufacturer_serial (manufacturer, serial, state, device,"
                        + " group_name, public_key_sha256, changed_at, "
                        + NewcomerTerms.COLUMNS
                        + ") values (:manufacturer, :serial, :state, :device, :group, :key, :now, "
                        + NewcomerTerms.VALUES
                        + ") on conflict (manufacturer, serial) do nothing"))
            .bind("manufacturer", manufacturer)
            .bind("serial", serial.serial())
            .bind("state", serial.state().name().toLowerCase(Locale.ROOT))
            .bind("device", serial.device() == null ? null : serial.device().value())
            .bind("group", ManufacturerTable.written(serial.group()))
            .bind("key", serial.key() == null ? null : serial.key().hex())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  static Optional<SerialRecord> find(Handle handle, String manufacturer, String serial) {
    return handle
        .createQuery(SELECT + " and serial = :serial")
        .bind("manufacturer", manufacturer)
        .bind("serial", serial)
        .map((row, _) -> record(row))
        .findOne();
  }

  static List<SerialRecord> page(Handle handle, String manufacturer, String after, int limit) {
    return handle
        .createQuery(SELECT + " and serial > :after order by serial limit :limit")
        .bind("manufacturer", manufacturer)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /**
   * Spends an open one; false if it is over. Once more for the same key is the same: a crash may
   * have come between.
   */
  static boolean spend(
      Handle handle, String manufacturer, String serial, PublicKeyHash key, Instant now) {
    return handle
            .createUpdate(
                "update manufacturer_serial set state = 'spent', public_key_sha256 = :key,"
                    + " changed_at = :now where manufacturer = :manufacturer and serial = :serial"
                    + " and (state = 'open' or (state = 'spent' and public_key_sha256 = :key))")
            .bind("key", key.hex())
            .bind("now", now.toEpochMilli())
            .bind("manufacturer", manufacturer)
            .bind("serial", serial)
            .execute()
        == 1;
  }

  /** Takes one out that nobody has used; false if there is none. */
  static boolean remove(Handle handle, String manufacturer, String serial) {
    return handle.execute(
            "delete from manufacturer_serial where manufacturer = ? and serial = ?"
                + " and state = 'open'",
            manufacturer,
            serial)
        == 1;
  }

  /** Ends one; false if it is over, or not there. */
  static boolean revoke(Handle handle, String manufacturer, String serial, Instant now) {
    return handle.execute(
            "update manufacturer_serial set state = 'revoked', changed_at = ?"
                + " where manufacturer = ? and serial = ? and state <> 'revoked'",
            now.toEpochMilli(),
            manufacturer,
            serial)
        == 1;
  }

  private static SerialRecord record(ResultSet row) throws SQLException {
    return new SerialRecord(
        row.getString("serial"),
        SerialRecord.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        device(row.getString("device")),
        NewcomerTerms.read(row),
        ManufacturerTable.read(row.getString("group_name")),
        key(row.getString("public_key_sha256")));
  }

  private static @Nullable PrincipalId device(@Nullable String id) {
    return id == null ? null : new PrincipalId(id);
  }

  private static @Nullable PublicKeyHash key(@Nullable String hex) {
    return hex == null ? null : new PublicKeyHash(hex);
  }
}
