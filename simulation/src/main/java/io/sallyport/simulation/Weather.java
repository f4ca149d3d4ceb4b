package io.sallyport.simulation;

import java.time.Duration;
import java.util.List;

/**
 * What goes wrong. Shares are between 0 and 1.
 *
 * @param lost which share of messages, answers and proofs is lost
 * @param doubled which share of messages comes twice
 * @param late which share of messages comes up to a day late, past others
 * @param reboots after which share of the steps between two writes or effects the power fails
 * @param sleepers which share of the devices is on for hours every few days only
 * @param hibernators which share of the devices is off for months
 * @param clocks which share of the devices has a clock that is hours to decades wrong
 * @param taciturn which share of the devices is not told why a door stays shut
 * @param hasty which share of the devices deletes the old key as soon as the new one worked
 * @param dropped which share of the arrivals the server forgets, though the connection stands
 * @param revoked which share of the devices an operator revokes in a year
 * @param incidents what befalls the server
 */
public record Weather(
    double lost,
    double doubled,
    double late,
    double reboots,
    double sleepers,
    double hibernators,
    double clocks,
    double taciturn,
    double hasty,
    double dropped,
    double revoked,
    List<Incident> incidents) {

  /** What befalls the server. */
  public enum Trouble {
    /** Nobody reaches it. */
    OUTAGE,
    /** Whatever it certifies, its own door refuses. */
    BROKEN_ISSUER,
    /** It refuses requests for certificates. */
    REFUSING
  }

  /**
   * One of those.
   *
   * @param trouble what
   * @param from how long after the beginning
   * @param length for how long
   */
  public record Incident(Trouble trouble, Duration from, Duration length) {
    boolean isAt(long millis) {
      return millis >= from.toMillis() && millis < from.plus(length).toMillis();
    }

    boolean overlaps(long begin, long end) {
      return end >= from.toMillis() && begin < from.plus(length).toMillis();
    }
  }

  /** Copies the incidents. */
  public Weather {
    incidents = List.copyOf(incidents);
  }

  /** Two outages, a certifier whose certificates its own door refuses, and one that refuses. */
  public static final List<Incident> YEAR_OF_INCIDENTS =
      List.of(
          new Incident(Trouble.OUTAGE, Duration.ofDays(40), Duration.ofHours(9)),
          new Incident(Trouble.BROKEN_ISSUER, Duration.ofDays(100), Duration.ofHours(30)),
          new Incident(Trouble.REFUSING, Duration.ofDays(200), Duration.ofHours(12)),
          new Incident(Trouble.OUTAGE, Duration.ofDays(300), Duration.ofDays(2)));

  /** Nothing goes wrong. */
  public static Weather fair() {
    return new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
  }

  /** As in the field: a little of everything. */
  public static Weather usual(List<Incident> incidents) {
    return new Weather(0.02, 0.02, 0.01, 0.002, 0.2, 0.08, 0.1, 0.2, 0.1, 0.005, 0.01, incidents);
  }

  /** Much worse than in any field. */
  public static Weather foul(List<Incident> incidents) {
    return new Weather(0.2, 0.2, 0.1, 0.03, 0.3, 0.2, 0.5, 0.5, 0.2, 0.05, 0.02, incidents);
  }

  /** The same without incidents (0), losses, doubles, late ones, reboots, absences, odd devices. */
  Weather without(int what) {
    return new Weather(
        what == 1 ? 0 : lost,
        what == 2 ? 0 : doubled,
        what == 3 ? 0 : late,
        what == 4 ? 0 : reboots,
        what == 5 ? 0 : sleepers,
        what == 5 ? 0 : hibernators,
        what == 6 ? 0 : clocks,
        what == 6 ? 0 : taciturn,
        what == 6 ? 0 : hasty,
        what == 1 ? 0 : dropped,
        what == 6 ? 0 : revoked,
        what == 0 ? List.of() : incidents);
  }
}
