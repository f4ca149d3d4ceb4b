package io.sallyport.cli.observation;

import static java.util.Objects.requireNonNull;

import io.sallyport.cli.terminal.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** A time span as people write it: {@code 30m}, {@code 12h}, {@code 7d}. */
final class Since {
  /** Bound: what the server remembers. */
  private static final Duration LONGEST = Duration.ofDays(90);

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Since() {}

  static long seconds(String text) {
    var form = FORM.matcher(text);
    if (form.matches()) {
      var span =
          requireNonNull(UNITS.get(form.group(2))).multipliedBy(Long.parseLong(form.group(1)));
      if (span.compareTo(LONGEST) <= 0) {
        return span.toSeconds();
      }
    }
    throw Failure.badInput("a time is a number with s, m, h or d, at most 90d, not '" + text + "'");
  }

  /** The two largest units of a span. */
  static String words(long seconds) {
    var span = Duration.ofSeconds(seconds);
    if (span.toDays() > 0) {
      return span.toDays() + "d " + span.toHoursPart() + "h";
    }
    if (span.toHours() > 0) {
      return span.toHours() + "h " + span.toMinutesPart() + "m";
    }
    return span.toMinutes() > 0
        ? span.toMinutes() + "m " + span.toSecondsPart() + "s"
        : seconds + "s";
  }
}
