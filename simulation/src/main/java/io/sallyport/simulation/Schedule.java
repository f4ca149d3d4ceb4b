package io.sallyport.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Time, and what happens in it, ordered by moment and then by who came first, so that one seed is
 * one history. What lies ahead waits unordered, by the hour; only the hour that it is now is a
 * heap. Most of what a fleet plans is months away: in one heap of all of it, each step would be
 * twenty misses of the cache.
 */
final class Schedule {
  /** When the simulation begins. */
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final PriorityQueue<Happening> thisHour = new PriorityQueue<>();
  private final List<List<Happening>> hours = new ArrayList<>();
  private int hour;
  private long order;
  private long now;
  private long happened;

  private record Happening(long moment, long order, Runnable what)
      implements Comparable<Happening> {
    @Override
    public int compareTo(Happening other) {
      int byMoment = Long.compare(moment, other.moment);
      return byMoment == 0 ? Long.compare(order, other.order) : byMoment;
    }
  }

  /** Milliseconds since the beginning. */
  long now() {
    return now;
  }

  Instant instant() {
    return BEGIN.plusMillis(now);
  }

  long happened() {
    return happened;
  }

  void at(Instant moment, Runnable happening) {
    in(Duration.between(instant(), moment).toMillis(), happening);
  }

  void in(Duration delay, Runnable happening) {
    in(delay.toMillis(), happening);
  }

  /** After that many milliseconds, or at once if they are negative. */
  void in(long delay, Runnable happening) {
    var moment = now + Math.max(0, delay);
    var one = new Happening(moment, order++, happening);
    int its = (int) (moment / HOUR);
    if (its <= hour) {
      thisHour.add(one);
      return;
    }
    while (hours.size() <= its) {
      hours.add(new ArrayList<>(0));
    }
    hours.get(its).add(one);
  }

  /** Lets happen what is to happen until then. */
  void runUntil(Duration end) {
    while (isBefore(end)) {
      var next = thisHour.remove();
      now = next.moment();
      happened++;
      next.what().run();
    }
    now = end.toMillis();
  }

  /** Whether something is left until then; it is in the heap if so. */
  private boolean isBefore(Duration end) {
    while (thisHour.isEmpty() && hour < end.toMillis() / HOUR) {
      hour++;
      if (hour < hours.size()) {
        thisHour.addAll(hours.set(hour, List.of()));
      }
    }
    return !thisHour.isEmpty() && thisHour.element().moment() <= end.toMillis();
  }
}
