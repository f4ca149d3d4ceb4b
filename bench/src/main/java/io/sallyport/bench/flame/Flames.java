package io.sallyport.bench.flame;

import io.sallyport.bench.server.Observer;
import io.sallyport.bench.server.ProcStat;
import io.sallyport.bench.server.ThreadTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The flame graphs of one benchmark: one for each case, of all its measured windows together. */
public final class Flames {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private final Path directory;
  private final String benchmark;
  private final Map<String, Profile> profiles = new LinkedHashMap<>();

  /** What is known of one case. */
  private static final class Profile {
    private final CallTree tree = new CallTree(Frame.note("all"));
    private final CpuShares shares = new CpuShares();
    private long samples;
    private long lost;
  }

  /** The pictures will be in the directory, as {@code <benchmark>-<case>.svg}. */
  public Flames(Path directory, String benchmark) {
    this.directory = directory;
    this.benchmark = benchmark;
  }

  /** Who looks on while a case is measured. */
  public Observer of(String name) {
    var profile = profiles.computeIfAbsent(name, _ -> new Profile());
    return pid -> begin(profile, pid);
  }

  private static Observer.Observation begin(Profile profile, long pid) throws InterruptedException {
    try {
      var recorder = new FlightRecorder(JDK, pid);
      recorder.start();
      var process = new ProcStat(pid);
      var cpuBefore = process.cpuSeconds();
      var threadsBefore = ThreadTimes.of(pid);
      var from = Instant.now();
      return () -> {
        try {
          var to = Instant.now();
          var cpu = process.cpuSeconds() - cpuBefore;
          var threads = ThreadTimes.of(pid).since(threadsBefore);
          var recording = stop(recorder, profile.tree, from, to);
          profile.samples += recording.samples();
          profile.lost += recording.lost();
          profile.shares.add(cpu, threads, recording.threads());
        } catch (IOException e) {
          throw new UncheckedIOException(e.getMessage(), e);
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static Recording stop(FlightRecorder recorder, CallTree tree, Instant from, Instant to)
      throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("sallyport-flame-");
    var file = folder.resolve("window.jfr");
    try {
      recorder.stop(file);
      return Recording.read(file, tree, from, to);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** Writes the pictures and says where; what was recorded and is empty is an error, at the end. */
  public List<Path> write() throws IOException {
    Files.createDirectories(directory);
    var written = new ArrayList<Path>();
    var empty = new ArrayList<String>();
    for (var entry : profiles.entrySet()) {
      if (entry.getValue().samples == 0) {
        empty.add(entry.getKey());
      } else {
        var file = directory.resolve(slug(benchmark + " " + entry.getKey()) + ".svg");
        written.add(Files.writeString(file, svg(entry.getKey(), entry.getValue())));
      }
    }
    if (!empty.isEmpty()) {
      throw new IOException(
          "no flame graph: the recording has no CPU-time samples (JDK 25 on Linux takes them) of "
              + String.join("; ", empty));
    }
    return written;
  }

  private String svg(String name, Profile profile) {
    var samples =
        String.format(
            Locale.ROOT,
            "%d samples of CPU time in the measured windows%s.",
            profile.samples,
            profile.lost == 0 ? "" : ", " + profile.lost + " lost");
    return new FlameGraph(
            "sallyport bench " + benchmark + ": " + name,
            List.of(samples, profile.shares.toString()),
            profile.tree)
        .svg();
  }

  /** A file name of small letters, digits and hyphens. */
  static String slug(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replace("→", "to")
        .replace("/s", " per s")
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-|-$", "");
  }
}
