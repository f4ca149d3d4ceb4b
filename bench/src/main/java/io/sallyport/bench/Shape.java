package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.ServerUnderTest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Who sends what to whom, and how. */
record Shape(
    int publishers,
    int subscribers,
    int qos,
    int payload,
    int rate,
    int window,
    boolean persistent) {
  String name() {
    return "%d → %d%s, QoS %d, %s, %s"
        .formatted(
            publishers,
            subscribers,
            persistent ? " persistent" : "",
            qos,
            bytes(payload),
            rate == 0 ? window + " in flight" : rate + "/s");
  }

  /** A size as the tables write it. */
  static String bytes(int size) {
    return size < 1_024 ? size + " B" : size / 1_024 + " KiB";
  }

  List<String> arguments() {
    var arguments = new ArrayList<>(List.of("publish", "--devices", "" + publishers));
    arguments.addAll(List.of("--subscribers", "" + subscribers, "--qos", "" + qos));
    arguments.addAll(List.of("--payload", "" + payload, "--rate", "" + rate));
    arguments.addAll(List.of("--window", "" + window));
    if (persistent) {
      arguments.add("--persistent");
    }
    return arguments;
  }

  /** Puts this load on a server and says what came of it. */
  Map<Figure, Double> measure(Contest.Contestant contestant, BenchOptions options)
      throws InterruptedException {
    return measure(contestant, options, _ -> Map.of());
  }

  /** The same, and besides what can be seen of a server while it still has this load. */
  Map<Figure, Double> measure(
      Contest.Contestant contestant,
      BenchOptions options,
      Function<ServerUnderTest, Map<Figure, Double>> besides)
      throws InterruptedException {
    var server = contestant.server();
    try (var load =
        LoadProcess.start(server.target(), contestant.fleet().directory(), arguments())) {
      var window = Window.measure(server, load, options.warmUp(), options.window());
      var delivered = window.counted("delivered");
      var figures = new EnumMap<Figure, Double>(Figure.class);
      figures.put(Figure.CPU_SECONDS_PER_MILLION, window.cpuSeconds() / delivered * 1e6);
      if (server.behind().isPresent()) {
        figures.put(
            Figure.CPU_SECONDS_PER_MILLION_BEHIND, window.behindCpuSeconds() / delivered * 1e6);
      }
      figures.put(Figure.DELIVERIES_PER_SECOND, delivered / window.seconds());
      if (rate > 0) {
        figures.put(Figure.LATENCY_P50_MS, window.counted("p50ms"));
        figures.put(Figure.LATENCY_P99_MS, window.counted("p99ms"));
      }
      figures.putAll(besides.apply(server));
      figures.put(Figure.LOST, load.drain().getOrDefault("lost", 0.0));
      return figures;
    }
  }
}
