package io.sallyport.control.jobs.model;

/**
 * How often what failed is tried again.
 *
 * @param retries of each device, 0 to {@link #RETRIES_MAX}; of all rules of a job together
 */
public record RetryRule(Failure failure, int retries) {
  /** Bound: retries of one device, as on AWS IoT. */
  public static final int RETRIES_MAX = 10;

  /** What is tried again. */
  public enum Failure {
    FAILED,
    TIMED_OUT,
    ALL
  }

  /** Whether an execution that ended is tried again. */
  public boolean allows(Execution ended) {
    return switch (failure) {
      case FAILED -> ended.status() == ExecutionStatus.FAILED && ended.failedBefore() < retries;
      case TIMED_OUT ->
          ended.status() == ExecutionStatus.TIMED_OUT && ended.timedOutBefore() < retries;
      case ALL ->
          (ended.status() == ExecutionStatus.FAILED || ended.status() == ExecutionStatus.TIMED_OUT)
              && ended.failedBefore() + ended.timedOutBefore() < retries;
    };
  }
}
