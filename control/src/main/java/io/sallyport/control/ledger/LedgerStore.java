package io.sallyport.control.ledger;

import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.control.store.StringMaps;
import io.sallyport.ledger.Chain;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.Head;
import io.sallyport.ledger.LedgerRecord;
import io.sallyport.ledger.RecordHash;
import io.sallyport.ledger.SecurityEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The ledger in the database: one chain, however many processes append to it. */
public final class LedgerStore {
  private static final int FETCH_SIZE = 1000;

  private final Database database;

  /** The ledger of a database. */
  public LedgerStore(Database database) {
    this.database = database;
  }

  /** A ledger's check, with the head that it ends in. */
  public record Verification(Chain.Verdict verdict, Head head) {}

  /** Appends events in the transaction that makes the change which they tell of. */
  public static List<LedgerRecord> append(Handle handle, List<SecurityEvent> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    var head = lockHead(handle);
    var records = new java.util.ArrayList<LedgerRecord>(events.size());
    for (var event : events) {
      var record = head.append(Storable.of(event));
      records.add(record);
      head = Head.of(record);
    }
    insert(handle, records);
    handle
        .createUpdate("update ledger_head set sequence = :sequence, hash = :hash where one = 1")
        .bind("sequence", head.sequence())
        .bind("hash", head.hash().hex())
        .execute();
    return records;
  }

  /**
   * Waits for other writers of the ledger, and makes them wait for the end of this transaction:
   * what is read from here on stays true until then. To be called first, so that nobody waits
   * crosswise.
   */
  public static void lock(Handle handle) {
    lockHead(handle);
  }

  /** Appends one event in the transaction that makes the change which it tells of. */
  public static LedgerRecord append(Handle handle, SecurityEvent event) {
    return append(handle, List.of(event)).getFirst();
  }

  /** Appends events that no other change goes with. */
  public void append(List<SecurityEvent> events) {
    if (!events.isEmpty()) {
      database.change(handle -> append(handle, events));
    }
  }

  /** Checks the whole chain, and that it ends where the head says. */
  public Verification verify() {
    return database.read(
        handle -> {
          var head = head(handle, "select sequence, hash from ledger_head where one = 1");
          try (var records =
              handle
                  .createQuery("select * from ledger order by sequence")
                  .setFetchSize(FETCH_SIZE)
                  .map((row, _) -> possiblyTampered(row))
                  .iterator()) {
            return new Verification(Chain.verify(records, head), head);
          }
        });
  }

  /** The records after a sequence number, oldest first. */
  public List<LedgerRecord> after(long sequence, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select * from ledger where sequence > :after order by sequence limit :limit")
                .bind("after", sequence)
                .bind("limit", limit)
                .map((row, _) -> record(row))
                .list());
  }

  /** The newest records, oldest of them first. */
  public List<LedgerRecord> last(int count) {
    return database
        .read(
            handle ->
                handle
                    .createQuery("select * from ledger order by sequence desc limit :count")
                    .bind("count", count)
                    .map((row, _) -> record(row))
                    .list())
        .reversed();
  }

  /** Waits for other writers by writing the row, which both databases know how to do. */
  private static Head lockHead(Handle handle) {
    return head(
        handle,
        "update ledger_head set sequence = sequence where one = 1 returning sequence, hash");
  }

  private static Head head(Handle handle, String sql) {
    return handle
        .createQuery(sql)
        .map((row, _) -> new Head(row.getLong(1), new RecordHash(row.getString(2))))
        .one();
  }

  private static void insert(Handle handle, List<LedgerRecord> records) {
    var batch =
        handle.prepareBatch(
            "insert into ledger"
                + " (sequence, at, type, actor, subject, facts, previous_hash, hash) values"
                + " (:sequence, :at, :type, :actor, :subject, :facts, :previous, :hash)");
    for (var record : records) {
      var event = record.event();
      batch
          .bind("sequence", record.sequence())
          .bind("at", event.at().toEpochMilli())
          .bind("type", event.type().word())
          .bind("actor", event.actor())
          .bind("subject", event.subject())
          .bind("facts", StringMaps.write(event.facts()))
          .bind("previous", record.previousHash().hex())
          .bind("hash", record.hash().hex())
          .add();
    }
    batch.execute();
  }

  /** A row that cannot even be read was changed, and shall be found as such by the check. */
  private static LedgerRecord possiblyTampered(ResultSet row) throws SQLException {
    try {
      return record(row);
    } catch (IllegalArgumentException | StoreUnavailable e) {
      var nothing = SecurityEvent.of(Instant.EPOCH, EventType.STARTED, "", "", java.util.Map.of());
      return new LedgerRecord(
          row.getLong("sequence"), nothing, RecordHash.GENESIS, RecordHash.GENESIS);
    }
  }

  private static LedgerRecord record(ResultSet row) throws SQLException {
    var event =
        new SecurityEvent(
            Instant.ofEpochMilli(row.getLong("at")),
            EventType.valueOf(row.getString("type").toUpperCase(Locale.ROOT).replace('-', '_')),
            row.getString("actor"),
            row.getString("subject"),
            new TreeMap<>(StringMaps.read(row.getString("facts"))));
    return new LedgerRecord(
        row.getLong("sequence"),
        event,
        new RecordHash(row.getString("previous_hash")),
        new RecordHash(row.getString("hash")));
  }
}
