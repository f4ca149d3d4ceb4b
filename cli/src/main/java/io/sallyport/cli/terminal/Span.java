package io.sallyport.cli.terminal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** A time span as people write it: {@code 30m}, {@code 12h}, {@code 7d}. */
public final class Span {
  /** Bound: what the server remembers, and how long a token is good. */
  private static final Duration LONGEST = Duration.ofDays(90);

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})([smhd])");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Span() {}

  /**
   * Its seconds, or a refusal.
   *
   * @param what is so long, for the refusal
   */
  public static long seconds(String what, String text) {
    var form = FORM.matcher(text);
    if (form.matches()) {
      var span =
          requireNonNull(UNITS.get(form.group(2))).multipliedBy(Long.parseLong(form.group(1)));
      if (span.compareTo(LONGEST) <= 0) {
        return span.toSeconds();
      }
    }
    throw Failure.badInput(
        what + " is a number with s, m, h or d, at most 90d, not '" + text + "'");
  }
}
