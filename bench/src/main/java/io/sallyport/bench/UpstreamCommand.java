package io.sallyport.bench;

import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.Fronted;
import io.sallyport.bench.server.JavaBroker;
import io.sallyport.bench.server.Mosquitto;
import io.sallyport.bench.server.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the gateway costs before somebody's broker: both together against the broker alone. */
@Command(
    name = "upstream",
    description =
        "CPU of the gateway and a broker behind it, against the same broker's own listener with"
            + " mutual TLS and rules.",
    mixinStandardHelpOptions = true)
final class UpstreamCommand implements Callable<Integer> {
  private static final int PUBLISHERS = 50;
  private static final int STEADY_RATE = 10_000;
  private static final int WINDOW = 16;
  private static final int SMALL = 64;
  private static final int LARGE = 1_024;
  private static final double SMALL_GOAL = 1.15;
  private static final double LARGE_GOAL = 1.3;
  private static final String PASSWORD = "between-gateway-and-broker";

  /** Who stands behind the gateway, and beside it. */
  enum Broker {
    MOSQUITTO,
    ARTEMIS
  }

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--broker",
      defaultValue = "mosquitto",
      paramLabel = "mosquitto|artemis",
      description = "Which broker (default: ${DEFAULT-VALUE}).")
  private Broker broker = Broker.MOSQUITTO;

  @Option(
      names = "--shared",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Connections of each event loop that the publishers share (default: ${DEFAULT-VALUE}).")
  private int shared;

  @Option(names = "--tls", description = "Between gateway and mosquitto, too (default: plain TCP).")
  private boolean isTls;

  @Override
  public Integer call() throws Exception {
    if (broker == Broker.MOSQUITTO && Mosquitto.executable().isEmpty()) {
      throw new IOException("mosquitto is not installed");
    }
    new Comparison(options).run(cases(), new Both(), Comparison.Servers.KEPT);
    return 0;
  }

  private List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (var payload : List.of(SMALL, LARGE)) {
      for (var qos : List.of(0, 1)) {
        for (var rate : List.of(0, STEADY_RATE)) {
          // Who subscribes has a connection of its own; a stored session has it from the start.
          var shape = new Shape(PUBLISHERS, 1, qos, payload, rate, WINDOW, shared > 0);
          var ratio = payload == SMALL ? SMALL_GOAL : LARGE_GOAL;
          var goal = Goal.atMost(Figure.CPU_SECONDS_PER_MILLION, ratio);
          cases.add(new Case(shape.name(), goal, one -> shape.measure(one, options)));
        }
      }
    }
    return cases;
  }

  /** The broker behind the gateway, and the broker alone. */
  private final class Both implements Contest.Entry {
    private final Fleet.Size size = new Fleet.Size(PUBLISHERS, 1);
    private final String name =
        switch (broker) {
          case MOSQUITTO -> Mosquitto.NAME;
          case ARTEMIS -> JavaBroker.ARTEMIS.label();
        };

    @Override
    public List<String> names() {
      return List.of(Fronted.name(name), name);
    }

    @Override
    public void enter(Contest contest) throws IOException, InterruptedException {
      var behind = behind(contest.folder("behind"));
      try {
        var gateway = contest.enrol(options, size, configuration(contest, behind));
        contest.replaceLast(
            new Contest.Contestant(new Fronted(gateway.server(), behind), gateway.fleet()));
      } catch (IOException | InterruptedException | RuntimeException e) {
        behind.close();
        throw e;
      }
      var fleet = Fleet.selfMade(contest.folder("fleet-of-the-broker"), size);
      contest.add(new Contest.Contestant(alone(contest.folder("alone"), fleet), fleet));
    }

    private ServerUnderTest behind(Path folder) throws IOException, InterruptedException {
      return switch (broker) {
        case MOSQUITTO -> Mosquitto.behind(Mosquitto.executable().orElseThrow(), folder, isTls);
        case ARTEMIS -> JavaBroker.ARTEMIS.behind(options.brokers(), folder, PASSWORD);
      };
    }

    private ServerUnderTest alone(Path folder, Fleet fleet)
        throws IOException, InterruptedException {
      return switch (broker) {
        case MOSQUITTO -> Mosquitto.start(Mosquitto.executable().orElseThrow(), folder, fleet, 0);
        case ARTEMIS -> JavaBroker.ARTEMIS.start(options.brokers(), folder, fleet, 0);
      };
    }

    private String configuration(Contest contest, ServerUnderTest behind) throws IOException {
      var secret = Files.writeString(contest.folder("password"), PASSWORD);
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      return "upstream:\n  address: %s:%d\n  password-file: %s\n%s%s"
          .formatted(
              isTls ? "ssl://localhost" : "tcp://127.0.0.1",
              behind.target().port(),
              secret,
              isTls ? "  trust-file: " + behind.target().trust() + "\n" : "",
              sharing());
    }

    private String sharing() {
      return shared == 0
          ? ""
          : "  shared-connections: %d\n  shared-user: gateway\n".formatted(shared);
    }
  }
}
