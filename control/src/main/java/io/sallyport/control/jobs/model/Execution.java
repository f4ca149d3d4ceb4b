package io.sallyport.control.jobs.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one device at one job. What changes it answers with another, whose version is one
 * higher; times are whole milliseconds.
 *
 * @param number the attempt of that device at that job, from 1
 * @param details what the device said of its status
 * @param version from 1, one more with every change
 * @param startedAt null until it is in progress
 * @param inProgressUntil when it times out, whatever the device says; null for never
 * @param stepUntil when it times out unless the device says more; null for never
 * @param retryOf what the attempt before came to, if this one is its retry
 * @param failedBefore so many attempts failed since the device became a target
 * @param timedOutBefore so many timed out since then
 */
public record Execution(
    String job,
    String device,
    long number,
    ExecutionStatus status,
    Map<String, String> details,
    long version,
    Instant queuedAt,
    @Nullable Instant startedAt,
    Instant updatedAt,
    @Nullable Instant inProgressUntil,
    @Nullable Instant stepUntil,
    @Nullable ExecutionStatus retryOf,
    int failedBefore,
    int timedOutBefore) {

  /** Copies the details. */
  public Execution {
    details = Map.copyOf(details);
  }

  /** A first attempt, or one after the device had stopped to be a target. */
  public static Execution queued(String job, String device, long number, Instant now) {
    return new Execution(
        job,
        device,
        number,
        ExecutionStatus.QUEUED,
        Map.of(),
        1,
        now,
        null,
        now,
        null,
        null,
        null,
        0,
        0);
  }

  /** When it times out if nothing is heard; null for never. */
  public @Nullable Instant dueAt() {
    if (inProgressUntil == null || stepUntil == null) {
      return inProgressUntil == null ? stepUntil : inProgressUntil;
    }
    return stepUntil.isBefore(inProgressUntil) ? stepUntil : inProgressUntil;
  }

  /** Whether it waits or is worked on. */
  public boolean isPending() {
    return !status.isTerminal();
  }

  /**
   * What its device reports.
   *
   * @param timeout of the job for an execution in progress; null for none
   */
  public Transition report(Report report, @Nullable Duration timeout, Instant now) {
    var expected = report.expectedVersion();
    if (expected != null && expected != version) {
      return new Transition.Refused(
          Transition.Why.VERSION_MISMATCH, "the version is " + version + ", not " + expected);
    }
    if (status.isTerminal() || !report.status().isReported()) {
      return new Transition.Refused(
          Transition.Why.INVALID_STATE,
          "an execution that is " + status + " does not become " + report.status());
    }
    var next = with(report.status(), report.details(), now);
    if (next.status.isTerminal()) {
      return new Transition.Made(next);
    }
    var begun = startedAt == null ? now : startedAt;
    var until =
        status == ExecutionStatus.QUEUED && timeout != null ? now.plus(timeout) : inProgressUntil;
    return new Transition.Made(next.running(begun, until, report.step().apply(stepUntil, now)));
  }

  /** The same, ended by this side; whoever asks has seen to it that it may. */
  public Execution ended(
      ExecutionStatus newStatus, @Nullable Map<String, String> newDetails, Instant now) {
    if (status.isTerminal() || !newStatus.isTerminal()) {
      throw new IllegalStateException(status + " does not end as " + newStatus);
    }
    return with(newStatus, newDetails, now);
  }

  /** The next attempt, after this one failed or timed out. */
  public Execution retried(Instant now) {
    if (status != ExecutionStatus.FAILED && status != ExecutionStatus.TIMED_OUT) {
      throw new IllegalStateException("what is " + status + " is not tried again");
    }
    boolean failed = status == ExecutionStatus.FAILED;
    return new Execution(
        job,
        device,
        number + 1,
        ExecutionStatus.QUEUED,
        Map.of(),
        1,
        now,
        null,
        now,
        null,
        null,
        status,
        failed ? failedBefore + 1 : failedBefore,
        failed ? timedOutBefore : timedOutBefore + 1);
  }

  private Execution with(
      ExecutionStatus newStatus, @Nullable Map<String, String> newDetails, Instant now) {
    return new Execution(
        job,
        device,
        number,
        newStatus,
        newDetails == null ? details : newDetails,
        version + 1,
        queuedAt,
        startedAt,
        now,
        null,
        null,
        retryOf,
        failedBefore,
        timedOutBefore);
  }

  private Execution running(Instant begun, @Nullable Instant until, @Nullable Instant newStep) {
    return new Execution(
        job,
        device,
        number,
        status,
        details,
        version,
        queuedAt,
        begun,
        updatedAt,
        until,
        newStep,
        retryOf,
        failedBefore,
        timedOutBefore);
  }
}
