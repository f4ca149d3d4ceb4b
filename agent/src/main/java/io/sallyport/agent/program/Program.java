package io.sallyport.agent.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A program of the device's owner. It is started as it is named, never by a shell; what somebody
 * from afar said reaches it as JSON on its standard input, never as an argument.
 *
 * @param path an absolute path
 * @param arguments fixed, the same at each run
 * @param time how long it may run, at most {@link #TIME_MAX}
 * @param outputMax bytes of its output that are read; what follows is thrown away
 */
public record Program(Path path, List<String> arguments, Duration time, int outputMax) {
  /** Bound: the longest run. */
  public static final Duration TIME_MAX = Duration.ofHours(1);

  /** Bound: the longest output that is read, bytes. */
  public static final int OUTPUT_MAX = 128 * 1024;

  /**
   * How it ended.
   *
   * @param code its exit code; -1 if its time was over or it could not be started
   * @param output what it printed, cut at the bound
   * @param why a sentence where the code does not say it
   */
  public record Ended(int code, String output, String why) {
    /** Whether it says that it worked. */
    public boolean worked() {
      return code == 0;
    }
  }

  /** Refuses, with {@link IllegalArgumentException}, what is out of the bounds. */
  public Program {
    arguments = List.copyOf(arguments);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("a program is named by an absolute path: " + path);
    }
    if (time.isNegative() || time.isZero() || time.compareTo(TIME_MAX) > 0) {
      throw new IllegalArgumentException("a program runs for 1 ms to an hour: " + time);
    }
    if (outputMax < 1 || outputMax > OUTPUT_MAX) {
      throw new IllegalArgumentException("a program's output has 1 to " + OUTPUT_MAX + " bytes");
    }
  }

  /** Whether it is there and may be started. */
  public boolean isExecutable() {
    return Files.isExecutable(path);
  }

  /**
   * Runs it and waits for its end.
   *
   * @param threads where its output is read and its input written
   */
  public Ended run(byte[] input, Executor threads) {
    var words = new ArrayList<String>();
    words.add(path.toString());
    words.addAll(arguments);
    Process process;
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      // Whatever the agent was started with is not the program's.
      builder.environment().keySet().retainAll(List.of("PATH", "LANG", "HOME"));
      process = builder.start();
    } catch (IOException e) {
      return new Ended(-1, "", "it could not be started: " + e.getMessage());
    }
    var output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), threads);
    threads.execute(() -> write(process, input));
    try {
      if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process);
        return new Ended(-1, "", "it did not end within " + time.toMillis() + " ms");
      }
      // A child of it may hold the output open for ever: what came by then is all.
      return new Ended(process.exitValue(), output.get(time.toMillis(), TimeUnit.MILLISECONDS), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(process);
      return new Ended(-1, "", "the agent ended");
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      end(process);
      return new Ended(-1, "", "its output could not be read");
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private String read(InputStream from) {
    try (from) {
      var kept = from.readNBytes(outputMax);
      var rest = new byte[8192];
      while (from.read(rest) >= 0) {
        // Thrown away, so that the program does not wait for a reader.
      }
      return new String(kept, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static void write(Process process, byte[] input) {
    try (var to = process.getOutputStream()) {
      to.write(input);
    } catch (IOException e) {
      // It need not read what it does not want.
    }
  }
}
