package io.sallyport.control.jobs.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of the time that a device gave itself for a step. */
public sealed interface StepTimer {
  /** Bound: minutes of a step or of a whole execution, a week. */
  int MINUTES_MAX = 10_080;

  /** It stays as it is. */
  record Kept() implements StepTimer {}

  /** There is none any more. */
  record Discarded() implements StepTimer {}

  /** It begins anew. */
  record Set(Duration length) implements StepTimer {}

  /** When the step times out; null for never. */
  default @Nullable Instant apply(@Nullable Instant before, Instant now) {
    return switch (this) {
      case Kept _ -> before;
      case Discarded _ -> null;
      case Set(var length) -> now.plus(length);
    };
  }
}
