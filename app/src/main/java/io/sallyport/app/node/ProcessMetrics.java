package io.sallyport.app.node;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sallyport.control.enforcement.MetricsSource;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The process itself, under the names that Prometheus' own clients give. */
final class ProcessMetrics implements MetricsSource {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");
  private static final double MILLIS = 1e3;
  private static final double NANOS = 1e9;

  @Override
  public void collect(Consumer<Metric> out) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    gauge("process_start_time_seconds", "When it started.", runtime.getStartTime() / MILLIS, out);
    system(out);
    var memory = ManagementFactory.getMemoryMXBean();
    memory("heap", memory.getHeapMemoryUsage(), out);
    memory("nonheap", memory.getNonHeapMemoryUsage(), out);
    gauge(
        "jvm_threads_current",
        "Threads, without virtual ones.",
        ManagementFactory.getThreadMXBean().getThreadCount(),
        out);
    ManagementFactory.getGarbageCollectorMXBeans().forEach(one -> collector(one, out));
  }

  private static void system(Consumer<Metric> out) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      out.accept(
          new Metric(
              "process_cpu_seconds_total",
              "Processor time used.",
              Type.COUNTER,
              Map.of(),
              unix.getProcessCpuTime() / NANOS));
      gauge(
          "process_open_fds",
          "Open files and sockets.",
          (double) unix.getOpenFileDescriptorCount(),
          out);
      gauge("process_max_fds", "Most of them.", (double) unix.getMaxFileDescriptorCount(), out);
    }
    try {
      var resident = RESIDENT.matcher(Files.readString(STATUS));
      if (resident.find()) {
        gauge(
            "process_resident_memory_bytes",
            "Memory in use as the kernel counts it (RSS).",
            Long.parseLong(resident.group(1)) * 1024.0,
            out);
      }
    } catch (IOException _) {
      // Not Linux: it is left out.
      return;
    }
  }

  private static void memory(String area, MemoryUsage usage, Consumer<Metric> out) {
    var labels = Map.of("area", area);
    out.accept(
        new Metric("jvm_memory_used_bytes", "Memory in use.", Type.GAUGE, labels, usage.getUsed()));
    out.accept(
        new Metric(
            "jvm_memory_committed_bytes",
            "Memory taken from the system.",
            Type.GAUGE,
            labels,
            usage.getCommitted()));
    out.accept(
        new Metric(
            "jvm_memory_max_bytes",
            "Most memory, or -1 for no bound.",
            Type.GAUGE,
            labels,
            usage.getMax()));
  }

  private static void collector(GarbageCollectorMXBean one, Consumer<Metric> out) {
    var labels = Map.of("gc", one.getName());
    out.accept(
        new Metric(
            "jvm_gc_collections_total",
            "Garbage collections.",
            Type.COUNTER,
            labels,
            Math.max(0, one.getCollectionCount())));
    out.accept(
        new Metric(
            "jvm_gc_collection_seconds_total",
            "Time spent in them.",
            Type.COUNTER,
            labels,
            Math.max(0, one.getCollectionTime()) / MILLIS));
  }

  private static void gauge(String name, String help, double value, Consumer<Metric> out) {
    out.accept(new Metric(name, help, Type.GAUGE, Map.of(), value));
  }
}
