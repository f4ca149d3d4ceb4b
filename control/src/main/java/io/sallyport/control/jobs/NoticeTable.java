package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Pending;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Devices that are to be told that what they have to do changed: noted in the transaction that
 * changes it, told after that. Told twice after a crash rather than never.
 */
final class NoticeTable {
  private NoticeTable() {}

  /**
   * One device to be told.
   *
   * @param next whether something else is first on its list
   */
  record Notice(String device, boolean next, long version) {}

  /** Changes executions of these devices, and notes whom that concerns. */
  static void around(Handle handle, List<String> devices, Instant now, Runnable change) {
    var before = ExecutionTable.pending(handle, devices);
    change.run();
    var after = ExecutionTable.pending(handle, devices);
    var batch =
        handle.prepareBatch(
            "insert into job_notice (device, next_changed, version)"
                + " values (:device, :next, :now) on conflict (device) do update set"
                + " next_changed = case when job_notice.next_changed = 1 then 1"
                + " else excluded.next_changed end, version = job_notice.version + 1");
    for (var device : devices.stream().distinct().sorted().toList()) {
      var then = before.getOrDefault(device, Pending.NONE);
      var list = after.getOrDefault(device, Pending.NONE);
      if (list.listChanged(then)) {
        batch
            .bind("device", device)
            .bind("next", list.nextChanged(then) ? 1 : 0)
            .bind("now", now.toEpochMilli())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** The next ones after a device, in the order of devices. */
  static List<Notice> page(Handle handle, String after, int limit) {
    return handle
        .createQuery(
            "select device, next_changed, version from job_notice where device > :after"
                + " order by device limit :limit")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, _) -> new Notice(row.getString(1), row.getInt(2) == 1, row.getLong(3)))
        .list();
  }

  /** These were told; what changed since is told again. */
  static void told(Handle handle, List<Notice> notices) {
    var batch =
        handle.prepareBatch("delete from job_notice where device = :device and version = :version");
    notices.forEach(
        notice -> batch.bind("device", notice.device()).bind("version", notice.version()).add());
    batch.execute();
  }

  static void forget(Handle handle, String device) {
    handle.execute("delete from job_notice where device = ?", device);
  }

  static long count(Handle handle) {
    return handle.createQuery("select count(*) from job_notice").mapTo(Long.class).one();
  }
}
