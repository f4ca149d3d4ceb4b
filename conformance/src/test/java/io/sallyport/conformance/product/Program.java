package io.sallyport.conformance.product;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test, with its output at hand while it runs. */
public final class Program implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Process process;
  private final Gathered out;
  private final Gathered err;

  private Program(Process process) {
    this.process = process;
    out = new Gathered(process.getInputStream());
    err = new Gathered(process.getErrorStream());
  }

  /** Starts it in a folder. */
  public static Program start(Path folder, List<String> command) {
    try {
      return new Program(new ProcessBuilder(command).directory(folder.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a shell line in a folder, as a user who pastes it would. */
  public static Program startLine(Path folder, String line) {
    return start(folder, List.of("sh", "-c", "exec " + line));
  }

  /** Runs it to its end, without input. */
  public static Ran run(Path folder, List<String> command) {
    try (var program = start(folder, command)) {
      program.endInput();
      return program.ended();
    }
  }

  /** Runs a shell line to its end, without input. */
  public static Ran runLine(Path folder, String line) {
    return run(folder, List.of("sh", "-c", line));
  }

  /** Waits for its end. */
  public Ran ended() {
    return endedWithin(LONGEST);
  }

  /** Waits no longer than that for its end. */
  public Ran endedWithin(Duration longest) {
    try {
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("ran for longer than " + longest.toSeconds() + " s: " + this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + this, e);
    }
    return new Ran(process.exitValue(), out.whole(), err.whole());
  }

  /** What it has written to standard output so far. */
  public String out() {
    return out.soFar();
  }

  /** What it has written to standard error so far. */
  public String err() {
    return err.soFar();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Writes to its standard input. */
  public void type(String text) {
    try {
      OutputStream input = process.getOutputStream();
      input.write(text.getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes its standard input. */
  public void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It ended before it was told to.
    }
  }

  /** Asks it to end, as Ctrl-C does. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it without a chance to tidy up: SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    ended();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  @Override
  public String toString() {
    return process.info().commandLine().orElse("program")
        + ", standard output: "
        + out.soFar()
        + ", standard error: "
        + err.soFar();
  }

  /** One output stream, drained by a thread of its own so that the program never waits for us. */
  private static final class Gathered {
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    Gathered(InputStream stream) {
      // Not virtual: a read of a pipe holds its carrier, and two of them would hold them all.
      reader = Thread.ofPlatform().daemon().start(() -> drain(stream));
    }

    private void drain(InputStream stream) {
      try (var reader = new java.io.InputStreamReader(stream, StandardCharsets.UTF_8)) {
        var buffer = new char[8192];
        for (var n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
          append(buffer, n);
        }
      } catch (IOException _) {
        // The program was killed; what it said before is what there is.
      }
    }

    private synchronized void append(char[] buffer, int count) {
      text.append(buffer, 0, count);
    }

    synchronized String soFar() {
      return text.toString();
    }

    String whole() {
      try {
        reader.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return soFar();
    }
  }
}
