package io.sallyport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many files a process may have open. A JVM raises its limit as far as it may, and what it
 * starts inherits that.
 */
final class OpenFiles {
  /** What servers and generators have open besides their connections, amply. */
  private static final int OTHERS = 500;

  private static final String LINE = "Max open files";
  private static final Path LIMITS = Path.of("/proc/self/limits");

  private OpenFiles() {}

  /** Refuses before anything is started what would fail half way. */
  static void require(int connections) throws IOException {
    if (Files.exists(LIMITS)) {
      require(connections, Files.readAllLines(LIMITS));
    }
  }

  static void require(int connections, List<String> limits) throws IOException {
    var most = most(limits);
    if (connections + OTHERS > most) {
      throw new IOException(
          connections
              + " connections need "
              + (connections + OTHERS)
              + " open files, and a process may have "
              + most
              + " (ulimit -Hn): raise the limit or leave larger sizes out");
    }
  }

  /** The hard limit (proc(5)). */
  private static long most(List<String> limits) {
    return limits.stream()
        .filter(line -> line.startsWith(LINE))
        .map(line -> line.substring(LINE.length()).strip().split(" +", -1)[1])
        .filter(hard -> !hard.equals("unlimited"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(Long.MAX_VALUE);
  }
}
