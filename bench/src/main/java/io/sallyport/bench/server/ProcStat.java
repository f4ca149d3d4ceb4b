package io.sallyport.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel counted for one process, all its threads together (proc(5)). */
public final class ProcStat {
  /** USER_HZ, which is 100 on every Linux that a JDK runs on; it is not the kernel's own tick. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 14;
  private static final int STIME = 15;
  private static final int FIRST_AFTER_NAME = 3;

  private final Path directory;

  public ProcStat(long pid) {
    this.directory = Path.of("/proc", Long.toString(pid));
  }

  /** User and system time used so far. */
  public double cpuSeconds() {
    return cpuSeconds(read("stat").getFirst());
  }

  /** Resident memory now. */
  public double residentKib() {
    return residentKib(read("smaps_rollup"));
  }

  static double cpuSeconds(String stat) {
    // The second field is the name in brackets, and a name may hold blanks and brackets.
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    var ticks =
        Long.parseLong(fields[UTIME - FIRST_AFTER_NAME])
            + Long.parseLong(fields[STIME - FIRST_AFTER_NAME]);
    return ticks / TICKS_PER_SECOND;
  }

  static double residentKib(List<String> rollup) {
    return rollup.stream()
        .filter(line -> line.startsWith("Rss:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no Rss line"));
  }

  private List<String> read(String file) {
    try {
      return Files.readAllLines(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the server under test is gone: " + directory, e);
    }
  }
}
