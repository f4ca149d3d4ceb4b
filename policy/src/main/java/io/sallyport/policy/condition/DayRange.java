package io.sallyport.policy.condition;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** A part of every day, from its first minute to before its last one; it may run over midnight. */
record DayRange(LocalTime from, LocalTime to) {
  private static final Pattern RANGE = Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})");
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}");

  /** Reads {@code HH:MM-HH:MM}; a range from a minute to itself could mean all or nothing. */
  static Optional<DayRange> parse(String text) {
    var range = RANGE.matcher(text);
    if (!range.matches()) {
      return Optional.empty();
    }
    var from = time(range.group(1));
    var to = time(range.group(2));
    return from.isPresent() && to.isPresent() && !from.equals(to)
        ? Optional.of(new DayRange(from.get(), to.get()))
        : Optional.empty();
  }

  private static Optional<LocalTime> time(String text) {
    try {
      return TIME.matcher(text).matches() ? Optional.of(LocalTime.parse(text)) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  Truth covers(String actual) {
    return time(actual).map(time -> Truth.of(covers(time))).orElse(Truth.UNKNOWN);
  }

  private boolean covers(LocalTime time) {
    boolean begun = !time.isBefore(from);
    boolean over = !time.isBefore(to);
    return from.isBefore(to) ? begun && !over : begun || !over;
  }
}
