package io.sallyport.control.jobs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table of jobs; every method runs in the transaction of its handle. */
final class JobTable {
  private static final String ALIVE = "state in ('SCHEDULED', 'IN_PROGRESS')";

  private JobTable() {}

  /** Adds one; false when the id is taken. */
  static boolean insert(
      Handle handle, JobForm form, String document, JobState state, String actor, Instant now) {
    return handle
            .createUpdate(
                "insert into job (id, state, description, document, settings, created_by,"
                    + " created_at, changed_by, changed_at, ticked_at) values (:id, :state,"
                    + " :description, :document, :settings, :actor, :now, :actor, :now, :ticked)"
                    + " on conflict (id) do nothing")
            .bind("id", form.jobId())
            .bind("state", state.name())
            .bind("description", form.description() == null ? "" : form.description())
            .bind("document", document)
            .bind("settings", JobReader.write(form))
            .bind("actor", actor)
            .bind("now", now.toEpochMilli())
            // So that its first minute begins with its first look.
            .bind("ticked", now.minus(JobScheduler.EVERY).toEpochMilli())
            .execute()
        == 1;
  }

  static Optional<JobRecord> find(Handle handle, String id) {
    return handle
        .createQuery("select * from job where id = :id")
        .bind("id", id)
        .map((row, _) -> record(row))
        .findOne();
  }

  /** The document of one, as devices get it. */
  static Optional<String> document(Handle handle, String id) {
    return handle
        .createQuery("select document from job where id = :id")
        .bind("id", id)
        .mapTo(String.class)
        .findOne();
  }

  static List<JobRecord> page(Handle handle, @Nullable JobState state, String after, int limit) {
    return handle
        .createQuery(
            "select * from job where id > :after"
                + (state == null ? "" : " and state = :state")
                + " order by id limit :limit")
        .bind("after", after)
        .bind("state", state == null ? "" : state.name())
        .bind("limit", limit)
        .map((row, _) -> record(row))
        .list();
  }

  /** Jobs that may still be given out; those first that were changed longest ago. */
  static List<String> alive(Handle handle) {
    return handle
        .createQuery("select id from job where " + ALIVE + " order by ticked_at, id")
        .mapTo(String.class)
        .list();
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from job").mapTo(Long.class).one();
  }

  static long countAlive(Handle handle) {
    return handle.createQuery("select count(*) from job where " + ALIVE).mapTo(Long.class).one();
  }

  static Map<JobState, Long> countByState(Handle handle) {
    var counts = new EnumMap<JobState, Long>(JobState.class);
    for (var state : JobState.values()) {
      counts.put(state, 0L);
    }
    handle
        .createQuery("select state, count(*) from job group by state")
        .map((row, _) -> Map.entry(JobState.valueOf(row.getString(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /**
   * Notes that the scheduler works on a job, and makes every other writer of it wait for the end of
   * this transaction; false when it changed since it was read.
   */
  static boolean tick(Handle handle, JobRecord job, Instant now) {
    return handle
            .createUpdate(
                "update job set ticked_at = :now, version = version + 1"
                    + " where id = :id and version = :version")
            .bind("now", now.toEpochMilli())
            .bind("id", job.id())
            .bind("version", job.version())
            .execute()
        == 1;
  }

  /** Makes every other writer of it wait; false when it is not in progress. */
  static boolean holdInProgress(Handle handle, String id) {
    return handle
            .createUpdate("update job set id = id where id = :id and state = 'IN_PROGRESS'")
            .bind("id", id)
            .execute()
        == 1;
  }

  /** One, of which every other writer waits from now on. */
  static Optional<JobRecord> hold(Handle handle, String id) {
    handle.execute("update job set id = id where id = ?", id);
    return find(handle, id);
  }

  static void endRollout(Handle handle, String id) {
    handle.execute("update job set rollout_ended = 1 where id = ?", id);
  }

  static void change(
      Handle handle,
      String id,
      JobState state,
      @Nullable String reason,
      @Nullable String comment,
      String actor,
      Instant now) {
    handle
        .createUpdate(
            "update job set state = :state, reason = :reason, comment = :comment,"
                + " changed_by = :actor, changed_at = :now, version = version + 1"
                + " where id = :id")
        .bind("state", state.name())
        .bind("reason", reason)
        .bind("comment", comment)
        .bind("actor", actor)
        .bind("now", now.toEpochMilli())
        .bind("id", id)
        .execute();
  }

  static void delete(Handle handle, String id) {
    handle.execute("delete from job where id = ?", id);
  }

  private static JobRecord record(ResultSet row) throws SQLException {
    var form = row.getString("settings");
    try {
      return new JobRecord(
          row.getString("id"),
          JobState.valueOf(row.getString("state")),
          row.getString("description"),
          row.getString("document"),
          form,
          JobReader.settings(JobReader.read(form)),
          row.getString("created_by"),
          Instant.ofEpochMilli(row.getLong("created_at")),
          row.getString("changed_by"),
          Instant.ofEpochMilli(row.getLong("changed_at")),
          row.getString("reason"),
          row.getString("comment"),
          row.getInt("rollout_ended") == 1,
          Instant.ofEpochMilli(row.getLong("ticked_at")),
          row.getLong("version"));
    } catch (MalformedJob e) {
      throw new IllegalStateException("a stored job is not readable", e);
    }
  }
}
