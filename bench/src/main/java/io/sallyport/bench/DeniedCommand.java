package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** CPU for each publication that is refused: what deciding costs, with few rules and with many. */
@Command(
    name = "denied",
    description = "Publications that no policy allows, with few rules and with many.",
    mixinStandardHelpOptions = true)
final class DeniedCommand implements Callable<Integer> {
  private static final int DEVICES = 50;
  private static final int WINDOW = 16;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--rules",
      defaultValue = "800",
      paramLabel = "N",
      description = "How many more rules the second run has (default: ${DEFAULT-VALUE}).")
  private int rules;

  @Override
  public Integer call() throws Exception {
    measure("usual rules", 0);
    measure(rules + " more rules", rules);
    return 0;
  }

  private void measure(String name, int more) throws Exception {
    new Comparison(options)
        .run(
            List.of(new Case("denied, QoS 1, 64 B, " + name, null, this::one)),
            new Fleet.Size(DEVICES, 0, more),
            "",
            Comparison.Servers.KEPT);
  }

  private Map<Figure, Double> one(Contest.Contestant contestant) throws InterruptedException {
    var server = contestant.server();
    var arguments = List.of("intrude", "--devices", "" + DEVICES, "--window", "" + WINDOW);
    try (var load = LoadProcess.start(server.target(), contestant.fleet().directory(), arguments)) {
      var window = Window.measure(server, load, options.warmUp(), options.window());
      var refused = window.counted("refused");
      return Map.of(
          Figure.CPU_SECONDS_PER_MILLION_REFUSED,
          window.cpuSeconds() / refused * 1e6,
          Figure.REFUSED_PER_SECOND,
          refused / window.seconds());
    }
  }
}
