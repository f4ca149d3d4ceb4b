package io.sallyport.app.agent;

import io.sallyport.agent.Patience;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Weather;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.state.Sync;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.Cli;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.rotation.Backoff;
import io.sallyport.identity.rotation.device.DeviceRules;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A whole server of ours in this process, with devices that agents run. */
final class Yard implements AutoCloseable {
  /** What one command left behind. */
  record Ran(int code, String out, String err) {}

  /** Waits of tests. */
  static final Patience QUICK =
      new Patience(
          new DeviceRules(
              new Backoff(Duration.ofMillis(50), Duration.ofMillis(400)),
              new Backoff(Duration.ofMillis(300), Duration.ofSeconds(5)),
              new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2)),
              Duration.ofDays(8)),
          20,
          Duration.ofSeconds(20));

  static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
  static final Weather WEATHER = new Weather(InstantSource.system(), 7, THREADS);

  private final Path folder;
  private int port;
  private Node node;

  Yard(Path folder) {
    this.folder = folder;
    node = start(0);
    port = node.mqttPort();
  }

  private Node start(int mqttPort) {
    var machine =
        new Machine(InstantSource.system(), System::nanoTime, Map.of(), terminal(sink(), sink()));
    return Node.start(
        new DataDirectory(folder.resolve("data")),
        Configuration.defaults()
            .with(MqttKeys.MQTT_HOST, "127.0.0.1")
            .with(MqttKeys.MQTT_PORT, mqttPort)
            .with(ServerKeys.HTTPS_PORT, 0),
        machine);
  }

  int port() {
    return port;
  }

  /** Ends the server, and starts it again at the same port. */
  void restart() {
    node.close();
    node = start(port);
  }

  void stop() {
    node.close();
  }

  void startAgain() {
    node = start(port);
  }

  /** Runs an operator's command. */
  Ran run(String... words) {
    var out = sink();
    var err = sink();
    var surroundings =
        new Surroundings(
            terminal(out, err),
            Map.of("SALLYPORT_DATA", folder.resolve("data").toString()),
            folder.resolve("home"),
            System::nanoTime,
            Thread::sleep);
    var machine =
        new Machine(InstantSource.system(), System::nanoTime, Map.of(), surroundings.terminal());
    Supplier<Object> simulate = () -> new SimulateCommand(machine, surroundings);
    var code =
        Cli.of(surroundings, LocalServer.none(), "test", Map.of("simulate", simulate))
            .execute(words);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Enrols a device, and gives its bundle. */
  Path enroll(String id) {
    var bundle = folder.resolve("bundle-" + id);
    var ran = run("device", "enroll", id, "--bundle", bundle.toString(), "--format", "agent");
    if (ran.code() != 0) {
      throw new IllegalStateException(ran.err());
    }
    return bundle;
  }

  /** The settings of an agent of that device. */
  Settings settings(String id) throws Exception {
    return Settings.of(Bundle.read(enroll(id), null), folder.resolve("state-" + id))
        .with(Sync.PROCESS)
        .with(QUICK);
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    for (var i = 0; i < 1_000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never: " + what);
  }

  private static ByteArrayOutputStream sink() {
    return new ByteArrayOutputStream();
  }

  private static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        InputStream.nullInputStream(),
        false,
        false);
  }

  @Override
  public void close() {
    node.close();
  }
}
