package io.sallyport.control.jobs.model;

import java.util.Optional;

/** Where an execution of a job stands: the words of AWS IoT Jobs. */
public enum ExecutionStatus {
  QUEUED(false),
  IN_PROGRESS(false),
  SUCCEEDED(true),
  FAILED(true),
  TIMED_OUT(true),
  REJECTED(true),
  /** The device is no target of the job any more. */
  REMOVED(true),
  CANCELED(true);

  private final boolean terminal;

  ExecutionStatus(boolean terminal) {
    this.terminal = terminal;
  }

  /** Whether nothing changes it any more. */
  public boolean isTerminal() {
    return terminal;
  }

  /** Whether a device may say that its execution came to this. */
  public boolean isReported() {
    return switch (this) {
      case IN_PROGRESS, SUCCEEDED, FAILED, REJECTED -> true;
      case QUEUED, TIMED_OUT, REMOVED, CANCELED -> false;
    };
  }

  /** The status of that name. */
  public static Optional<ExecutionStatus> of(String name) {
    for (var status : values()) {
      if (status.name().equals(name)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
