package io.sallyport.bench.flame;

import io.sallyport.bench.server.Observer;
import io.sallyport.bench.server.ProcStat;
import io.sallyport.bench.server.ThreadTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Where a server's CPU time went in all windows of one case together. */
final class Profile implements Observer {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  private final CallTree tree = new CallTree(Frame.note("all"));
  private final CpuShares shares = new CpuShares();
  private long samples;
  private long lost;

  /** What the kernel had counted when. */
  private record Moment(Instant at, double cpuSeconds, ThreadTimes threads) {
    static Moment now(long pid) throws IOException {
      return new Moment(Instant.now(), new ProcStat(pid).cpuSeconds(), ThreadTimes.of(pid));
    }
  }

  @Override
  public Observation begin(long pid) throws InterruptedException {
    try {
      var recorder = new FlightRecorder(JDK, pid);
      recorder.start();
      var begin = Moment.now(pid);
      return () -> end(recorder, begin, pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void end(FlightRecorder recorder, Moment begin, long pid) throws InterruptedException {
    try {
      var end = Moment.now(pid);
      var folder = Files.createTempDirectory("sallyport-flame-");
      var file = folder.resolve("window.jfr");
      try {
        recorder.stop(file);
        add(Recording.read(file, tree, begin.at(), end.at()), begin, end);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void add(Recording recording, Moment begin, Moment end) {
    samples += recording.samples();
    lost += recording.lost();
    shares.add(
        end.cpuSeconds() - begin.cpuSeconds(),
        end.threads().since(begin.threads()),
        recording.threads());
  }

  boolean isEmpty() {
    return samples == 0;
  }

  /** The picture of it. */
  String svg(String title) {
    var taken =
        String.format(
            Locale.ROOT,
            "%d samples of CPU time in the measured windows%s.",
            samples,
            lost == 0 ? "" : ", " + lost + " lost");
    return new FlameGraph(title, List.of(taken, shares.toString()), tree).svg();
  }
}
