package io.sallyport.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The CPU time that each living thread of a process has had so far (proc(5)). */
public record ThreadTimes(Map<Long, OneThread> threads) {
  /** A thread's name, which the kernel cuts after 15 letters, and its time. */
  public record OneThread(String name, double cpuSeconds) {}

  public ThreadTimes {
    threads = Map.copyOf(threads);
  }

  /** As they are now. */
  public static ThreadTimes of(long pid) throws IOException {
    var threads = new HashMap<Long, OneThread>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (var task : tasks) {
        try {
          var stat = Files.readString(task.resolve("stat"));
          threads.put(Long.valueOf(task.getFileName().toString()), parse(stat));
        } catch (IOException _) {
          // It ended since the folder was listed.
        }
      }
    }
    return new ThreadTimes(threads);
  }

  static OneThread parse(String stat) {
    var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return new OneThread(name, ProcStat.cpuSeconds(stat));
  }

  /** What each thread that lives now has had since an earlier moment. */
  public Map<Long, OneThread> since(ThreadTimes earlier) {
    var since = new HashMap<Long, OneThread>();
    threads.forEach(
        (id, now) -> {
          var then = earlier.threads.get(id);
          var before = then == null ? 0 : then.cpuSeconds();
          since.put(id, new OneThread(now.name(), now.cpuSeconds() - before));
        });
    return since;
  }
}
