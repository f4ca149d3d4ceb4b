package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How a job ends before its time: in one transaction, so that no device begins with it afterwards.
 */
final class Cancellation {
  // Bound: executions that are held in memory.
  private static final int PORTION = 500;

  // Bound: how often executions are looked for that others changed meanwhile.
  private static final int ROUNDS_MAX = 10;

  private Cancellation() {}

  /**
   * Cancels a job, whose row the transaction holds.
   *
   * @param force whether who has begun is to stop, too
   * @param reason a word for programs
   */
  static void cancel(
      Handle handle,
      JobRecord job,
      boolean force,
      EventType type,
      @Nullable String reason,
      @Nullable String comment,
      String actor,
      Instant now) {
    JobTable.change(handle, job.id(), JobState.CANCELED, reason, comment, actor, now);
    TargetTable.clear(handle, job.id());
    long ended = endExecutions(handle, job.id(), force, now);
    var facts = new TreeMap<String, String>();
    facts.put("force", Boolean.toString(force));
    facts.put("executions", Long.toString(ended));
    if (reason != null) {
      facts.put("reason", reason);
    }
    tell(handle, type, job.id(), actor, now, facts);
  }

  /** Cancels what waits, and by force what is in progress; how many that were. */
  static long endExecutions(Handle handle, String job, boolean force, Instant now) {
    var statuses =
        force
            ? List.of(ExecutionStatus.QUEUED, ExecutionStatus.IN_PROGRESS)
            : List.of(ExecutionStatus.QUEUED);
    long ended = 0;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      long some = endRound(handle, job, statuses, now);
      if (some == 0) {
        break;
      }
      ended += some;
    }
    return ended;
  }

  private static long endRound(
      Handle handle, String job, List<ExecutionStatus> statuses, Instant now) {
    long ended = 0;
    var after = "";
    while (true) {
      var some = ExecutionTable.ofJob(handle, job, statuses, after, PORTION);
      if (some.isEmpty()) {
        return ended;
      }
      end(handle, some, ExecutionStatus.CANCELED, now);
      ended += some.size();
      after = some.getLast().device();
    }
  }

  /** Ends executions that are as they were read, and notes whom to tell. */
  static void end(Handle handle, List<Execution> some, ExecutionStatus status, Instant now) {
    NoticeTable.around(
        handle,
        some.stream().map(Execution::device).toList(),
        now,
        () -> ExecutionTable.changeAll(handle, some, one -> one.ended(status, null, now)));
  }

  static void tell(
      Handle handle,
      EventType type,
      String job,
      String actor,
      Instant now,
      Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, job, facts));
  }
}
