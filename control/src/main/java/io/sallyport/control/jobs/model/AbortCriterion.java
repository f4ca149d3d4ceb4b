package io.sallyport.control.jobs.model;

/**
 * When a job is cancelled by itself.
 *
 * @param hundredths of a percent of those that were executed, 1 to 10 000
 * @param minimumExecuted nothing is decided before so many were, at least 1
 */
public record AbortCriterion(Failure failure, int hundredths, int minimumExecuted) {
  /** Bound: criteria of one job. */
  public static final int CRITERIA_MAX = 8;

  /** What counts as a failure. */
  public enum Failure {
    FAILED,
    REJECTED,
    TIMED_OUT,
    ALL
  }

  /** Whether it is met. */
  public boolean isMet(Tally tally) {
    long bad =
        switch (failure) {
          case FAILED -> tally.outcome(ExecutionStatus.FAILED);
          case REJECTED -> tally.outcome(ExecutionStatus.REJECTED);
          case TIMED_OUT -> tally.outcome(ExecutionStatus.TIMED_OUT);
          case ALL -> tally.failed();
        };
    long executed = tally.executed();
    return executed >= minimumExecuted && bad * 10_000 >= hundredths * executed;
  }
}
