package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Pending;
import io.sallyport.control.jobs.model.Tally;
import io.sallyport.control.store.StringMaps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The table of executions; every method runs in the transaction of its handle. */
final class ExecutionTable {
  private static final String PENDING = "e.status in ('QUEUED', 'IN_PROGRESS')";

  private static final String CHANGE =
      "update job_execution set status = :status, details = :details, version = :version,"
          + " started_at = :started, updated_at = :updated, in_progress_until = :until,"
          + " step_until = :step, due_at = :due where job = :job and device = :device"
          + " and number = :number and version = :was";

  private ExecutionTable() {}

  /** Adds one, which is the latest of its device from now on. */
  static void insert(Handle handle, Execution execution) {
    insertAll(handle, List.of(execution));
  }

  /** Adds some, each the latest of its device from now on. */
  static void insertAll(Handle handle, List<Execution> executions) {
    var later = executions.stream().filter(execution -> execution.number() > 1).toList();
    if (!later.isEmpty()) {
      var old =
          handle.prepareBatch(
              "update job_execution set latest = 0 where job = :job and device = :device");
      later.forEach(one -> old.bind("job", one.job()).bind("device", one.device()).add());
      old.execute();
    }
    var batch =
        handle.prepareBatch(
            "insert into job_execution (job, device, number, latest, status, details, version,"
                + " queued_at, started_at, updated_at, in_progress_until, step_until, due_at,"
                + " retry_of, failed_before, timed_out_before) values (:job, :device, :number, 1,"
                + " :status, :details, :version, :queued, :started, :updated, :until, :step, :due,"
                + " :retry, :failed, :timed)");
    executions.forEach(one -> bind(batch, one).add());
    batch.execute();
  }

  /** Changes one that is as it was read; false when it is not. */
  static boolean change(Handle handle, Execution before, Execution after) {
    var update = handle.createUpdate(CHANGE);
    return bind(update, after).bind("was", before.version()).execute() == 1;
  }

  /** Changes those that are as they were read; the others stay, whoever changed them. */
  static void changeAll(Handle handle, List<Execution> before, UnaryOperator<Execution> change) {
    var batch = handle.prepareBatch(CHANGE);
    before.forEach(one -> bind(batch, change.apply(one)).bind("was", one.version()).add());
    batch.execute();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, Execution one) {
    return statement
        .bind("job", one.job())
        .bind("device", one.device())
        .bind("number", one.number())
        .bind("status", one.status().name())
        .bind("details", StringMaps.write(one.details()))
        .bind("version", one.version())
        .bind("queued", one.queuedAt().toEpochMilli())
        .bindBySqlType("started", millis(one.startedAt()), Types.BIGINT)
        .bind("updated", one.updatedAt().toEpochMilli())
        .bindBySqlType("until", millis(one.inProgressUntil()), Types.BIGINT)
        .bindBySqlType("step", millis(one.stepUntil()), Types.BIGINT)
        .bindBySqlType("due", millis(one.dueAt()), Types.BIGINT)
        .bind("retry", one.retryOf() == null ? null : one.retryOf().name())
        .bind("failed", one.failedBefore())
        .bind("timed", one.timedOutBefore());
  }

  /**
   * One execution of a device.
   *
   * @param number null for the latest
   */
  static Optional<Execution> find(Handle handle, String job, String device, @Nullable Long number) {
    return handle
        .createQuery(
            "select * from job_execution e where job = :job and device = :device and "
                + (number == null ? "latest = 1" : "number = :number"))
        .bind("job", job)
        .bind("device", device)
        .bind("number", number)
        .map((row, _) -> execution(row))
        .findOne();
  }

  /** Every attempt of a device at a job, the first one first. */
  static List<Execution> attempts(Handle handle, String job, String device) {
    return handle
        .createQuery(
            "select * from job_execution e where job = :job and device = :device order by number")
        .bind("job", job)
        .bind("device", device)
        .map((row, _) -> execution(row))
        .list();
  }

  static Pending pending(Handle handle, String device) {
    return pending(handle, List.of(device)).getOrDefault(device, Pending.NONE);
  }

  /** What each of these devices has to do; those without are not in it. */
  static Map<String, Pending> pending(Handle handle, List<String> devices) {
    var items = new HashMap<String, List<Pending.Item>>();
    if (!devices.isEmpty()) {
      handle
          .createQuery(
              "select e.*, j.created_at as job_order from job_execution e join job j"
                  + " on j.id = e.job where e.device in (<devices>) and "
                  + PENDING)
          .bindList("devices", devices)
          .map((row, _) -> new Pending.Item(execution(row), row.getLong("job_order")))
          .forEach(
              item ->
                  items
                      .computeIfAbsent(item.execution().device(), _ -> new ArrayList<>())
                      .add(item));
    }
    return items.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> new Pending(entry.getValue())));
  }

  static Tally tally(Handle handle, String job) {
    var tally = new Tally();
    handle
        .createQuery(
            "select status, retry_of, count(*) from job_execution where job = :job and latest = 1"
                + " group by status, retry_of")
        .bind("job", job)
        .map(
            (row, _) ->
                tally.add(
                    ExecutionStatus.valueOf(row.getString(1)),
                    statusOrNull(row.getString(2)),
                    row.getLong(3)))
        .list();
    return tally;
  }

  /** How many devices were given a job after a moment; what is tried again does not count. */
  static long givenAfter(Handle handle, String job, Instant after) {
    return handle
        .createQuery(
            "select count(*) from job_execution where job = :job and queued_at > :after"
                + " and retry_of is null")
        .bind("job", job)
        .bind("after", after.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  /** Those whose time is over, first those that are so longest. */
  static List<Execution> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            "select * from job_execution e where due_at <= :now order by due_at, job, device"
                + " limit :limit")
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .map((row, _) -> execution(row))
        .list();
  }

  /** Latest executions of a job, in the order of devices. */
  static List<Execution> ofJob(
      Handle handle, String job, List<ExecutionStatus> statuses, String after, int limit) {
    return handle
        .createQuery(
            "select * from job_execution e where job = :job and latest = 1 and device > :after"
                + " and status in (<statuses>) order by device limit :limit")
        .bind("job", job)
        .bind("after", after)
        .bindList("statuses", statuses.stream().map(Enum::name).toList())
        .bind("limit", limit)
        .map((row, _) -> execution(row))
        .list();
  }

  /** Latest executions of a device, in the order of jobs. */
  static List<Execution> ofDevice(
      Handle handle, String device, List<ExecutionStatus> statuses, String after, int limit) {
    return handle
        .createQuery(
            "select * from job_execution e where device = :device and latest = 1 and job > :after"
                + " and status in (<statuses>) order by job limit :limit")
        .bind("device", device)
        .bind("after", after)
        .bindList("statuses", statuses.stream().map(Enum::name).toList())
        .bind("limit", limit)
        .map((row, _) -> execution(row))
        .list();
  }

  /** How many of a device's were ended as no target's at that moment. */
  static long removedAt(Handle handle, String device, Instant at) {
    return handle
        .createQuery(
            "select count(*) from job_execution where device = :device and status = 'REMOVED'"
                + " and updated_at = :at")
        .bind("device", device)
        .bind("at", at.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  static Map<ExecutionStatus, Long> countPending(Handle handle) {
    var counts = new HashMap<ExecutionStatus, Long>();
    handle
        .createQuery(
            "select status, count(*) from job_execution e where " + PENDING + " group by status")
        .map((row, _) -> Map.entry(ExecutionStatus.valueOf(row.getString(1)), row.getLong(2)))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  static void deleteOfJob(Handle handle, String job) {
    handle.execute("delete from job_execution where job = ?", job);
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : Long.valueOf(instant.toEpochMilli());
  }

  private static @Nullable ExecutionStatus statusOrNull(@Nullable String name) {
    return name == null ? null : ExecutionStatus.valueOf(name);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static Execution execution(ResultSet row) throws SQLException {
    return new Execution(
        row.getString("job"),
        row.getString("device"),
        row.getLong("number"),
        ExecutionStatus.valueOf(row.getString("status")),
        StringMaps.read(row.getString("details")),
        row.getLong("version"),
        Instant.ofEpochMilli(row.getLong("queued_at")),
        instant(row, "started_at"),
        Instant.ofEpochMilli(row.getLong("updated_at")),
        instant(row, "in_progress_until"),
        instant(row, "step_until"),
        statusOrNull(row.getString("retry_of")),
        row.getInt("failed_before"),
        row.getInt("timed_out_before"));
  }
}
