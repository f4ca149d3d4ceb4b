package io.sallyport.app.agent;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Status;
import io.sallyport.agent.Weather;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.agent.bundle.Server;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.app.configuration.OperationKeys.LogFormat;
import io.sallyport.app.configuration.OperationKeys.LogLevel;
import io.sallyport.app.process.Logging;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Signals;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport agent}: one device, for as long as it runs. */
@Command(
    name = "agent",
    description =
        "Be the device that a bundle is for: connected and pinned, telemetry kept on disk until it"
            + " is acknowledged, with shadow, jobs, rotation and signed commands.",
    footer = {
      "",
      "Example: sallyport agent --bundle /etc/sallyport/bundle --config /etc/sallyport/agent.yaml",
      "         echo '{\"t\":21}' | sallyport agent --bundle bundle --stdin --once"
    })
public final class AgentCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Machine machine;
  private final CountDownLatch stop = new CountDownLatch(1);

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      required = true,
      description = "What `device enroll --bundle` wrote, of the format agent, pem or aws-iot.")
  private Path bundle = Path.of("");

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "What it remembers, 0700 (default: DIR of --bundle, then state).")
  private @Nullable Path state;

  @Option(names = "--config", paramLabel = "FILE", description = "Its agent.yaml.")
  private @Nullable Path config;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Where it connects, if the bundle does not say it or no longer holds.")
  private @Nullable String server;

  @Option(names = "--stdin", description = "Publish each line of standard input.")
  private boolean stdin;

  @Option(
      names = "--once",
      description = "End when everything that there is to say was acknowledged.")
  private boolean once;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long --once waits at most (default: 60s).")
  private String timeout = "60s";

  @Mixin private Format format = new Format();

  public AgentCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws InterruptedException {
    var file = config == null ? AgentFile.defaults() : AgentFile.read(config);
    var limit = Duration.ofSeconds(Span.seconds("--timeout", timeout));
    var interval = new AtomicReference<>(file.interval());
    Logging.configure(LogFormat.READABLE, LogLevel.INFO);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var network = new Network(1)) {
      var duties = new Duties(file, threads, interval::set);
      var device = read();
      var settings =
          Settings.of(device, state == null ? bundle.resolve("state") : state)
              .with(file.limits())
              .with(duties.authority(device.commands()))
              .withRenewal(file.renewal().orElse(null));
      var weather = new Weather(machine.clock(), new SecureRandom().nextLong(), threads);
      try (var agent = new Agent(settings, network, weather, new Witness() {})) {
        duties.giveTo(agent);
        Signals.on("TERM", stop::countDown);
        Signals.on("INT", stop::countDown);
        agent.start();
        return run(agent, new TelemetrySource(file, agent, threads), interval, limit);
      }
    } catch (StateUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private Bundle read() {
    try {
      return Bundle.read(bundle, server == null ? null : Server.parse(server));
    } catch (MalformedBundle | IllegalArgumentException e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    }
  }

  private int run(
      Agent agent, TelemetrySource source, AtomicReference<Duration> interval, Duration limit)
      throws InterruptedException {
    if (once) {
      if (stdin) {
        source.follow(machine.terminal().in());
      }
      source.take();
      return emptied(agent, limit);
    }
    if (stdin) {
      Thread.ofVirtual().start(() -> source.follow(machine.terminal().in()));
    }
    do {
      source.take();
    } while (!stop.await(interval.get().toMillis(), TimeUnit.MILLISECONDS));
    print(agent.status().join());
    return 0;
  }

  /** Until nothing waits: 0; refused: 1; the time is over: 3. */
  private int emptied(Agent agent, Duration limit) throws InterruptedException {
    var end = machine.nanos().getAsLong() + limit.toNanos();
    while (true) {
      var status = agent.status().join();
      if (status.connected() && status.telemetry().waiting() == 0) {
        print(status);
        return status.denied() == 0 ? 0 : 1;
      }
      if (stop.await(LOOK.toMillis(), TimeUnit.MILLISECONDS) || machine.nanos().getAsLong() > end) {
        throw ended(status);
      }
    }
  }

  private Failure ended(Status status) {
    var waiting = status.telemetry().waiting() + " messages wait on disk";
    return status.lastEnding().contains("refuses")
        ? Failure.refused(status.lastEnding() + "; " + waiting)
        : Failure.unavailable(
            "not everything was acknowledged in time; "
                + waiting
                + (status.lastEnding().isEmpty() ? "" : "; " + status.lastEnding()));
  }

  private void print(Status status) {
    var counts = status.telemetry();
    var json = Json.mapper().createObjectNode();
    json.put("connections", status.connections()).put("acknowledged", status.acknowledged());
    json.put("denied", status.denied()).put("waiting", counts.waiting());
    json.put("dropped", counts.dropped()).put("refused", counts.refused());
    json.put("failed", counts.failed()).put("damaged", counts.damaged());
    format.print(
        machine.terminal(),
        json,
        "%d acknowledged, %d denied, %d waiting, %d dropped"
            .formatted(
                status.acknowledged(),
                status.denied(),
                counts.waiting(),
                counts.dropped() + counts.refused() + counts.failed()));
  }
}
