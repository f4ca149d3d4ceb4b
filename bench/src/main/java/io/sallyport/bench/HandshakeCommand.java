package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Handshakes per CPU-second: what a reconnecting fleet costs. */
@Command(
    name = "handshake",
    description = "Mutual TLS handshakes up to CONNACK, full and resumed.",
    mixinStandardHelpOptions = true)
final class HandshakeCommand implements Callable<Integer> {
  private static final int DEVICES = 200;
  private static final int PARALLEL = 16;
  private static final double FULL_GOAL = 3.0;
  private static final double RESUMED_GOAL = 3.0;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws Exception {
    new Comparison(options)
        .run(
            List.of(one("full handshakes", false), one("resumed handshakes", true)),
            new Fleet.Size(DEVICES, 0),
            "",
            Comparison.Servers.KEPT);
    return 0;
  }

  private Case one(String name, boolean resumption) {
    var load = new ArrayList<>(List.of("handshake"));
    load.addAll(List.of("--devices", "" + DEVICES, "--parallel", "" + PARALLEL));
    if (resumption) {
      load.add("--resumption");
    }
    return new Case(
        name,
        Goal.atLeast(Figure.HANDSHAKES_PER_CPU_SECOND, resumption ? RESUMED_GOAL : FULL_GOAL),
        contestant -> measure(contestant, load));
  }

  private Map<Figure, Double> measure(Contest.Contestant contestant, List<String> load)
      throws InterruptedException {
    var server = contestant.server();
    try (var running = LoadProcess.start(server.target(), contestant.fleet().directory(), load)) {
      var window = Window.measure(server, running, options.warmUp(), options.window());
      return Map.of(
          Figure.HANDSHAKES_PER_CPU_SECOND, window.counted("handshakes") / window.cpuSeconds(),
          Figure.HANDSHAKES_PER_SECOND, window.counted("handshakes") / window.seconds());
    }
  }
}
