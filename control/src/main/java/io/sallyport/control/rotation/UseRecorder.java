package io.sallyport.control.rotation;

import io.sallyport.control.registry.KeyUses;
import io.sallyport.control.store.Database;
import io.sallyport.identity.rotation.CertificateUse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Writes what connections of this process carried to the registry, in groups. Nothing is added
 * twice: each group has a number, and one whose end is not known is written again under the same.
 * What came since the last time is lost when the process is killed.
 */
final class UseRecorder {
  /** Bound: certificates in one transaction, so that a revocation waits shortly. */
  static final int GROUP_MAX = 500;

  // Far longer than a group is tried.
  private static final Duration REPORTERS_KEPT = Duration.ofDays(100);

  private final Database database;
  private final Supplier<List<CertificateUse>> source;
  private final InstantSource clock;
  private final String reporter;
  // What was taken and is not written; while there is some, the source keeps the rest.
  private final Queue<CertificateUse> waiting = new ArrayDeque<>();
  private List<CertificateUse> group = List.of();
  private long number;

  /**
   * @param source gives what came since it was last asked
   * @param reporter a name that no other process has or had
   */
  UseRecorder(
      Database database,
      Supplier<List<CertificateUse>> source,
      InstantSource clock,
      String reporter) {
    this.database = database;
    this.source = source;
    this.clock = clock;
    this.reporter = reporter;
  }

  /** Writes what came since the last time, after what could not be written then. */
  synchronized void write() {
    writeWaiting();
    // In one order, so that gateways do not stand in each other's way.
    source.get().stream()
        .sorted(Comparator.comparing(use -> use.certificate().hex()))
        .forEach(waiting::add);
    writeWaiting();
  }

  private void writeWaiting() {
    while (!group.isEmpty() || !waiting.isEmpty()) {
      if (group.isEmpty()) {
        group = next();
        number++;
      }
      var now = clock.instant();
      database.change(handle -> KeyUses.add(handle, reporter, number, group, now));
      group = List.of();
    }
  }

  private List<CertificateUse> next() {
    var some = new ArrayList<CertificateUse>();
    while (some.size() < GROUP_MAX && !waiting.isEmpty()) {
      some.add(waiting.remove());
    }
    return some;
  }

  /** Forgets processes that are long gone. */
  void forget() {
    var before = clock.instant().minus(REPORTERS_KEPT);
    database.change(handle -> KeyUses.forget(handle, before));
  }
}
