package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.TrustChanges;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables of gateways and of what they confirmed; every time in them is the database's. */
final class GatewayTable {
  private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

  // Bound: gateways that are told of.
  private static final int GATEWAYS_MAX = 1_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<ReceiptStep>> STEPS = new TypeReference<>() {};

  private GatewayTable() {}

  /**
   * Enters a gateway, or enters it again after a restart.
   *
   * @return from where it has to follow: where its data directory came to, or the newest change
   */
  static long enter(Handle handle, Membership who) {
    // Whoever is put out from now on waits for this gateway, and who was before is read by it.
    LedgerStore.lock(handle);
    long head = TrustChanges.head(handle);
    var before = find(handle, who.gateway());
    if (before.isPresent()
        && !before.get().node().equals(who.node())
        && before.get().record().state() == GatewayRecord.State.LIVE) {
      throw new NameTaken(who.gateway());
    }
    long position =
        before
            .filter(known -> known.node().equals(who.node()))
            .map(known -> known.record().position())
            .orElse(head);
    handle
        .createUpdate(
            "insert into gateway (name, node, instance, version, address, started_at, seen_at,"
                + " max_age, joined_at, position, left_at) values (:name, :node, :instance,"
                + " :version, :address, "
                + NOW
                + ", "
                + NOW
                + ", :maxAge, :head, :position, null) on conflict (name) do update set node ="
                + " excluded.node, instance = excluded.instance, version = excluded.version,"
                + " address = excluded.address, started_at = excluded.started_at, seen_at ="
                + " excluded.seen_at, max_age = excluded.max_age, joined_at = excluded.joined_at,"
                + " position = excluded.position, left_at = null")
        .bind("name", who.gateway())
        .bind("node", who.node())
        .bind("instance", who.instance())
        .bind("version", who.version())
        .bind("address", who.address())
        .bind("maxAge", who.maxAge().toMillis())
        .bind("head", head)
        .bind("position", position)
        .execute();
    return position;
  }

  /** Tells that a gateway is there; false when its name is another process's by now. */
  static boolean beat(Handle handle, Membership who, long position) {
    return handle
            .createUpdate(
                "update gateway set seen_at = "
                    + NOW
                    + ", position = :position, left_at = null"
                    + " where name = :name and instance = :instance")
            .bind("position", position)
            .bind("name", who.gateway())
            .bind("instance", who.instance())
            .execute()
        == 1;
  }

  /**
   * Enters a gateway again whose row is gone, or was taken by a process that has the same data
   * directory and is lost by now.
   */
  static void comeBack(Handle handle, Membership who, long position) {
    var taken = find(handle, who.gateway());
    if (taken.isPresent() && taken.get().record().state() == GatewayRecord.State.LIVE) {
      throw new NameTaken(who.gateway());
    }
    enter(handle, who);
    beat(handle, who, position);
  }

  /** It stops in order. */
  static void leave(Handle handle, Membership who, long position) {
    handle
        .createUpdate(
            "update gateway set left_at = "
                + NOW
                + ", position = :position where name = :name and instance = :instance")
        .bind("position", position)
        .bind("name", who.gateway())
        .bind("instance", who.instance())
        .execute();
  }

  /** Forgets one that is not live; false when there is none of that name that could be. */
  static boolean forget(Handle handle, String name) {
    var known = find(handle, name);
    return known.isPresent()
        && known.get().record().state() != GatewayRecord.State.LIVE
        && handle.execute("delete from gateway where name = ?", name) == 1;
  }

  /** Forgets those that were not heard of for so long. */
  static void prune(Handle handle, Duration silence) {
    handle
        .createUpdate("delete from gateway where seen_at < " + NOW + " - :silence")
        .bind("silence", silence.toMillis())
        .execute();
  }

  /** All of them in the order of names. */
  static List<GatewayRecord> all(Handle handle) {
    return handle
        .createQuery("select *, " + NOW + " as now from gateway order by name limit :limit")
        .bind("limit", GATEWAYS_MAX)
        .map((row, _) -> record(row))
        .list();
  }

  private record Known(String node, GatewayRecord record) {}

  private static Optional<Known> find(Handle handle, String name) {
    return handle
        .createQuery("select *, " + NOW + " as now from gateway where name = :name")
        .bind("name", name)
        .map((row, _) -> new Known(row.getString("node"), record(row)))
        .findOne();
  }

  private static GatewayRecord record(ResultSet row) throws SQLException {
    long left = row.getLong("left_at");
    boolean stays = row.wasNull();
    return new GatewayRecord(
        row.getString("name"),
        row.getString("version"),
        row.getString("address"),
        Instant.ofEpochMilli(row.getLong("started_at")),
        Instant.ofEpochMilli(row.getLong("seen_at")),
        Duration.ofMillis(row.getLong("now") - row.getLong("seen_at")),
        Duration.ofMillis(row.getLong("max_age")),
        row.getLong("joined_at"),
        row.getLong("position"),
        stays ? null : Instant.ofEpochMilli(left));
  }

  // What they confirmed.

  /** What one gateway did. */
  record Confirmation(double ms, List<ReceiptStep> steps) {}

  static void confirm(Handle handle, String gateway, long sequence, List<ReceiptStep> steps) {
    handle
        .createUpdate(
            "insert into cut_confirmation (sequence, gateway, at, steps) values (:sequence,"
                + " :gateway, "
                + NOW
                + ", :steps) on conflict do nothing")
        .bind("sequence", sequence)
        .bind("gateway", gateway)
        .bind("steps", JSON.writeValueAsString(steps))
        .execute();
  }

  /** What was confirmed of one cut, by gateway. */
  static Map<String, Confirmation> confirmed(Handle handle, long sequence) {
    return handle
        .createQuery(
            "select c.gateway, c.steps, c.at - t.at as ms from cut_confirmation c"
                + " join trust_change t on t.sequence = c.sequence where c.sequence = :sequence")
        .bind("sequence", sequence)
        .map(
            (row, _) ->
                Map.entry(
                    row.getString("gateway"),
                    new Confirmation(
                        Math.max(0, row.getLong("ms")),
                        JSON.readValue(row.getString("steps"), STEPS))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
