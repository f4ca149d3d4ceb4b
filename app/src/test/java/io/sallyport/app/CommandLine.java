package io.sallyport.app;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The product's command line in this process, with everything it prints at hand. */
final class CommandLine {
  /** What one command left behind. */
  record Ran(int code, String out, String err) {}

  private final Path data;
  private final Map<String, String> environment = new HashMap<>();
  private Duration ahead = Duration.ZERO;

  CommandLine(Path data) {
    this.data = data;
  }

  CommandLine with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Commands from now on run so much later. */
  void later(Duration time) {
    ahead = ahead.plus(time);
  }

  /** Runs a command on the data directory. */
  Ran run(String... words) {
    var arguments = new String[words.length + 2];
    System.arraycopy(words, 0, arguments, 0, words.length);
    arguments[words.length] = "--data";
    arguments[words.length + 1] = data.toString();
    return bare(arguments);
  }

  /** Runs these words and no others. */
  Ran bare(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(printer(out), printer(err), InputStream.nullInputStream(), false, false);
    var all = new HashMap<>(environment);
    all.put("SALLYPORT_DATA", data.toString());
    var machine = new Machine(clock(), System::nanoTime, all, terminal);
    var surroundings =
        new Surroundings(
            terminal, all, data.resolveSibling("home"), System::nanoTime, Thread::sleep);
    var code = Main.run(machine, surroundings, words);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private InstantSource clock() {
    return InstantSource.offset(InstantSource.system(), ahead);
  }

  private static PrintStream printer(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
