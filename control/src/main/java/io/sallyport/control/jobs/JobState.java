package io.sallyport.control.jobs;

import java.util.Optional;

/** Where a job stands: the words of AWS IoT Jobs. */
public enum JobState {
  /** It begins later. */
  SCHEDULED,
  IN_PROGRESS,
  CANCELED,
  /** Every execution has ended, and nobody else becomes a target. */
  COMPLETED;

  /** Whether it may still be given out. */
  public boolean isAlive() {
    return this == SCHEDULED || this == IN_PROGRESS;
  }

  /** The state of that name. */
  public static Optional<JobState> of(String name) {
    for (var state : values()) {
      if (state.name().equals(name)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
