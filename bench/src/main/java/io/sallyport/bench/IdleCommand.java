package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Memory per idle connection: what a sleeping fleet costs. */
@Command(
    name = "idle",
    description = "Resident memory per idle, subscribed mutual-TLS connection.",
    mixinStandardHelpOptions = true)
final class IdleCommand implements Callable<Integer> {
  /** Connected first and not counted, so that what a server allocates once is not either. */
  private static final int FIRST = 500;

  private static final Duration SETTLE = Duration.ofSeconds(3);
  // 11 KiB where mosquitto has 20.
  private static final double GOAL = 0.55;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--connections",
      defaultValue = "15000",
      paramLabel = "N",
      description = "How many connections to count (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Override
  public Integer call() throws Exception {
    var one =
        new Case(
            connections + " idle connections",
            Goal.atMost(Figure.KIB_PER_CONNECTION, GOAL),
            this::measure);
    new Comparison(options)
        .run(
            List.of(one),
            new Fleet.Size(FIRST + connections, 0),
            "",
            Comparison.Servers.NEW_EACH_ROUND);
    return 0;
  }

  private Map<Figure, Double> measure(Contest.Contestant contestant) throws InterruptedException {
    var process = contestant.server().process();
    try (var _ = hold(contestant, 1, FIRST)) {
      Thread.sleep(SETTLE);
      var before = process.residentKib();
      var connecting = contestant.server().observe();
      var cpuBefore = process.cpuSeconds();
      try (var counted = hold(contestant, FIRST + 1, connections)) {
        var cpu = process.cpuSeconds() - cpuBefore;
        connecting.end();
        Thread.sleep(SETTLE);
        var after = process.residentKib();
        var held = counted.mark().getOrDefault("held", 0.0);
        return Map.of(
            Figure.KIB_PER_CONNECTION, (after - before) / held,
            Figure.RESIDENT_MIB, after / 1_024,
            Figure.FIRST_CONNECTIONS_PER_CPU_SECOND, held / cpu);
      }
    }
  }

  private static LoadProcess hold(Contest.Contestant contestant, int first, int devices)
      throws InterruptedException {
    return LoadProcess.start(
        contestant.server().target(),
        contestant.fleet().directory(),
        List.of(
            "hold",
            "--first-device",
            "" + first,
            "--devices",
            "" + devices,
            "--connections-per-device",
            "1"));
  }
}
