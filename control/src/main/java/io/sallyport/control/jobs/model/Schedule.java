package io.sallyport.control.jobs.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a job is given out.
 *
 * @param start null for at once
 * @param end null for never
 * @param windows empty for at any time
 */
public record Schedule(
    @Nullable Instant start,
    @Nullable Instant end,
    EndBehavior atEnd,
    List<MaintenanceWindow> windows) {
  /** At once and without an end. */
  public static final Schedule NONE = new Schedule(null, null, EndBehavior.STOP_ROLLOUT, List.of());

  /** What becomes of a job at its end. */
  public enum EndBehavior {
    /** Nobody else is given it; who has it may finish. */
    STOP_ROLLOUT,
    /** It is cancelled; who has begun may finish. */
    CANCEL,
    /** It is cancelled, whoever has begun. */
    FORCE_CANCEL
  }

  /** Copies the windows. */
  public Schedule {
    windows = List.copyOf(windows);
  }

  /** Whether it has begun. */
  public boolean hasBegun(Instant now) {
    return start == null || !now.isBefore(start);
  }

  /** Whether it is over. */
  public boolean isOver(Instant now) {
    return end != null && !now.isBefore(end);
  }

  /** Whether it is given out now: begun, not over, and in a window if there are any. */
  public boolean isOpen(Instant now) {
    return hasBegun(now)
        && !isOver(now)
        && (windows.isEmpty() || windows.stream().anyMatch(window -> window.isOpen(now)));
  }

  /** When a window opens next; nothing without windows. */
  public Optional<Instant> nextOpening(Instant now) {
    return windows.stream().map(window -> window.nextOpening(now)).min(Comparator.naturalOrder());
  }
}
