package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.MaintenanceWindow;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads moments and maintenance windows. */
final class WindowReader {
  private static final DateTimeFormatter OF_AWS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");

  // One time of some days of the week: what AWS's expressions are used for here.
  private static final Pattern CRON =
      Pattern.compile("cron\\((\\d{1,2}) (\\d{1,2}) (?:\\?|\\*) \\* ([0-9A-Z,*?-]{1,64}) \\*\\)");

  // As AWS counts: 1 is Sunday.
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private WindowReader() {}

  /** ISO 8601 with an offset, or AWS's YYYY-MM-DD HH:MM, which is UTC. */
  static @Nullable Instant instant(@Nullable String text, String name) throws MalformedJob {
    if (text == null) {
      return null;
    }
    try {
      return text.indexOf('T') < 0
          ? LocalDateTime.parse(text, OF_AWS).toInstant(ZoneOffset.UTC)
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new MalformedJob(
          "'" + name + "' is like 2030-01-31T22:00:00Z, or 2030-01-31 22:00 in UTC");
    }
  }

  static List<MaintenanceWindow> windows(@Nullable List<JobForm.WindowForm> forms)
      throws MalformedJob {
    var windows = new ArrayList<MaintenanceWindow>();
    if (forms == null) {
      return windows;
    }
    if (forms.isEmpty() || forms.size() > MaintenanceWindow.WINDOWS_MAX) {
      throw new MalformedJob(
          "'maintenanceWindows' has 1 to " + MaintenanceWindow.WINDOWS_MAX + " windows");
    }
    for (var form : forms) {
      windows.add(window(form));
    }
    return windows;
  }

  private static MaintenanceWindow window(JobForm.WindowForm form) throws MalformedJob {
    var length =
        Duration.ofMinutes(
            JobReader.number(
                form.durationInMinutes(), "durationInMinutes", 1, MaintenanceWindow.MINUTES_MAX));
    var start = form.startTime() == null ? "" : form.startTime();
    try {
      var zone = form.timeZone() == null ? ZoneOffset.UTC : ZoneId.of(form.timeZone());
      var cron = CRON.matcher(start);
      if (cron.matches()) {
        if (form.days() != null) {
          throw new MalformedJob("the days are in the expression '" + start + "' already");
        }
        var time = LocalTime.of(Integer.parseInt(cron.group(2)), Integer.parseInt(cron.group(1)));
        return new MaintenanceWindow(time, cronDays(cron.group(3)), zone, length);
      }
      return new MaintenanceWindow(LocalTime.parse(start, TIME), days(form.days()), zone, length);
    } catch (DateTimeException e) {
      throw new MalformedJob(
          "a window has a 'startTime' HH:MM or cron(M H ? * DAYS *), and a 'timeZone' like"
              + " Europe/Berlin");
    }
  }

  private static Set<DayOfWeek> days(@Nullable List<String> names) throws MalformedJob {
    if (names == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var name : names) {
      days.add(day(DAYS.indexOf(name)));
    }
    if (days.isEmpty()) {
      throw new MalformedJob("'days' names one day at least");
    }
    return days;
  }

  private static Set<DayOfWeek> cronDays(String text) throws MalformedJob {
    if (text.equals("*") || text.equals("?")) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    var days = EnumSet.noneOf(DayOfWeek.class);
    for (var part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = cronDay(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : cronDay(part.substring(dash + 1));
      if (to < from) {
        throw new MalformedJob("days run from SUN to SAT, not '" + part + "'");
      }
      for (int day = from; day <= to; day++) {
        days.add(day(day));
      }
    }
    return days;
  }

  /** 0 for Sunday. */
  private static int cronDay(String text) {
    return text.matches("[1-7]") ? text.charAt(0) - '1' : DAYS.indexOf(text);
  }

  private static DayOfWeek day(int index) throws MalformedJob {
    if (index < 0) {
      throw new MalformedJob("days are " + String.join(", ", DAYS));
    }
    return index == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(index);
  }
}
