package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Targets;
import io.sallyport.control.store.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Whom jobs are for: the devices of a snapshot that wait, and whoever is a target of a continuous
 * job at this moment. Every method runs in the transaction of its handle.
 */
final class TargetTable {
  private final Database database;
  private final int pendingMax;

  /**
   * Of that database.
   *
   * @param pendingMax who has so many executions waits for the next
   */
  TargetTable(Database database, int pendingMax) {
    this.database = database;
    this.pendingMax = pendingMax;
  }

  /** A device that is given a job, and how often it was before. */
  record Next(String device, long attempts) {}

  private record Condition(
      String sql, Map<String, Object> bindings, Map<String, List<String>> lists) {}

  /** Devices among those named that are not there, or revoked. */
  List<String> unknown(Handle handle, List<String> devices) {
    var missing = new ArrayList<>(devices);
    if (!devices.isEmpty()) {
      missing.removeAll(
          handle
              .createQuery(
                  "select id from principal where id in (<ids>) and kind = 'device'"
                      + " and standing <> 'revoked'")
              .bindList("ids", devices)
              .mapTo(String.class)
              .list());
    }
    return missing;
  }

  /** How many devices are targets now; it stops to count beyond a bound. */
  long count(Handle handle, Targets targets, int most) {
    var condition = condition(targets);
    var query =
        handle
            .createQuery(
                "select count(*) from (select id from principal where "
                    + condition.sql()
                    + " limit :most) t")
            .bindMap(condition.bindings())
            .bind("most", most);
    condition.lists().forEach(query::bindList);
    return query.mapTo(Long.class).one();
  }

  /** Keeps who is a target now. */
  void freeze(Handle handle, String job, Targets targets) {
    var condition = condition(targets);
    var update =
        handle
            .createUpdate(
                "insert into job_target (job, device) select :job, id from principal where "
                    + condition.sql())
            .bindMap(condition.bindings())
            .bind("job", job);
    condition.lists().forEach(update::bindList);
    update.execute();
  }

  /** The next devices of a snapshot that can be given the job now. */
  List<Next> waiting(Handle handle, String job, int limit) {
    return handle
        .createQuery(
            "select t.device from job_target t join principal p on p.id = t.device"
                + " where t.job = :job and p.standing = 'active' and "
                + "(select count(*) from job_execution e where e.device = t.device"
                + " and e.status in ('QUEUED', 'IN_PROGRESS')) < :most"
                + " order by t.device limit :limit")
        .bind("job", job)
        .bind("most", pendingMax)
        .bind("limit", limit)
        .map((row, _) -> new Next(row.getString(1), 0))
        .list();
  }

  /** The next devices that are targets now and were not given the job, or were taken out of it. */
  List<Next> joined(Handle handle, String job, Targets targets, int limit) {
    var condition = condition(targets);
    var query =
        handle
            .createQuery(
                "select d.id, coalesce(l.number, 0) from (select id from principal where "
                    + condition.sql()
                    + " and standing = 'active') d left join job_execution l on l.job = :job"
                    + " and l.device = d.id and l.latest = 1"
                    + " where (l.status is null or l.status = 'REMOVED')"
                    + " and (select count(*) from job_execution e where e.device = d.id"
                    + " and e.status in ('QUEUED', 'IN_PROGRESS')) < :most"
                    + " order by d.id limit :limit")
            .bindMap(condition.bindings())
            .bind("job", job)
            .bind("most", pendingMax)
            .bind("limit", limit);
    condition.lists().forEach(query::bindList);
    return query.map((row, _) -> new Next(row.getString(1), row.getLong(2))).list();
  }

  /** The next devices that wait for their turn and are no targets any more. */
  List<String> left(Handle handle, String job, Targets targets, int limit) {
    var condition = condition(targets);
    var query =
        handle
            .createQuery(
                "select device from job_execution where job = :job and latest = 1"
                    + " and status = 'QUEUED' and device not in"
                    + " (select id from principal where "
                    + condition.sql()
                    + ") order by device limit :limit")
            .bindMap(condition.bindings())
            .bind("job", job)
            .bind("limit", limit);
    condition.lists().forEach(query::bindList);
    return query.mapTo(String.class).list();
  }

  static long countWaiting(Handle handle, String job) {
    return handle
        .createQuery("select count(*) from job_target where job = :job")
        .bind("job", job)
        .mapTo(Long.class)
        .one();
  }

  static boolean isAnyWaiting(Handle handle, String job) {
    return handle
        .createQuery("select 1 from job_target where job = :job limit 1")
        .bind("job", job)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static void take(Handle handle, String job, List<String> devices) {
    if (!devices.isEmpty()) {
      handle
          .createUpdate("delete from job_target where job = :job and device in (<devices>)")
          .bind("job", job)
          .bindList("devices", devices)
          .execute();
    }
  }

  static void clear(Handle handle, String job) {
    handle.execute("delete from job_target where job = ?", job);
  }

  /** Nobody waits for this device any more; how many jobs did. */
  static int forget(Handle handle, String device) {
    return handle.execute("delete from job_target where device = ?", device);
  }

  /** Whether a device or backend is a target: never who is revoked. */
  private Condition condition(Targets targets) {
    var any = new ArrayList<String>();
    var bindings = new HashMap<String, Object>();
    var lists = new HashMap<String, List<String>>();
    if (!targets.devices().isEmpty()) {
      any.add("id in (<devices>)");
      lists.put("devices", targets.devices());
    }
    if (!targets.groups().isEmpty()) {
      any.add("id in (select principal from group_member where group_name in (<groups>))");
      lists.put("groups", targets.groups());
    }
    if (targets.query() != null) {
      var condition = targets.query().condition(database);
      any.add("(" + condition.sql() + ")");
      bindings.putAll(condition.bindings());
    }
    return new Condition(
        "kind = 'device' and standing <> 'revoked' and (" + String.join(" or ", any) + ")",
        bindings,
        lists);
  }
}
