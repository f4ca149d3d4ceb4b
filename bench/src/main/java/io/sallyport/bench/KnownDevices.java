package io.sallyport.bench;

import io.sallyport.bench.load.LoadProcess;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The devices that a besieged server is there for: some publish at a steady rate, others come and
 * go, every second of them with a ticket.
 */
final class KnownDevices implements AutoCloseable {
  private static final int PUBLISHERS = 50;
  private static final int PUBLISH_RATE = 1_000;
  private static final int VISITORS = 60;
  private static final int VISIT_RATE = 40;

  /** How many identities they take, from the first. */
  static final int COUNT = PUBLISHERS + VISITORS;

  private final LoadProcess publishing;
  private final LoadProcess visiting;

  private KnownDevices(LoadProcess publishing, LoadProcess visiting) {
    this.publishing = publishing;
    this.visiting = visiting;
  }

  static KnownDevices connect(Contest.Contestant contestant) throws InterruptedException {
    var publishing = start(contestant, publishing());
    try {
      return new KnownDevices(publishing, start(contestant, visiting()));
    } catch (InterruptedException | RuntimeException e) {
      publishing.close();
      throw e;
    }
  }

  private static LoadProcess start(Contest.Contestant contestant, List<String> load)
      throws InterruptedException {
    return LoadProcess.start(contestant.server().target(), contestant.fleet().directory(), load);
  }

  private static List<String> publishing() {
    return new Shape(PUBLISHERS, 1, 1, 64, PUBLISH_RATE, 16, false).arguments();
  }

  private static List<String> visiting() {
    return List.of(
        "visit",
        "--first-device",
        "" + (PUBLISHERS + 1),
        "--devices",
        "" + VISITORS,
        "--rate",
        "" + VISIT_RATE);
  }

  /** What they met since the last call. */
  Felt mark() throws InterruptedException {
    return new Felt(publishing.mark(), visiting.mark());
  }

  @Override
  public void close() {
    try (publishing) {
      visiting.close();
    }
  }

  /** What devices met in some time. */
  record Felt(Map<String, Double> publishing, Map<String, Double> visiting) {
    double p99() {
      return publishing.getOrDefault("p99ms", 0.0);
    }

    /** As it is when nobody attacks. */
    Map<Figure, Double> calm() {
      var figures = new EnumMap<Figure, Double>(Figure.class);
      put(figures, Figure.LATENCY_P50_MS, publishing, "p50ms");
      put(figures, Figure.LATENCY_P99_MS, publishing, "p99ms");
      put(figures, Figure.CONNECT_TICKET_P99_MS, visiting, "resumedP99ms");
      put(figures, Figure.CONNECT_FULL_P99_MS, visiting, "fullP99ms");
      return figures;
    }

    /** As it was beside an attack. */
    Map<Figure, Double> besieged(Felt calm) {
      var figures = new EnumMap<Figure, Double>(Figure.class);
      put(figures, Figure.LATENCY_P50_LOADED_MS, publishing, "p50ms");
      put(figures, Figure.LATENCY_P99_LOADED_MS, publishing, "p99ms");
      put(figures, Figure.CONNECT_TICKET_P50_LOADED_MS, visiting, "resumedP50ms");
      put(figures, Figure.CONNECT_TICKET_P99_LOADED_MS, visiting, "resumedP99ms");
      put(figures, Figure.CONNECT_FULL_P50_LOADED_MS, visiting, "fullP50ms");
      put(figures, Figure.CONNECT_FULL_P99_LOADED_MS, visiting, "fullP99ms");
      figures.put(Figure.LATENCY_P99_TIMES, p99() / calm.p99());
      var failed = visiting.getOrDefault("failed", 0.0);
      var connected = visiting.getOrDefault("connected", 0.0);
      figures.put(Figure.CONNECTS_FAILED_PERCENT, 100 * failed / Math.max(1, failed + connected));
      return figures;
    }

    private static void put(
        Map<Figure, Double> figures, Figure figure, Map<String, Double> counted, String name) {
      var value = counted.get(name);
      if (value != null) {
        figures.put(figure, value);
      }
    }
  }
}
