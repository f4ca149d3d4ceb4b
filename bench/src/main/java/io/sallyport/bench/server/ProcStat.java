package io.sallyport.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel counted for processes, all their threads together (proc(5)). */
public final class ProcStat {
  /** USER_HZ, which is 100 on every Linux that a JDK runs on; it is not the kernel's own tick. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 14;
  private static final int STIME = 15;
  private static final int CUTIME = 16;
  private static final int CSTIME = 17;
  private static final int FIRST_AFTER_NAME = 3;

  private final List<Path> directories;

  public ProcStat(long pid) {
    this(List.of(Path.of("/proc", Long.toString(pid))));
  }

  private ProcStat(List<Path> directories) {
    this.directories = directories;
  }

  /** Both together, for what takes two processes. */
  public ProcStat and(ProcStat other) {
    return new ProcStat(Stream.concat(directories.stream(), other.directories.stream()).toList());
  }

  /** User and system time used so far. */
  public double cpuSeconds() {
    return read("stat").mapToDouble(lines -> cpuSeconds(lines.getFirst())).sum();
  }

  /** User and system time of the processes that this one started and that have ended. */
  public static double endedChildrenCpuSeconds() throws IOException {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[CUTIME - FIRST_AFTER_NAME])
            + Long.parseLong(fields[CSTIME - FIRST_AFTER_NAME]))
        / TICKS_PER_SECOND;
  }

  /** Resident memory now. */
  public double residentKib() {
    return read("smaps_rollup").mapToDouble(ProcStat::residentKib).sum();
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

  private Stream<List<String>> read(String file) {
    return directories.stream().map(directory -> lines(directory.resolve(file)));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the server under test is gone: " + file, e);
    }
  }
}
