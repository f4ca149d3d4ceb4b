package io.sallyport.microbench;

import io.sallyport.policy.SessionPolicy;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the rights of one more session cost in memory, where the template is shared. */
final class Memory {
  private static final int SESSIONS = 100_000;
  private static final int STATEMENTS = 20;
  private static final int COLLECTIONS = 5;

  private Memory() {}

  static String report() {
    return String.format(
        Locale.ROOT, "%n%d sessions of one template: %d bytes each", SESSIONS, bytesPerSession());
  }

  /** All that a session keeps for its rights, but for the client id, which it has anyway. */
  static long bytesPerSession() {
    var policies = SallyportEngine.policies(Rules.of(STATEMENTS));
    var devices = IntStream.range(0, SESSIONS).mapToObj("device-%06d"::formatted).toList();
    SessionPolicy.compile(policies, SallyportEngine.subject(Rules.DEVICE));
    long before = used();
    var sessions =
        devices.stream()
            .map(device -> SessionPolicy.compile(policies, SallyportEngine.subject(device)))
            .toList();
    long after = used();
    if (sessions.size() != devices.size()) {
      throw new IllegalStateException("sessions were lost");
    }
    return (after - before) / SESSIONS;
  }

  private static long used() {
    var runtime = Runtime.getRuntime();
    for (int i = 0; i < COLLECTIONS; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
