package io.sallyport.bench.flame;

import io.sallyport.bench.server.ThreadTimes;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who had a server's CPU time. The flight recorder samples Java threads only; what the kernel
 * counts for the others says how much a flame graph leaves out.
 */
final class CpuShares {
  /** Whom a thread works for. */
  enum Holder {
    SAMPLED("Java threads, shown here"),
    COMPILERS("compilers"),
    COLLECTOR("garbage collection and VM"),
    RECORDER("flight recorder"),
    OTHERS("other and ended threads");

    private final String label;

    Holder(String label) {
      this.label = label;
    }
  }

  private final Map<Holder, Double> seconds = new EnumMap<>(Holder.class);

  CpuShares() {
    for (var holder : Holder.values()) {
      seconds.put(holder, 0.0);
    }
  }

  /**
   * A window.
   *
   * @param all what the whole process had in it
   * @param threads what each thread that lived to its end had
   * @param sampled the threads that the recording shows
   */
  void add(double all, Map<Long, ThreadTimes.OneThread> threads, Set<Long> sampled) {
    var rest = all;
    for (var thread : threads.entrySet()) {
      var one = thread.getValue();
      var holder = sampled.contains(thread.getKey()) ? Holder.SAMPLED : holder(one.name());
      if (holder != Holder.OTHERS) {
        seconds.merge(holder, one.cpuSeconds(), Double::sum);
        rest -= one.cpuSeconds();
      }
    }
    seconds.merge(Holder.OTHERS, Math.max(0, rest), Double::sum);
  }

  private static Holder holder(String name) {
    if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
      return Holder.COMPILERS;
    }
    if (name.startsWith("VM ") || name.startsWith("GC ") || name.startsWith("G1 ")) {
      return Holder.COLLECTOR;
    }
    return name.startsWith("JFR ") ? Holder.RECORDER : Holder.OTHERS;
  }

  double seconds(Holder holder) {
    return seconds.getOrDefault(holder, 0.0);
  }

  /** In one line. */
  @Override
  public String toString() {
    var all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    return seconds.entrySet().stream()
        .map(
            part ->
                String.format(
                    Locale.ROOT,
                    "%s %.1f %%",
                    part.getKey().label,
                    all == 0 ? 0 : 100 * part.getValue() / all))
        .collect(
            Collectors.joining(
                ", ",
                String.format(
                    Locale.ROOT, "The server's %.1f CPU-seconds by the kernel's count: ", all),
                "."));
  }
}
