package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A whole fleet comes back at once while others go on: what an outage of the network costs. */
@Command(
    name = "storm",
    description = {
      "All devices reconnect at once with their tickets, while others publish.",
      "The process of those that come back has nice 10."
    },
    mixinStandardHelpOptions = true)
final class StormCommand implements Callable<Integer> {
  private static final int PUBLISHERS = 50;
  private static final int RATE = 1_000;
  private static final double GOAL = 2.0;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--connections",
      defaultValue = "15000",
      paramLabel = "N",
      description = "How many devices come back (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Override
  public Integer call() throws Exception {
    new Comparison(options)
        .run(
            List.of(
                new Case(
                    connections + " devices come back",
                    Goal.ownAtMost(Figure.LATENCY_P99_TIMES, GOAL),
                    this::measure)),
            new Fleet.Size(PUBLISHERS + connections, 1),
            "",
            Comparison.Servers.NEW_EACH_ROUND);
    return 0;
  }

  private Map<Figure, Double> measure(Contest.Contestant contestant) throws InterruptedException {
    var server = contestant.server();
    var fleet = contestant.fleet().directory();
    try (var storm = LoadProcess.startNice(server.target(), fleet, storming());
        var publishing = LoadProcess.start(server.target(), fleet, publishing())) {
      // The first storm warms up, as it would any server that has been up for a day.
      storm.mark();
      var calm = Window.measure(server, publishing, options.warmUp(), options.window());
      var observation = server.observe();
      var cpuBefore = server.process().cpuSeconds();
      var came = storm.mark();
      double back = came.getOrDefault("back", 0.0);
      var cpu = server.process().cpuSeconds() - cpuBefore;
      observation.end();
      var during = publishing.mark();
      var figures = new EnumMap<Figure, Double>(Figure.class);
      figures.put(Figure.BACK_PER_SECOND, back / came.getOrDefault("seconds", 0.0));
      figures.put(Figure.BACK_PER_CPU_SECOND, back / cpu);
      figures.put(Figure.RESUMED_PERCENT, 100 * came.getOrDefault("resumed", 0.0) / back);
      double loaded = during.getOrDefault("p99ms", 0.0);
      figures.put(Figure.LATENCY_P99_MS, calm.counted("p99ms"));
      figures.put(Figure.LATENCY_P99_LOADED_MS, loaded);
      figures.put(Figure.LATENCY_P99_TIMES, loaded / calm.counted("p99ms"));
      figures.put(Figure.LOST, publishing.drain().getOrDefault("lost", 0.0));
      return figures;
    }
  }

  private List<String> storming() {
    return List.of("storm", "--first-device", "" + (PUBLISHERS + 1), "--devices", "" + connections);
  }

  private static List<String> publishing() {
    return new Shape(PUBLISHERS, 1, 1, 64, RATE, 16, false).arguments();
  }
}
