package io.sallyport.bench.load;

import io.sallyport.bench.Main;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A load generator in a process of its own, as the measuring process sees it. */
public final class LoadProcess implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofMinutes(4);
  private static final Duration ANSWER_MAX = Duration.ofMinutes(2);

  private final Process process;
  private final BufferedWriter commands;
  private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private LoadProcess(Process process, Consumer<String> events) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofVirtual().name("load-lines").start(() -> read(events));
  }

  /** Starts a load and waits until it is under way. */
  public static LoadProcess start(Target target, Path fleet, List<String> load)
      throws InterruptedException {
    return start(target, fleet, load, _ -> {});
  }

  /** The same, for a load that also tells events of its own accord. */
  public static LoadProcess start(
      Target target, Path fleet, List<String> load, Consumer<String> events)
      throws InterruptedException {
    return start(command(target, fleet, load), events);
  }

  /** The same, for a load that yields to everybody else on a machine with too few cores. */
  public static LoadProcess startNice(Target target, Path fleet, List<String> load)
      throws InterruptedException {
    var command = new ArrayList<>(List.of("nice", "-n", "10"));
    command.addAll(command(target, fleet, load));
    return start(command, _ -> {});
  }

  private static LoadProcess start(List<String> command, Consumer<String> events)
      throws InterruptedException {
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var started = new LoadProcess(process, events);
      started.expect("ready", READY_MAX);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the load generator", e);
    }
  }

  private static List<String> command(Target target, Path fleet, List<String> load) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            // Netty puts each device's key into a key store; stretching its password is for
            // nothing.
            "-Dkeystore.pkcs12.keyPbeIterationCount=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "load"));
    command.addAll(load);
    command.addAll(
        List.of(
            "--host", target.host(),
            "--port", Integer.toString(target.port()),
            "--trust", target.trust().toString(),
            "--fleet", fleet.toString()));
    return command;
  }

  /** What the load counted since the last mark. */
  public Map<String, Double> mark() throws InterruptedException {
    return ask("mark");
  }

  /** Stops the sending and says how much never arrived. */
  public Map<String, Double> drain() throws InterruptedException {
    return ask("drain");
  }

  private Map<String, Double> ask(String command) throws InterruptedException {
    send(command);
    return counters(expect("counted", ANSWER_MAX));
  }

  static Map<String, Double> counters(String line) {
    var counters = new HashMap<String, Double>();
    for (var pair : Arrays.asList(line.split(" ", -1)).subList(1, line.split(" ", -1).length)) {
      var equals = pair.indexOf('=');
      counters.put(pair.substring(0, equals), Double.valueOf(pair.substring(equals + 1)));
    }
    return counters;
  }

  private void send(String command) {
    try {
      commands.write(command);
      commands.newLine();
      commands.flush();
    } catch (IOException e) {
      throw new LoadFailure("the load generator is gone", e);
    }
  }

  private String expect(String first, Duration atMost) throws InterruptedException {
    var line = answers.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new LoadFailure("the load generator said nothing for " + atMost.toSeconds() + " s");
    }
    if (!line.startsWith(first)) {
      throw new LoadFailure(line);
    }
    return line;
  }

  private void read(Consumer<String> events) {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("ready") || line.startsWith("counted")) {
          answers.add(line);
        } else {
          events.accept(line);
        }
      }
    } catch (IOException e) {
      answers.add("the load generator's output broke: " + e.getMessage());
      return;
    }
    answers.add("the load generator ended; its own message is above");
  }

  /** Asks it to end, and ends it if it does not. */
  @Override
  public void close() {
    try {
      send("quit");
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (LoadFailure _) {
      process.destroyForcibly();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
