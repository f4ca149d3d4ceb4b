package io.sallyport.app.agent;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.bundle.MalformedBundle;
import io.sallyport.app.configuration.OperationKeys.LogFormat;
import io.sallyport.app.configuration.OperationKeys.LogLevel;
import io.sallyport.app.demo.Operator;
import io.sallyport.app.process.Logging;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Signals;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import io.sallyport.cli.terminal.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport simulate}: a fleet of agents in one process. */
@Command(
    name = "simulate",
    description =
        "Run a fleet of devices against a server: they connect, publish, lose their connections and"
            + " come back. Without --bundles it makes them as a batch, and revokes it at the end.",
    footer = {
      "",
      "Examples:",
      "  sallyport simulate --devices 1000 --duration 60s",
      "  sallyport simulate --bundles fleet/ --rate 500 --storm-every 15s --storm-share 0.5"
    })
public final class SimulateCommand implements Callable<Integer> {
  // Bound: what two event loops and one heap carry.
  private static final int DEVICES_MAX = 20_000;
  // Bound: messages a second; more than a server on the same machine takes.
  private static final int RATE_MAX = 100_000;
  private static final Duration SETTLE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LOOK_LIVE_NANOS = Duration.ofMillis(500).toNanos();

  private final Machine machine;
  private final Surroundings surroundings;
  private final CountDownLatch stop = new CountDownLatch(1);

  @Option(
      names = "--devices",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many, 1 to 20000 (default: 1000).")
  private int devices = 1_000;

  @Option(
      names = "--bundles",
      paramLabel = "DIR",
      description = "Take devices that are enrolled: a bundle in each folder below it.")
  private @Nullable Path bundles;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long, from the first connection (default: 60s).")
  private String duration = "60s";

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Messages a second of all devices together (default: 100).")
  private double rate = 100;

  @Option(
      names = "--connect-rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "New devices a second (default: 100).")
  private int connectRate = 100;

  @Option(
      names = "--storm-every",
      paramLabel = "TIME",
      description = "Between two storms, in which devices lose their connections (default: none).")
  private @Nullable String stormEvery;

  @Option(
      names = "--storm-share",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description = "The share of the devices that a storm hits (default: 0.3).")
  private double stormShare = 0.3;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed, the same devices say the same (default: 1).")
  private long seed = 1;

  @Option(names = "--keep", description = "Do not revoke the devices that were made.")
  private boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data directory of the server, with operator/ and endpoint.json in it.")
  private @Nullable Path data;

  @Option(
      names = "--operator-dir",
      paramLabel = "DIR",
      description = "Directory with operator.crt, operator.key and ca.crt.")
  private @Nullable Path operatorDirectory;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The operators' API, https://host:port.")
  private @Nullable String server;

  @Mixin private Format format = new Format();

  public SimulateCommand(Machine machine, Surroundings surroundings) {
    this.machine = machine;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (devices < 1 || devices > DEVICES_MAX) {
      throw Failure.badInput("--devices is 1 to " + DEVICES_MAX + ", not " + devices);
    }
    // Said so that what is no number is refused as well.
    if (!(rate >= 0 && rate <= RATE_MAX)) {
      throw Failure.badInput("--rate is 0 to " + RATE_MAX + ", not " + rate);
    }
    if (connectRate < 1 || connectRate > DEVICES_MAX) {
      throw Failure.badInput("--connect-rate is 1 to " + DEVICES_MAX + ", not " + connectRate);
    }
    if (!(stormShare >= 0 && stormShare <= 1)) {
      throw Failure.badInput("--storm-share is 0 to 1, not " + stormShare);
    }
    if (bundles != null && !Files.isDirectory(bundles)) {
      throw Failure.badInput("--bundles: there is no folder " + bundles);
    }
    var plan =
        new SimulatedFleet.Plan(
            Duration.ofSeconds(Span.seconds("--duration", duration)),
            rate,
            connectRate,
            stormEvery == null
                ? Duration.ZERO
                : Duration.ofSeconds(Span.seconds("--storm-every", stormEvery)),
            stormShare);
    Logging.configure(LogFormat.READABLE, LogLevel.ERROR);
    Signals.on("INT", stop::countDown);
    Signals.on("TERM", stop::countDown);
    var folder = Files.createTempDirectory("sallyport-simulation-");
    try {
      return bundles == null ? made(folder, plan) : lived(folder, plan, bundles);
    } finally {
      remove(folder);
    }
  }

  /** With devices of its own, which end with it. */
  private int made(Path folder, SimulatedFleet.Plan plan) throws IOException, InterruptedException {
    var operator = new Operator(surroundings, where());
    var batch = "sim-" + Long.toString(machine.clock().millis(), Character.MAX_RADIX) + "-" + seed;
    var out = folder.resolve("fleet");
    machine.terminal().note("enrolling " + devices + " devices as batch " + batch);
    try {
      operator.json(
          "factory",
          "--batch",
          batch,
          "--count",
          String.valueOf(devices),
          "--out",
          out.toString(),
          "--format",
          "aws-iot");
    } catch (Operator.Failed e) {
      throw switch (e.code()) {
        case 1 -> Failure.refused(e.said());
        // Refused before anything was made.
        case 2 -> Failure.badInput(e.said());
        default -> {
          end(operator, batch);
          yield Failure.unavailable(e.said(), e);
        }
      };
    }
    try {
      return lived(folder, plan, out);
    } finally {
      end(operator, batch);
    }
  }

  private void end(Operator operator, String batch) {
    if (keep) {
      machine
          .terminal()
          .note("the devices stay; end them with `sallyport batch kill " + batch + "`");
      return;
    }
    try {
      operator.json("batch", "kill", batch, "--reason", "cessationOfOperation");
      machine.terminal().note("the devices of batch " + batch + " are revoked");
    } catch (Operator.Failed e) {
      machine
          .terminal()
          .note(
              "the devices could not be revoked; run `sallyport batch kill "
                  + batch
                  + "`: "
                  + e.said());
    }
  }

  private List<String> where() {
    var where = new ArrayList<String>();
    if (data != null) {
      where.addAll(List.of("--data", data.toString()));
    }
    if (operatorDirectory != null) {
      where.addAll(List.of("--operator-dir", operatorDirectory.toString()));
    }
    if (server != null) {
      where.addAll(List.of("--server", server));
    }
    return where;
  }

  private int lived(Path folder, SimulatedFleet.Plan plan, Path from)
      throws IOException, InterruptedException {
    var fleet = fleet(from);
    var luck = new SplittableRandom(seed);
    // Its own: it is asked from other threads.
    var tally = new Tally(luck.split());
    var states = Files.createDirectory(folder.resolve("state"));
    try (var simulated = new SimulatedFleet(machine, fleet, states, luck, tally)) {
      var begun = machine.nanos().getAsLong();
      var progress = new Looking(tally, fleet.size());
      simulated.live(plan, stop, progress::look);
      var waiting = simulated.settle(SETTLE, stop, progress::look);
      progress.end();
      var seconds = (machine.nanos().getAsLong() - begun) / 1e9;
      return report(tally, new Outcome(fleet.size(), seconds, waiting, simulated.lost()));
    }
  }

  private List<Bundle> fleet(Path from) throws IOException {
    var fleet = new ArrayList<Bundle>();
    try (var folders = Files.list(from)) {
      for (var one : folders.filter(Files::isDirectory).sorted().limit(devices + 1L).toList()) {
        if (!String.valueOf(one.getFileName()).startsWith(".") && fleet.size() < devices) {
          fleet.add(Bundle.read(one, null));
        }
      }
    } catch (MalformedBundle e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    }
    if (fleet.isEmpty()) {
      throw Failure.badInput("there is no bundle below " + from);
    }
    return fleet;
  }

  /** The line that says how far it is. */
  private final class Looking {
    private final Tally tally;
    private final int of;
    private long last;

    Looking(Tally tally, int of) {
      this.tally = tally;
      this.of = of;
      this.last = machine.nanos().getAsLong();
    }

    void look() {
      var now = machine.nanos().getAsLong();
      var live = machine.terminal().interactive();
      if (now - last < (live ? LOOK_LIVE_NANOS : LOOK_NANOS)) {
        return;
      }
      last = now;
      var line =
          "%d of %d connected, %d published, %d acknowledged"
              .formatted(
                  tally.connectedNow(), of, tally.publishedSoFar(), tally.acknowledgedSoFar());
      if (live) {
        machine.terminal().err().printf("\r%-79s", line);
        machine.terminal().err().flush();
      } else {
        machine.terminal().note(line);
      }
    }

    void end() {
      if (machine.terminal().interactive()) {
        machine.terminal().err().println();
      }
    }
  }

  /**
   * What is left when it is over.
   *
   * @param seconds from the first connection to the last acknowledgement
   * @param waiting messages that no server has acknowledged
   * @param lost messages that gave way or were not written
   */
  private record Outcome(int devices, double seconds, long waiting, long lost) {
    /** Why the fleet did not hold, or nothing. */
    List<String> complaints(Tally tally) {
      var complaints = new ArrayList<String>();
      count(complaints, devices - tally.connectedNow(), "not connected");
      count(complaints, waiting, "not acknowledged");
      count(complaints, tally.deniedSoFar(), "denied");
      count(complaints, lost, "lost");
      return complaints;
    }

    private static void count(List<String> into, long times, String what) {
      if (times > 0) {
        into.add(times + " " + what);
      }
    }
  }

  private int report(Tally tally, Outcome outcome) {
    var latency = tally.percentiles(0.5, 0.9, 0.99, 1);
    var complaints = outcome.complaints(tally);
    var json = Json.mapper().createObjectNode();
    json.put("devices", outcome.devices()).put("connected", tally.connectedNow());
    json.put("seconds", Math.round(outcome.seconds() * 10) / 10.0);
    json.put("connections", tally.connections()).put("cuts", tally.cutsSoFar());
    json.put("published", tally.publishedSoFar());
    json.put("acknowledged", tally.acknowledgedSoFar());
    json.put("waiting", outcome.waiting());
    json.put("denied", tally.deniedSoFar()).put("lost", outcome.lost());
    json.putObject("latencyMillis")
        .put("p50", latency[0])
        .put("p90", latency[1])
        .put("p99", latency[2])
        .put("max", latency[3]);
    var endings = json.putObject("endings");
    tally.reasons().forEach(endings::put);
    json.put("held", complaints.isEmpty());
    if (format.json()) {
      Json.print(machine.terminal(), json);
    } else {
      table(json);
      tally.reasons().forEach((why, times) -> row("ended " + times + "x", why));
      row(
          "held",
          complaints.isEmpty()
              ? "yes: all connected at the end, everything acknowledged"
              : "no: " + String.join(", ", complaints));
    }
    return complaints.isEmpty() ? 0 : 1;
  }

  private void table(tools.jackson.databind.JsonNode json) {
    row("devices", json.path("devices").asString());
    row("time", json.path("seconds").asString() + " s");
    row("connected", json.path("connected").asString() + " at the end");
    row(
        "connections",
        json.path("connections").asString() + ", cut " + json.path("cuts").asString());
    row("published", json.path("published").asString());
    row("acknowledged", json.path("acknowledged").asString());
    row("waiting", json.path("waiting").asString());
    row("denied", json.path("denied").asString());
    row("lost", json.path("lost").asString());
    var latency = json.path("latencyMillis");
    row(
        "latency",
        String.format(
            Locale.ROOT,
            "median %.1f, p90 %.1f, p99 %.1f, longest %.1f ms, from said to acknowledged",
            latency.path("p50").asDouble(),
            latency.path("p90").asDouble(),
            latency.path("p99").asDouble(),
            latency.path("max").asDouble()));
  }

  private void row(String name, String value) {
    machine.terminal().line("%-14s %s".formatted(name, value));
  }

  private static void remove(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
