package io.sallyport.control.rotation;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Alarms for certificates that end soon and that no newer one replaces: one for each certificate at
 * 30, 14, 7 and 1 days. Whoever comes late to a certificate gets the nearest of them only. The
 * first is not given where a rotation is under way, which in a healthy fleet begins at that time.
 */
final class ExpiryAlarms {
  /** At how many days, the most pressing first. */
  static final List<Integer> DAYS = List.of(1, 7, 14, 30);

  // Bound: alarms in one transaction, and in one go for each number of days.
  private static final int GROUP_MAX = 500;
  private static final int GROUPS_MAX = 10;

  private static final String UNREPLACED =
      " from certificate c join principal p on p.id = c.principal and p.standing <> 'revoked'"
          + " where c.status = 'active' and c.kind <> 'operator' and c.not_after > :now"
          + " and c.not_after <= :end"
          + " and not exists (select 1 from certificate n where n.principal = c.principal"
          + " and n.kind = c.kind and n.status = 'active' and n.not_after > c.not_after)";

  private final Database database;

  ExpiryAlarms(Database database) {
    this.database = database;
  }

  private record Ending(String serial, String principal, Instant notAfter) {}

  /** Gives those that are due. */
  void tick(Instant now) {
    for (int days : DAYS) {
      for (int group = 0; group < GROUPS_MAX && give(days, now) == GROUP_MAX; group++) {}
    }
    database.change(
        handle ->
            handle.execute(
                "delete from rotation_alarm where serial in (select serial from certificate"
                    + " where status in ('revoked', 'expired'))"));
  }

  private int give(int days, Instant now) {
    if (database.read(handle -> ending(handle, days, now)).isEmpty()) {
      return 0;
    }
    return database.write(
        handle -> {
          // First, so that two processes do not both give one.
          LedgerStore.lock(handle);
          var ending = ending(handle, days, now);
          ending.forEach(one -> note(handle, one.serial(), days));
          var events = new ArrayList<SecurityEvent>();
          for (var one : ending) {
            events.add(
                SecurityEvent.of(
                    now,
                    EventType.CERTIFICATE_EXPIRING,
                    "system",
                    one.principal(),
                    Map.of(
                        "days", Integer.toString(days),
                        "serial", one.serial(),
                        "notAfter", one.notAfter().toString())));
          }
          LedgerStore.append(handle, events);
          return ending.size();
        });
  }

  private static List<Ending> ending(Handle handle, int days, Instant now) {
    return handle
        .createQuery(
            "select c.serial, c.principal, c.not_after"
                + UNREPLACED
                + " and not exists (select 1 from rotation_alarm a"
                + " where a.serial = c.serial and a.days <= :days)"
                + (days == DAYS.getLast()
                    ? " and not exists (select 1 from rotation r where r.principal = c.principal"
                        + " and r."
                        + RotationTable.OPEN
                        + ")"
                    : "")
                + " order by c.not_after, c.serial limit :limit")
        .bind("now", now.toEpochMilli())
        .bind("end", now.plus(Duration.ofDays(days)).toEpochMilli())
        .bind("days", days)
        .bind("limit", GROUP_MAX)
        .map(
            (row, _) ->
                new Ending(
                    row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3))))
        .list();
  }

  private static void note(Handle handle, String serial, int days) {
    handle
        .createUpdate(
            "insert into rotation_alarm (serial, days) values (:serial, :days)"
                + " on conflict (serial) do update set days = excluded.days")
        .bind("serial", serial)
        .bind("days", days)
        .execute();
  }

  /** How many such certificates end within how many days. */
  Map<Integer, Long> within(Instant now) {
    return database.read(
        handle -> {
          var counts = new LinkedHashMap<Integer, Long>();
          for (int days : DAYS) {
            counts.put(
                days,
                handle
                    .createQuery("select count(*)" + UNREPLACED)
                    .bind("now", now.toEpochMilli())
                    .bind("end", now.plus(Duration.ofDays(days)).toEpochMilli())
                    .mapTo(Long.class)
                    .one());
          }
          return counts;
        });
  }
}
