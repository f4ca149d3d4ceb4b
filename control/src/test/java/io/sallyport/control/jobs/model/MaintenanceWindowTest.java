package io.sallyport.control.jobs.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows of local time, also on the days when the clocks are changed. */
class MaintenanceWindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Set<DayOfWeek> DAILY = EnumSet.allOf(DayOfWeek.class);

  private static MaintenanceWindow daily(String begins, int minutes) {
    return new MaintenanceWindow(
        LocalTime.parse(begins), DAILY, BERLIN, Duration.ofMinutes(minutes));
  }

  private static void openFromTo(MaintenanceWindow window, String from, String to) {
    var start = Instant.parse(from);
    var end = Instant.parse(to);
    assertThat(window.isOpen(start.minusMillis(1))).isFalse();
    assertThat(window.isOpen(start)).isTrue();
    assertThat(window.isOpen(end.minusMillis(1))).isTrue();
    assertThat(window.isOpen(end)).isFalse();
    assertThat(window.nextOpening(start.minusMillis(1))).isEqualTo(start);
    assertThat(window.nextOpening(start)).isAfter(start);
  }

  @Test
  void aLocalTimeInWinterAndInSummer() {
    openFromTo(daily("22:00", 60), "2030-01-15T21:00:00Z", "2030-01-15T22:00:00Z");
    openFromTo(daily("22:00", 60), "2030-07-15T20:00:00Z", "2030-07-15T21:00:00Z");
  }

  /** On 31 March 2030 the clocks leap from 2:00 to 3:00. */
  @Test
  void aTimeThatTheClocksLeapOverBeginsThatMuchLater() {
    openFromTo(daily("02:30", 60), "2030-03-31T01:30:00Z", "2030-03-31T02:30:00Z");
    // It begins before and is as long as ever: until 4:00 of the new time.
    openFromTo(daily("01:00", 120), "2030-03-31T00:00:00Z", "2030-03-31T02:00:00Z");
  }

  /** On 27 October 2030 the clocks go from 3:00 back to 2:00. */
  @Test
  void aTimeThatTheClocksShowTwiceBeginsTheFirstTimeOnly() {
    openFromTo(daily("02:30", 30), "2030-10-27T00:30:00Z", "2030-10-27T01:00:00Z");
    assertThat(daily("02:30", 30).isOpen(Instant.parse("2030-10-27T01:30:00Z"))).isFalse();
  }

  @Test
  void overMidnightItBelongsToTheDayOnWhichItBegan() {
    var friday =
        new MaintenanceWindow(
            LocalTime.of(23, 0), EnumSet.of(DayOfWeek.FRIDAY), ZoneOffset.UTC, Duration.ofHours(2));

    // 4 January 2030 is a Friday.
    openFromTo(friday, "2030-01-04T23:00:00Z", "2030-01-05T01:00:00Z");
    assertThat(friday.isOpen(Instant.parse("2030-01-05T23:30:00Z"))).isFalse();
    assertThat(friday.nextOpening(Instant.parse("2030-01-04T23:00:00Z")))
        .isEqualTo(Instant.parse("2030-01-11T23:00:00Z"));
  }

  @Test
  void aWindowWithoutADayNeverOpens() {
    var never =
        new MaintenanceWindow(LocalTime.NOON, Set.of(), ZoneOffset.UTC, Duration.ofHours(1));

    assertThat(never.isOpen(Instant.parse("2030-01-04T12:00:00Z"))).isFalse();
    assertThatThrownBy(() -> never.nextOpening(Instant.EPOCH))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aScheduleIsOpenBetweenItsEndsAndInItsWindows() {
    var start = Instant.parse("2030-01-01T00:00:00Z");
    var end = Instant.parse("2030-02-01T00:00:00Z");
    var schedule =
        new Schedule(start, end, Schedule.EndBehavior.CANCEL, List.of(daily("22:00", 60)));
    var inWindow = Instant.parse("2030-01-15T21:30:00Z");

    assertThat(schedule.isOpen(inWindow)).isTrue();
    assertThat(schedule.isOpen(inWindow.plus(Duration.ofHours(1)))).isFalse();
    assertThat(schedule.isOpen(inWindow.minus(Duration.ofDays(30)))).isFalse();
    assertThat(schedule.isOpen(inWindow.plus(Duration.ofDays(30)))).isFalse();
    assertThat(schedule.nextOpening(inWindow)).contains(Instant.parse("2030-01-16T21:00:00Z"));
    assertThat(Schedule.NONE.isOpen(inWindow)).isTrue();
    assertThat(Schedule.NONE.nextOpening(inWindow)).isEmpty();
  }
}
