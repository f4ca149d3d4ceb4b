package io.sallyport.gateway.trust;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.policy.PolicySet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Measures how long the gate takes to say that a certificate is revoked, where a million devices
 * have had ten each that are, and one that is not. To be run by hand; docs/performance.md has the
 * figure.
 */
final class TenMillionRevoked {
  private static final int DEVICES = 1_000_000;
  private static final int REVOKED_OF_EACH = 10;
  private static final int ASKED = 4_000_000;
  private static final int ROUNDS = 5;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private TenMillionRevoked() {}

  /** Fills the gate's memory, then asks for certificates of devices in no order. */
  public static void main(String[] arguments) {
    var trust = new TrustState();
    for (int device = 0; device < DEVICES; device++) {
      trust.put(
          new TrustedPrincipal(
              id(device),
              PrincipalKind.DEVICE,
              Standing.ACTIVE,
              Set.of(certificate(device, 0)),
              PolicySet.of(List.of()),
              null,
              Map.of()));
    }
    System.out.printf("%d MB of heap for %d devices%n", heap() >> 20, trust.size());
    for (int round = 1; round <= ROUNDS; round++) {
      ask(trust, round, "active", 0);
      ask(trust, round, "revoked", 1 + round % REVOKED_OF_EACH);
    }
  }

  private static void ask(TrustState trust, int round, String what, int generation) {
    var random = new SplittableRandom(round);
    var ids = new PrincipalId[ASKED];
    var shown = new Fingerprint[ASKED];
    for (int at = 0; at < ASKED; at++) {
      int device = random.nextInt(DEVICES);
      ids[at] = id(device);
      shown[at] = certificate(device, generation);
    }
    long before = THREADS.getCurrentThreadCpuTime();
    int admitted = 0;
    for (int at = 0; at < ASKED; at++) {
      var principal = trust.find(ids[at]);
      if (principal != null && principal.admits(shown[at])) {
        admitted++;
      }
    }
    long nanos = THREADS.getCurrentThreadCpuTime() - before;
    System.out.printf(
        "round %d, %s: %d of %d let in, %d ns each%n", round, what, admitted, ASKED, nanos / ASKED);
  }

  private static PrincipalId id(int device) {
    return new PrincipalId("device-%07d".formatted(device));
  }

  private static Fingerprint certificate(int device, int generation) {
    return new Fingerprint("%056x%08x".formatted(device * 31L + generation, device));
  }

  private static long heap() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
