package io.sallyport.bench;

import io.sallyport.bench.load.Identities;
import io.sallyport.bench.load.LoadFailure;
import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.OperatorApi;
import io.sallyport.bench.server.Sallyport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Time from the command to the last closed socket. mosquitto has nothing to compare: a certificate
 * that its CRL revokes keeps its live session.
 */
@Command(
    name = "revoke",
    description = "From the command to the last socket closed, with many live sessions.",
    mixinStandardHelpOptions = true)
final class RevokeCommand implements Callable<Integer> {
  private static final long CLOSED_SECONDS_MAX = 30;
  private static final double NANOS_PER_MS = 1e6;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--sessions",
      defaultValue = "1000",
      paramLabel = "N",
      description = "How many sessions are live (default: ${DEFAULT-VALUE}).")
  private int sessions;

  @Override
  public Integer call() throws Exception {
    new Comparison(options)
        .run(
            List.of(
                new Case(
                    sessions + " devices, revoked one after another",
                    null,
                    contestant -> measure(contestant, sessions, 1))),
            new Fleet.Size(sessions, 0),
            "",
            Comparison.Servers.NEW_EACH_ROUND);
    new Comparison(options)
        .run(
            List.of(
                new Case(
                    "1 device with " + sessions + " connections",
                    null,
                    contestant -> measure(contestant, 1, sessions))),
            new Fleet.Size(1, 0),
            "mqtt: {several-connections: true, connections-per-device: " + sessions + "}",
            Comparison.Servers.NEW_EACH_ROUND);
    return 0;
  }

  private static Map<Figure, Double> measure(
      Contest.Contestant contestant, int devices, int connections) throws Exception {
    if (!(contestant.server() instanceof Sallyport sallyport)) {
      return Map.of();
    }
    var closed = new LinkedBlockingQueue<String>();
    try (var _ =
        LoadProcess.start(
            sallyport.target(),
            contestant.fleet().directory(),
            List.of(
                "hold", "--devices", "" + devices, "--connections-per-device", "" + connections),
            closed::add)) {
      var cuts = new ArrayList<Double>();
      var receipts = new ArrayList<Double>();
      var observation = sallyport.observe();
      for (var i = 1; i <= devices; i++) {
        revoke(sallyport.operator(), Identities.device(i), connections, closed, cuts, receipts);
      }
      observation.end();
      return Map.of(
          Figure.CUT_P50_MS, Median.of(cuts),
          Figure.CUT_MAX_MS, Collections.max(cuts),
          Figure.RECEIPT_P50_MS, Median.of(receipts),
          Figure.RECEIPT_MAX_MS, Collections.max(receipts));
    }
  }

  private static void revoke(
      OperatorApi operator,
      String device,
      int connections,
      LinkedBlockingQueue<String> closed,
      List<Double> cuts,
      List<Double> receipts)
      throws Exception {
    var commanded = System.nanoTime();
    operator.post("/api/v1/devices/" + device + "/revoke", Map.of("reason", "keyCompromise"));
    receipts.add((System.nanoTime() - commanded) / NANOS_PER_MS);
    var last = commanded;
    for (var i = 0; i < connections; i++) {
      var line = closed.poll(CLOSED_SECONDS_MAX, TimeUnit.SECONDS);
      if (line == null) {
        throw new LoadFailure("a session of the revoked " + device + " is still open");
      }
      last = Math.max(last, closedAt(line, device));
    }
    cuts.add((last - commanded) / NANOS_PER_MS);
  }

  /** When {@code closed <client id> <nanoseconds>} says that it happened. */
  static long closedAt(String line, String device) {
    var words = line.split(" ", -1);
    if (words.length != 3 || !(words[1] + ":").startsWith(device + ":")) {
      throw new LoadFailure("another session than the revoked one ended: " + line);
    }
    return Long.parseLong(words[2]);
  }
}
