package io.sallyport.bench;

import io.sallyport.bench.load.Attack;
import io.sallyport.bench.load.LoadFailure;
import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.WorkDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What known devices feel of an attack: their latency before it and while it goes on. */
@Command(
    name = "siege",
    description = {
      "Latency and connect time of known devices, before each attack and while it goes on.",
      "Attackers come from other loopback prefixes than the devices, but for two cases; their"
          + " process has nice 10, and their rate is bounded."
    },
    mixinStandardHelpOptions = true)
final class SiegeCommand implements Callable<Integer> {
  private static final int HOSTILE = 4;
  private static final int STRANGERS = 16;
  private static final double GOAL = 2.0;

  /** Limits as they come; only this machine's own loopback block is as foreign as the Internet. */
  private static final String CONFIGURATION =
      """
      sources: {trusted: [127.0.0.1]}
      mqtt: {messages-per-second: 200}
      """;

  @Mixin private BenchOptions options = new BenchOptions();

  @Option(
      names = "--strength",
      defaultValue = "100",
      paramLabel = "PERCENT",
      description =
          "Attempts a second, as a share of what each attack has by itself, such as 500 handshakes"
              + " (default: ${DEFAULT-VALUE}).")
  private int strength;

  @Option(
      names = "--open",
      defaultValue = "10000",
      paramLabel = "N",
      description = "Most connections that an attack holds at once (default: ${DEFAULT-VALUE}).")
  private int open;

  @Override
  public Integer call() throws Exception {
    try (var work = WorkDirectory.create()) {
      var strangers = Fleet.selfMade(work.path(), new Fleet.Size(STRANGERS, 0)).directory();
      var cases = new ArrayList<Case>();
      for (var siege : Siege.all()) {
        cases.add(
            new Case(
                siege.name(),
                Goal.ownAtMost(Figure.LATENCY_P99_TIMES, GOAL),
                contestant -> measure(contestant, siege, strangers)));
      }
      new Comparison(options)
          .run(
              cases,
              new Fleet.Size(KnownDevices.COUNT + HOSTILE, 1),
              CONFIGURATION,
              Comparison.Servers.NEW_EACH_ROUND);
    }
    return 0;
  }

  private Map<Figure, Double> measure(Contest.Contestant contestant, Siege siege, Path strangers)
      throws InterruptedException {
    try (var devices = KnownDevices.connect(contestant)) {
      Thread.sleep(options.warmUp());
      devices.mark();
      Thread.sleep(options.window());
      var calm = devices.mark();
      var figures = new EnumMap<Figure, Double>(calm.calm());
      if (siege.attack() == Attack.NONE) {
        figures.putAll(besieged(contestant, devices, calm));
      } else {
        try (var attack = attack(contestant, siege, strangers)) {
          Thread.sleep(options.warmUp().plus(siege.buildUp(strength, open)));
          attack.mark();
          figures.putAll(besieged(contestant, devices, calm));
          figures.putAll(attacked(attack.mark()));
        }
      }
      return figures;
    }
  }

  private Map<Figure, Double> besieged(
      Contest.Contestant contestant, KnownDevices devices, KnownDevices.Felt calm)
      throws InterruptedException {
    var process = contestant.server().process();
    var figures = new EnumMap<Figure, Double>(Figure.class);
    try {
      devices.mark();
      var cpuBefore = process.cpuSeconds();
      var before = System.nanoTime();
      Thread.sleep(options.window());
      var seconds = (System.nanoTime() - before) / 1e9;
      figures.put(Figure.CPU_SHARE, (process.cpuSeconds() - cpuBefore) / seconds);
      figures.putAll(devices.mark().besieged(calm));
      figures.put(Figure.DEVICES_CUT_OFF, 0.0);
    } catch (LoadFailure e) {
      // What an attack can do at worst is a result as well.
      System.err.println("the devices were cut off: " + e.getMessage());
      figures.put(Figure.DEVICES_CUT_OFF, 1.0);
    }
    figures.put(Figure.RESIDENT_MIB, process.residentKib() / 1_024);
    return figures;
  }

  private static Map<Figure, Double> attacked(Map<String, Double> counted) {
    var seconds = counted.getOrDefault("seconds", 1.0);
    return Map.of(
        Figure.ATTEMPTS_PER_SECOND, counted.getOrDefault("attempts", 0.0) / seconds,
        Figure.SERVED_PER_SECOND, counted.getOrDefault("served", 0.0) / seconds,
        Figure.TURNED_AWAY_PER_SECOND, counted.getOrDefault("refused", 0.0) / seconds,
        Figure.ATTACK_HELD, counted.getOrDefault("held", 0.0));
  }

  private LoadProcess attack(Contest.Contestant contestant, Siege siege, Path strangers)
      throws InterruptedException {
    var isStranger = siege.attack() == Attack.STRANGERS || siege.attack() == Attack.FRAGMENTS;
    var arguments = new ArrayList<>(siege.arguments(strength, open));
    arguments.addAll(
        List.of(
            "--first-device",
            "" + (isStranger ? 1 : KnownDevices.COUNT + 1),
            "--devices",
            "" + (isStranger ? STRANGERS : HOSTILE)));
    return LoadProcess.startNice(
        contestant.server().target(),
        isStranger ? strangers : contestant.fleet().directory(),
        arguments);
  }
}
