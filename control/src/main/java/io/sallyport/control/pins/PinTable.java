package io.sallyport.control.pins;

import io.sallyport.control.enforcement.ServerPins.Use;
import io.sallyport.control.pins.PinSet.Pin;
import io.sallyport.identity.PublicKeyHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The table of the pin sets that devices have. */
final class PinTable {
  // Bound: sets that may be deployed at once; each is of another key of the server.
  static final int SETS_MAX = 1_000;

  private PinTable() {}

  static List<PinSet> all(Handle handle) {
    return handle
        .createQuery(
            "select id, pins, first_at, last_at, bundles from pin_set order by first_at, id")
        .map((row, _) -> read(row))
        .list();
  }

  /** Counts bundles with that set; true if it is the first time. */
  static boolean count(Handle handle, String id, List<Pin> pins, int bundles, Instant now) {
    var known =
        handle
            .createUpdate(
                "update pin_set set last_at = :now, bundles = bundles + :bundles where id = :id")
            .bind("now", now.toEpochMilli())
            .bind("bundles", bundles)
            .bind("id", id)
            .execute();
    if (known == 1) {
      return false;
    }
    handle
        .createUpdate(
            "insert into pin_set (id, pins, first_at, last_at, bundles)"
                + " values (:id, :pins, :now, :now, :bundles)")
        .bind("id", id)
        .bind("pins", written(pins))
        .bind("now", now.toEpochMilli())
        .bind("bundles", bundles)
        .execute();
    return true;
  }

  static boolean remove(Handle handle, String id) {
    return handle.execute("delete from pin_set where id = ?", id) == 1;
  }

  private static PinSet read(ResultSet row) throws SQLException {
    return new PinSet(
        row.getString(1),
        Stream.of(row.getString(2).split(" ")).map(PinTable::pin).toList(),
        Instant.ofEpochMilli(row.getLong(3)),
        Instant.ofEpochMilli(row.getLong(4)),
        row.getLong(5));
  }

  private static String written(List<Pin> pins) {
    return pins.stream()
        .map(pin -> pin.use().word() + ":" + pin.key().hex())
        .collect(Collectors.joining(" "));
  }

  private static Pin pin(String text) {
    var parts = text.split(":", 2);
    return new Pin(Use.valueOf(parts[0].toUpperCase(Locale.ROOT)), new PublicKeyHash(parts[1]));
  }
}
