package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.jobs.model.Pending;
import io.sallyport.control.revocation.Ending;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Handle;

/** What a revoked device was to do is taken from it: it is no target any more. */
public final class JobEnding implements Ending {
  // Bound: how often is looked again for what its device changed meanwhile.
  private static final int ROUNDS_MAX = 4;

  @Override
  public String what() {
    return "jobs";
  }

  @Override
  public void end(Handle handle, PrincipalId id, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MILLIS);
    TargetTable.forget(handle, id.value());
    var pending = ExecutionTable.pending(handle, id.value());
    for (int round = 0; round < ROUNDS_MAX && !pending.items().isEmpty(); round++) {
      ExecutionTable.changeAll(
          handle,
          pending.items().stream().map(Pending.Item::execution).toList(),
          execution -> execution.ended(ExecutionStatus.REMOVED, null, now));
      pending = ExecutionTable.pending(handle, id.value());
    }
    // There is nobody to tell.
    NoticeTable.forget(handle, id.value());
  }

  @Override
  public long ended(Handle handle, PrincipalId id, Instant at) {
    return ExecutionTable.removedAt(handle, id.value(), at.truncatedTo(ChronoUnit.MILLIS));
  }
}
