package io.sallyport.cli.observation;

import java.time.Duration;

/** How long ago something was. */
final class Since {
  private Since() {}

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
