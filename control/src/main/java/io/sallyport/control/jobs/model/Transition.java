package io.sallyport.control.jobs.model;

/** What became of a device's report. */
public sealed interface Transition {
  /** The execution is this now. */
  record Made(Execution after) implements Transition {}

  /** It stays as it was. */
  record Refused(Why why, String detail) implements Transition {}

  /** Why it stays. */
  enum Why {
    INVALID_STATE,
    VERSION_MISMATCH
  }
}
