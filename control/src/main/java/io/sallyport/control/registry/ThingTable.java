package io.sallyport.control.registry;

import io.sallyport.control.store.StringMaps;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The columns of what conditions ask; every method runs in the transaction of its handle. */
public final class ThingTable {
  private ThingTable() {}

  /** What is recorded of one principal. */
  public record Thing(
      Standing standing, String type, Map<String, String> attributes, DeviceFacts facts) {
    public Thing {
      attributes = Map.copyOf(attributes);
    }
  }

  /** Reads what is to be changed, and keeps others from changing it until this transaction ends. */
  public static Optional<Thing> lock(
      Handle handle, PrincipalKind kind, PrincipalId id, Instant now) {
    return handle
        .createQuery(
            "update principal set changed_at = :now where id = :id and kind = :kind"
                + " returning standing, thing_type, attributes, tags, firmware_version, attested,"
                + " attested_until")
        .bind("now", now.toEpochMilli())
        .bind("id", id.value())
        .bind("kind", kind.word())
        .map(
            (row, _) ->
                new Thing(
                    Principals.standing(row.getString("standing")),
                    row.getString("thing_type"),
                    StringMaps.read(row.getString("attributes")),
                    Principals.facts(row)))
        .findOne();
  }

  /** Records a type, attributes and facts; the standing is not touched. */
  public static void write(Handle handle, PrincipalId id, Thing thing) {
    var attested = thing.facts().attested();
    var until = thing.facts().attestedUntil();
    handle
        .createUpdate(
            "update principal set thing_type = :type, attributes = :attributes, tags = :tags,"
                + " firmware_version = :firmware, attested = :attested, attested_until = :until"
                + " where id = :id")
        .bind("type", thing.type())
        .bind("attributes", StringMaps.write(thing.attributes()))
        .bind("tags", StringMaps.write(thing.facts().tags()))
        .bind("firmware", thing.facts().firmwareVersion())
        .bind("attested", attested == null ? null : Integer.valueOf(attested ? 1 : 0))
        .bind("until", until == null ? null : Long.valueOf(until.toEpochMilli()))
        .bind("id", id.value())
        .execute();
  }
}
