package io.sallyport.control.policies;

import io.sallyport.control.TestDatabase;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.analysis.Access;
import io.sallyport.policy.analysis.FleetReach;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;

/**
 * Measures how long it takes to say who of a million devices can reach a topic, on the database
 * named as an argument. To be run by hand; docs/performance.md has the figure.
 */
final class MillionDevices {
  private static final int DEVICES = 1_000_000;
  private static final int BATCH = 10_000;
  private static final int ROUNDS = 3;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private MillionDevices() {}

  /** Fills a registry with rows, then asks. */
  public static void main(String[] arguments) {
    try (var database = TestDatabase.valueOf(arguments[0]).fresh()) {
      database.change(
          handle ->
              PolicyTable.add(
                  handle,
                  DefaultPolicies.DEVICE,
                  DefaultPolicies.device().json(),
                  "bench",
                  Instant.EPOCH));
      for (int first = 0; first < DEVICES; first += BATCH) {
        int from = first;
        database.change(
            handle -> {
              var devices =
                  handle.prepareBatch(
                      "insert into principal (id, kind, standing, thing_type, attributes,"
                          + " enrolled_at, changed_at) values (?, 'device', 'active', 'sensor',"
                          + " '{\"site\":\"north\"}', 0, 0)");
              var attachments =
                  handle.prepareBatch("insert into attachment (principal, policy) values (?, ?)");
              for (int i = from; i < from + BATCH; i++) {
                var id = "device-%07d".formatted(i);
                devices.bind(0, id).add();
                attachments.bind(0, id).bind(1, DefaultPolicies.DEVICE).add();
              }
              devices.execute();
              attachments.execute();
            });
      }
      var fleet = new FleetAnalysis(database);
      for (int round = 1; round <= ROUNDS; round++) {
        long start = System.nanoTime();
        long cpu = THREADS.getCurrentThreadCpuTime();
        var classes = fleet.classes();
        long classified = System.nanoTime();
        long used = THREADS.getCurrentThreadCpuTime() - cpu;
        var results =
            classes.stream()
                .flatMap(
                    one ->
                        java.util.stream.Stream.of(Access.values())
                            .map(
                                access ->
                                    FleetReach.of(one, access, "devices/device-0000001/commands")))
                .toList();
        results.forEach(one -> fleet.existing(one.principals(), one.named().keySet()));
        long answered = System.nanoTime();
        System.out.println(
            classes.size()
                + " classes of "
                + classes.getFirst().members()
                + ": read "
                + Duration.ofNanos(classified - start).toMillis()
                + " ms, of this thread's processor "
                + Duration.ofNanos(used).toMillis()
                + " ms, answered "
                + Duration.ofNanos(answered - classified).toMillis()
                + " ms");
      }
    }
  }
}
