package io.sallyport.exchange.builtin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** When which absent session is due: its will, or its end. */
final class Appointments {
  /**
   * One moment to look at a session again.
   *
   * @param absence which absence of the session it was made for; if it came back since, it is void
   */
  record Appointment(long atMillis, SessionState session, int absence) {}

  private final PriorityQueue<Appointment> queue =
      new PriorityQueue<>(Comparator.comparingLong(Appointment::atMillis));

  synchronized void add(long atMillis, SessionState session) {
    queue.add(new Appointment(atMillis, session, session.absences));
  }

  /** Takes out what is due. */
  synchronized List<Appointment> due(long nowMillis) {
    List<Appointment> due = new ArrayList<>(0);
    for (Appointment next = queue.peek();
        next != null && next.atMillis() <= nowMillis;
        next = queue.peek()) {
      due.add(queue.remove());
    }
    return due;
  }
}
