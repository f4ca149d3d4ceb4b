package io.sallyport.control.rotation;

import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.PaceRules;
import io.sallyport.identity.rotation.WaveOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The tables of waves and of the pace; every method runs in the transaction of its handle. */
final class WaveTable {
  private WaveTable() {}

  /**
   * One wave.
   *
   * @param namedBy the operator who named its devices; null if the pace formed it
   */
  record Wave(long number, @Nullable String namedBy, int devices, Instant begunAt) {}

  /**
   * The pace as it is.
   *
   * @param pausedBy who paused it; null if nobody did
   */
  record Held(Pace pace, @Nullable String pausedBy, @Nullable Instant pausedAt) {}

  /** Waits for whoever changes waves, and makes them wait: two leaders form no two waves. */
  static void lock(Handle handle, PaceRules rules) {
    handle
        .createUpdate(
            "insert into rotation_pace (one, size, resumed_at) values (1, :size, 0)"
                + " on conflict (one) do update set size = rotation_pace.size")
        .bind("size", Pace.first(rules).size())
        .execute();
  }

  static Held pace(Handle handle, PaceRules rules) {
    return handle
        .createQuery("select * from rotation_pace where one = 1")
        .map((row, _) -> held(row))
        .findOne()
        .orElseGet(() -> new Held(Pace.first(rules), null, null));
  }

  private static Held held(ResultSet row) throws SQLException {
    var pausedAt = RotationTable.instant(row, "paused_at");
    return new Held(
        new Pace(row.getInt("size"), pausedAt != null), row.getString("paused_by"), pausedAt);
  }

  static void pace(Handle handle, Held held) {
    var at = held.pausedAt();
    handle
        .createUpdate(
            "update rotation_pace set size = :size, paused_by = :by, paused_at = :at"
                + " where one = 1")
        .bind("size", held.pace().size())
        .bind("by", held.pausedBy())
        .bind("at", at == null ? null : at.toEpochMilli())
        .execute();
  }

  /** The next wave's number. */
  static long next(Handle handle) {
    return handle
        .createQuery("select coalesce(max(number), 0) + 1 from rotation_wave")
        .mapTo(Long.class)
        .one();
  }

  static void insert(Handle handle, Wave wave) {
    handle
        .createUpdate(
            "insert into rotation_wave (number, named_by, devices, begun_at)"
                + " values (:number, :by, :devices, :at)")
        .bind("number", wave.number())
        .bind("by", wave.namedBy())
        .bind("devices", wave.devices())
        .bind("at", wave.begunAt().toEpochMilli())
        .execute();
  }

  /** Waves begin anew with a first one. */
  static void resume(Handle handle, PaceRules rules, Instant now) {
    pace(handle, new Held(Pace.first(rules), null, null));
    handle
        .createUpdate("update rotation_pace set resumed_at = :now where one = 1")
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** The last wave that the pace formed, and by which it may be judged. */
  static Optional<Wave> last(Handle handle) {
    return handle
        .createQuery(
            "select * from rotation_wave where named_by is null and begun_at >="
                + " (select resumed_at from rotation_pace where one = 1)"
                + " order by number desc limit 1")
        .map((row, _) -> wave(row))
        .findOne();
  }

  /** The newest waves, the last one first. */
  static List<Wave> newest(Handle handle, int limit) {
    return handle
        .createQuery("select * from rotation_wave order by number desc limit :limit")
        .bind("limit", limit)
        .map((row, _) -> wave(row))
        .list();
  }

  /** How the devices of a wave have fared; who never answered has not failed. */
  static WaveOutcome outcome(Handle handle, Wave wave) {
    return handle
        .createQuery(
            "select count(case when state = 'issued' then 1 end),"
                + " count(case when state in ('proven', 'retired') then 1 end),"
                + " count(case when state = 'stuck' and why in (<failures>) then 1 end)"
                + " from rotation where wave = :wave")
        .bindList("failures", Ends.FAILURES)
        .bind("wave", wave.number())
        .map((row, _) -> outcome(wave, row.getInt(1), row.getInt(2), row.getInt(3)))
        .one();
  }

  private static WaveOutcome outcome(Wave wave, int waiting, int proven, int failed) {
    return new WaveOutcome(wave.devices(), waiting + proven + failed, proven, failed);
  }

  private static Wave wave(ResultSet row) throws SQLException {
    return new Wave(
        row.getLong("number"),
        row.getString("named_by"),
        row.getInt("devices"),
        Instant.ofEpochMilli(row.getLong("begun_at")));
  }
}
