package io.sallyport.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * Time, and what happens in it: a heap in arrays, ordered by moment and then by who came first, so
 * that one seed is one history.
 */
final class Schedule {
  /** When the simulation begins. */
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static final int SIZE_FIRST = 1024;

  private long[] moments = new long[SIZE_FIRST];
  private long[] orders = new long[SIZE_FIRST];
  private Runnable[] happenings = new Runnable[SIZE_FIRST];
  private int size;
  private long order;
  private long now;
  private long happened;

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
    if (size == moments.length) {
      moments = Arrays.copyOf(moments, size * 2);
      orders = Arrays.copyOf(orders, size * 2);
      happenings = Arrays.copyOf(happenings, size * 2);
    }
    up(size++, now + Math.max(0, delay), order++, happening);
  }

  /** Lets happen what is to happen until then. */
  void runUntil(Duration end) {
    while (size > 0 && moments[0] <= end.toMillis()) {
      now = moments[0];
      var happening = happenings[0];
      size--;
      var last = happenings[size];
      happenings[size] = Schedule::nothing;
      if (size > 0) {
        down(moments[size], orders[size], last);
      }
      happened++;
      happening.run();
    }
    now = end.toMillis();
  }

  private static void nothing() {}

  private void up(int from, long moment, long order, Runnable happening) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (!isBefore(moment, order, parent)) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    put(place, moment, order, happening);
  }

  private void down(long moment, long order, Runnable happening) {
    int place = 0;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && isBefore(moments[child + 1], orders[child + 1], child)) {
        child++;
      }
      if (isBefore(moment, order, child)) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, moment, order, happening);
  }

  private boolean isBefore(long moment, long order, int place) {
    return moment < moments[place] || (moment == moments[place] && order < orders[place]);
  }

  private void move(int from, int to) {
    put(to, moments[from], orders[from], happenings[from]);
  }

  private void put(int place, long moment, long order, Runnable happening) {
    moments[place] = moment;
    orders[place] = order;
    happenings[place] = happening;
  }
}
