package io.sallyport.control.jobs.model;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * A time of some days of the week in which a job is given out. It begins at a local time: where the
 * clocks leap over that it begins as much later, where they show it twice it begins the first time.
 * Its length is real time, whatever the clocks do.
 *
 * @param days on which it begins; at least one
 * @param length 1 to {@link #MINUTES_MAX} minutes
 */
public record MaintenanceWindow(
    LocalTime begins, Set<DayOfWeek> days, ZoneId zone, Duration length) {
  /** Bound: minutes, as on AWS IoT. */
  public static final int MINUTES_MAX = 1_430;

  /** Bound: windows of one job. */
  public static final int WINDOWS_MAX = 16;

  private static final int WEEK = 7;

  /** Copies the days. */
  public MaintenanceWindow {
    days = Set.copyOf(days);
  }

  /** Whether it is open at a moment. */
  public boolean isOpen(Instant at) {
    // The day before: it may have begun then, or clocks may have leapt over midnight.
    var today = at.atZone(zone).toLocalDate();
    for (int back = 0; back <= 2; back++) {
      var date = today.minusDays(back);
      if (days.contains(date.getDayOfWeek())) {
        var start = ZonedDateTime.of(date, begins, zone).toInstant();
        if (!at.isBefore(start) && at.isBefore(start.plus(length))) {
          return true;
        }
      }
    }
    return false;
  }

  /** When it opens next, after a moment. */
  public Instant nextOpening(Instant after) {
    var date = after.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead <= WEEK + 1; ahead++) {
      var day = date.plusDays(ahead);
      if (days.contains(day.getDayOfWeek())) {
        var start = ZonedDateTime.of(day, begins, zone).toInstant();
        if (start.isAfter(after)) {
          return start;
        }
      }
    }
    throw new IllegalStateException("a window without a day");
  }
}
