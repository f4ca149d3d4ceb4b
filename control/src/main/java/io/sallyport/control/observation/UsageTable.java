package io.sallyport.control.observation;

import io.sallyport.policy.Right;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The tables of which rights were used, and when that was recorded at all. */
final class UsageTable {
  /** Bound: periods that are kept; of older ones nothing is claimed any more. */
  static final int PERIODS_MAX = 1_000;

  private UsageTable() {}

  /** A right of one version of a policy. */
  record Key(int statement, String action, int resource) {}

  /** Time in which somebody recorded. */
  record Period(Instant from, Instant until) {}

  static void put(Handle handle, Collection<Right> used, Instant now) {
    var batch =
        handle.prepareBatch(
            "insert into right_use"
                + " (policy, version, statement, action, resource, first_at, last_at)"
                + " select p.name, :version, :statement, :action, :resource, :now, :now"
                // A policy that only a file knows is nobody's here.
                + " from policy p where p.name = :policy"
                + " on conflict (policy, version, statement, action, resource)"
                + " do update set last_at = excluded.last_at");
    for (var right : used) {
      batch
          .bind("policy", right.statement().policy())
          .bind("version", right.statement().version())
          .bind("statement", right.statement().index())
          .bind("action", right.action().word())
          .bind("resource", right.resource())
          .bind("now", now.toEpochMilli())
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** When each right of a version was last used. */
  static Map<Key, Instant> lastUses(Handle handle, String policy, int version) {
    var uses = new HashMap<Key, Instant>();
    handle
        .createQuery(
            "select statement, action, resource, last_at from right_use"
                + " where policy = :policy and version = :version")
        .bind("policy", policy)
        .bind("version", version)
        .map(
            (row, _) ->
                Map.entry(
                    new Key(row.getInt(1), row.getString(2), row.getInt(3)),
                    Instant.ofEpochMilli(row.getLong(4))))
        .forEach(entry -> uses.put(entry.getKey(), entry.getValue()));
    return uses;
  }

  /** Begins a period; its number is when it began, and no two are equal. */
  static long begin(Handle handle, Instant now) {
    long number = now.toEpochMilli();
    while (handle
            .createUpdate(
                "insert into recording (started_at, recorded_until) values (:at, :at)"
                    + " on conflict (started_at) do nothing")
            .bind("at", number)
            .execute()
        == 0) {
      number++;
    }
    handle
        .createUpdate(
            "delete from recording where started_at not in"
                + " (select started_at from recording order by started_at desc limit :max)")
        .bind("max", PERIODS_MAX)
        .execute();
    return number;
  }

  static void extend(Handle handle, long number, Instant until) {
    handle
        .createUpdate("update recording set recorded_until = :until where started_at = :number")
        .bind("until", until.toEpochMilli())
        .bind("number", number)
        .execute();
  }

  static List<Period> periods(Handle handle) {
    return handle
        .createQuery("select started_at, recorded_until from recording order by started_at")
        .map(
            (row, _) ->
                new Period(
                    Instant.ofEpochMilli(row.getLong(1)), Instant.ofEpochMilli(row.getLong(2))))
        .list();
  }

  /** Forgets the rights of versions that were replaced long ago. */
  static void prune(Handle handle, Instant before) {
    handle
        .createUpdate(
            "delete from right_use where last_at < :before and version <"
                + " (select p.version from policy p where p.name = right_use.policy)")
        .bind("before", before.toEpochMilli())
        .execute();
  }
}
