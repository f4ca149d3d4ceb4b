package io.sallyport.bench.flame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts and stops the flight recorder of another JVM of this user, by {@code jcmd}. */
final class FlightRecorder {
  private static final String NAME = "name=sallyport-bench";

  /** Pipelines are deep: the recorder's own default of 64 would cut most stacks. */
  private static final String DEPTH = "stackdepth=256";

  private static final String PERIOD = "2ms";
  private static final long PATIENCE_SECONDS = 60;

  private final Path jcmd;
  private final long pid;

  FlightRecorder(Path jdk, long pid) throws IOException {
    this.jcmd = jdk.resolve("bin/jcmd");
    this.pid = pid;
    if (!Files.isExecutable(jcmd)) {
      throw new IOException("flame graphs need jcmd, which a JDK has and this does not: " + jcmd);
    }
  }

  /** Samples from now on, nothing but CPU time. */
  void start() throws IOException, InterruptedException {
    // Refused once the recorder has run, when it is not needed any more.
    command("JFR.configure", DEPTH);
    var sample = "+" + Recording.SAMPLE + "#";
    command(
        "JFR.start",
        NAME,
        "settings=none",
        sample + "enabled=true",
        sample + "stackTrace=true",
        sample + "throttle=" + PERIOD,
        "+" + Recording.LOST + "#enabled=true");
  }

  /** Ends and writes what there is. */
  void stop(Path file) throws IOException, InterruptedException {
    var said = command("JFR.stop", NAME, "filename=" + file);
    if (!Files.exists(file)) {
      throw new IOException("the server's flight recorder wrote nothing: " + said);
    }
  }

  private String command(String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(jcmd.toString(), Long.toString(pid)));
    command.addAll(List.of(words));
    var output = Files.createTempFile("sallyport-bench-", ".jcmd");
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("jcmd did not answer: " + command);
      }
      var said = Files.readString(output, StandardCharsets.UTF_8).strip();
      if (process.exitValue() != 0) {
        throw new IOException("jcmd failed: " + said);
      }
      return said;
    } finally {
      Files.delete(output);
    }
  }
}
