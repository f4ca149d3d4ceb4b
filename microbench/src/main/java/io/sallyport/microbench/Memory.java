package io.sallyport.microbench;

import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the rights of one more session cost in memory, where the template is shared. */
final class Memory {
  private static final int SESSIONS = 100_000;
  private static final int COLLECTIONS = 5;

  private Memory() {}

  static String report() {
    return String.format(
        Locale.ROOT, "%n%d sessions of one template: %d bytes each", SESSIONS, bytesPerSession());
  }

  /** Without the client id and the facts of the connection, which the session has anyway. */
  static long bytesPerSession() {
    var policies = SallyportEngine.policies(Rules.of(20));
    var subjects = new ArrayList<io.sallyport.policy.Subject>();
    for (int i = 0; i < SESSIONS; i++) {
      subjects.add(SallyportEngine.subject("device-%06d".formatted(i)));
    }
    SessionPolicy.compile(policies, subjects.getFirst());
    long before = used();
    var sessions = sessions(policies, subjects);
    long after = used();
    if (sessions.size() != subjects.size()) {
      throw new IllegalStateException("sessions were lost");
    }
    return (after - before) / SESSIONS;
  }

  private static List<SessionPolicy> sessions(
      PolicySet policies, List<io.sallyport.policy.Subject> subjects) {
    var sessions = new ArrayList<SessionPolicy>(SESSIONS);
    subjects.forEach(subject -> sessions.add(SessionPolicy.compile(policies, subject)));
    return sessions;
  }

  private static long used() {
    var runtime = Runtime.getRuntime();
    for (int i = 0; i < COLLECTIONS; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
