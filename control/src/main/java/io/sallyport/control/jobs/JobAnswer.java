package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.Execution;
import io.sallyport.control.jobs.model.Tally;

/** What became of an operator's request about jobs. */
public sealed interface JobAnswer {
  /**
   * The job as it is now.
   *
   * @param waiting devices of a snapshot that were not given it yet
   */
  record Shown(JobRecord job, Tally tally, long waiting) implements JobAnswer {}

  /** The job is gone. */
  record Deleted(String id) implements JobAnswer {}

  /** The execution as it is now. */
  record ExecutionEnded(Execution execution) implements JobAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements JobAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    /** It is no target. */
    UNACCEPTABLE,
    UNKNOWN,
    CONFLICT
  }
}
