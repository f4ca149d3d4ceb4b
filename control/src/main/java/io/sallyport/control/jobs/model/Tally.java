package io.sallyport.control.jobs.model;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a job has come: its devices by the status of their latest execution. */
public final class Tally {
  private final Map<ExecutionStatus, Long> devices = new EnumMap<>(ExecutionStatus.class);
  private final Map<ExecutionStatus, Long> outcomes = new EnumMap<>(ExecutionStatus.class);

  /**
   * Adds devices.
   *
   * @param retryOf what the attempt before came to
   */
  public Tally add(ExecutionStatus status, @Nullable ExecutionStatus retryOf, long count) {
    devices.merge(status, count, Long::sum);
    // What is tried again has failed all the same, until it ends otherwise.
    var outcome = status.isTerminal() ? status : retryOf;
    if (outcome != null) {
      outcomes.merge(outcome, count, Long::sum);
    }
    return this;
  }

  /** The devices of which the latest execution stands so. */
  public long of(ExecutionStatus status) {
    return devices.getOrDefault(status, 0L);
  }

  /** Those whose last attempt that ended came to this. */
  public long outcome(ExecutionStatus status) {
    return outcomes.getOrDefault(status, 0L);
  }

  /** Every device that was given the job. */
  public long notified() {
    return devices.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Those that wait or work. */
  public long pending() {
    return of(ExecutionStatus.QUEUED) + of(ExecutionStatus.IN_PROGRESS);
  }

  /** Those that came to an end of their own: not those that were taken out. */
  public long executed() {
    return outcome(ExecutionStatus.SUCCEEDED) + failed();
  }

  /** Those that came to a bad end. */
  public long failed() {
    return outcome(ExecutionStatus.FAILED)
        + outcome(ExecutionStatus.TIMED_OUT)
        + outcome(ExecutionStatus.REJECTED);
  }
}
