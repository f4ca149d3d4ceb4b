package io.sallyport.control.registry;

import io.sallyport.control.ledger.LedgerStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * What changed, for the gateways that share a database: a table whose rows are written in the
 * transaction that makes the change, and followed by their sequence.
 *
 * <p>Invariant: the order of sequences is the order of commits. A row is numbered only while its
 * transaction holds the ledger's lock, which it keeps until it commits; so who has read up to a
 * number will never be shown a smaller one later.
 */
public final class TrustChanges {
  /** Where a gateway hears of new rows. */
  public static final String CHANNEL = "sallyport_trust";

  private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

  private TrustChanges() {}

  /** Whose trust changed. */
  public enum Kind {
    PRINCIPAL,
    GROUP,
    POLICY,
    /** Nobody's: there are new keys of TLS session tickets. */
    TICKET_KEYS;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Kind ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * One row.
   *
   * @param gateway the gateway at whose desk it was changed; empty for an offline command
   * @param cut whether connections are to end, and be confirmed to have ended
   */
  public record Row(long sequence, String gateway, Kind kind, String name, boolean cut) {}

  /**
   * Adds rows and wakes the gateways when this transaction commits.
   *
   * @return the last number
   */
  static long add(Handle handle, String gateway, Kind kind, List<String> names, boolean cut) {
    LedgerStore.lock(handle);
    long last = 0;
    var insertion =
        "insert into trust_change (at, gateway, scope, name, cut)"
            + " select "
            + NOW
            + ", :gateway, :scope, name, :cut from unnest(:names) as name returning sequence";
    for (long sequence :
        handle
            .createQuery(insertion)
            .bind("gateway", gateway)
            .bind("scope", kind.word())
            .bind("cut", cut ? 1 : 0)
            .bindArray("names", String.class, names)
            .mapTo(Long.class)
            .list()) {
      last = Math.max(last, sequence);
    }
    handle.execute("select pg_notify('" + CHANNEL + "', '')");
    return last;
  }

  /** Adds a row for each member of a group. */
  static void addMembers(Handle handle, String gateway, String group) {
    LedgerStore.lock(handle);
    handle
        .createUpdate(
            "insert into trust_change (at, gateway, scope, name, cut) select "
                + NOW
                + ", :gateway, :scope, principal, 0 from group_member where group_name = :group")
        .bind("gateway", gateway)
        .bind("scope", Kind.PRINCIPAL.word())
        .bind("group", group)
        .execute();
    handle.execute("select pg_notify('" + CHANNEL + "', '')");
  }

  /** Adds a row for everybody without a name. */
  public static void addTicketKeys(Handle handle, String gateway) {
    add(handle, gateway, Kind.TICKET_KEYS, List.of(""), false);
  }

  /** The newest number; 0 if there was never a row. */
  public static long head(Handle handle) {
    return handle
        .createQuery(
            "select greatest((select max(sequence) from trust_change),"
                + " (select sequence from trust_change_floor))")
        .mapTo(Long.class)
        .one();
  }

  /** The next rows, or nothing where some of them were pruned. */
  public static List<Row> after(Handle handle, long sequence, int limit) {
    return handle
        .createQuery(
            "select sequence, gateway, scope, name, cut from trust_change"
                + " where sequence > :after order by sequence limit :limit")
        .bind("after", sequence)
        .bind("limit", limit)
        .map((row, _) -> row(row))
        .list();
  }

  /** The newest number that was pruned. */
  public static long floor(Handle handle) {
    return handle.createQuery("select sequence from trust_change_floor").mapTo(Long.class).one();
  }

  /** Keeps the newest rows, so many; how many went. */
  public static int prune(Handle handle, long kept) {
    OptionalLong upTo =
        handle
            .createQuery(
                "select sequence from trust_change order by sequence desc offset :kept limit 1")
            .bind("kept", kept)
            .mapTo(Long.class)
            .findOne()
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty);
    if (upTo.isEmpty()) {
      return 0;
    }
    handle.execute("update trust_change_floor set sequence = ?", upTo.getAsLong());
    handle.execute("delete from cut_confirmation where sequence <= ?", upTo.getAsLong());
    return handle.execute("delete from trust_change where sequence <= ?", upTo.getAsLong());
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong("sequence"),
        row.getString("gateway"),
        Kind.ofWord(row.getString("scope")),
        row.getString("name"),
        row.getInt("cut") == 1);
  }
}
