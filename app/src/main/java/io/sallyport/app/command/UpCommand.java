package io.sallyport.app.command;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.MqttKeys;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.configuration.Source;
import io.sallyport.app.node.Node;
import io.sallyport.app.process.Logging;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Signals;
import io.sallyport.cli.terminal.Failure;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport up}: the real thing, until it is told to stop. */
@Command(
    name = "up",
    description =
        "Run gateway, control and built-in exchange. Prints one line beginning with 'ready' once"
            + " devices and operators are let in.",
    footer = {"", "Example: sallyport up --data /var/lib/sallyport --config sallyport.yaml"})
public final class UpCommand implements Callable<Integer> {
  // As a shell reports a process that SIGTERM ended.
  private static final int ENDED_AT_ONCE = 143;

  private final Machine machine;

  @Mixin private Place place = new Place();

  @Option(
      names = "--mqtt-port",
      paramLabel = "PORT",
      description = "MQTT over mutual TLS (default: 8883; 0 picks a free port).")
  private @Nullable Integer mqttPort;

  @Option(
      names = "--https-port",
      paramLabel = "PORT",
      description = "The operators' REST API (default: 8443; 0 picks a free port).")
  private @Nullable Integer httpsPort;

  public UpCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws InterruptedException {
    var configuration = configuration();
    Logging.configure(
        configuration.get(OperationKeys.LOG_FORMAT), configuration.get(OperationKeys.LOG_LEVEL));
    var source = new Source(place.files(), this::configuration);
    var node = Node.start(place.directory(), source, machine);
    // Where the signal is not ours to take, the JVM's own way remains.
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "shutdown"));
    var stop = new CountDownLatch(1);
    Signals.on("TERM", () -> stop(stop));
    Signals.on("INT", () -> stop(stop));
    Signals.on("HUP", () -> node.reload("signal"));
    var est = node.estPort();
    machine
        .terminal()
        .line(
            "ready mqtt="
                + node.mqttPort()
                + " https="
                + node.httpsPort()
                + (est == null ? "" : " est=" + est));
    stop.await();
    node.leave();
    node.close();
    return 0;
  }

  /** The first time it ends in order, the second time at once: what was acknowledged is safe. */
  private static void stop(CountDownLatch stop) {
    if (stop.getCount() == 0) {
      Runtime.getRuntime().halt(ENDED_AT_ONCE);
    }
    stop.countDown();
  }

  /** What the file says, and the flags, which beat it. */
  private Configuration configuration() {
    var configuration = place.configuration();
    if (mqttPort != null) {
      configuration = configuration.with(MqttKeys.MQTT_PORT, port("--mqtt-port", mqttPort));
    }
    if (httpsPort != null) {
      configuration = configuration.with(ServerKeys.HTTPS_PORT, port("--https-port", httpsPort));
    }
    return configuration;
  }

  private static int port(String option, int value) {
    if (value < 0 || value > 65_535) {
      throw Failure.badInput(option + " must be 0 to 65535, not " + value);
    }
    return value;
  }
}
