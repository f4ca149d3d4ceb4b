package io.sallyport.bench;

import io.sallyport.bench.drawing.LogLogChart;
import io.sallyport.bench.load.LoadProcess;
import io.sallyport.bench.server.ServerUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the cost of a delivery grows with the fleet, with its readers and with its messages. */
@Command(
    name = "growth",
    description =
        "CPU per delivery from 1 to 10 000 connections, 1 to 1 000 subscribers, 16 B to 64 KiB.",
    mixinStandardHelpOptions = true)
final class GrowthCommand implements Callable<Integer> {
  /** As high as mosquitto's are set, so that no server drops or refuses what waits for a reader. */
  private static final String CONFIGURATION =
      "exchange: {session-queue-messages: 1000000, session-queue-bytes: 512MiB}";

  @Mixin private BenchOptions options = new BenchOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(
      names = "--what",
      split = ",",
      paramLabel = "connections|subscribers|payload",
      description = "Let only this grow (default: one after another).")
  private Set<Growth> what = EnumSet.allOf(Growth.class);

  @Option(
      names = "--up-to",
      defaultValue = "" + Integer.MAX_VALUE,
      showDefaultValue = Help.Visibility.NEVER,
      paramLabel = "N",
      description = "Leave larger sizes out (default: none).")
  private int limit;

  @Option(
      names = "--chart",
      paramLabel = "FILE.svg",
      description = "Draw each table; several get their names before the ending.")
  private @Nullable Path chart;

  private final Set<ServerUnderTest> warm = new HashSet<>();

  @Override
  public Integer call() throws Exception {
    for (var growth : what) {
      if (growth.sizes(limit).isEmpty()) {
        throw refused("--up-to " + limit + " leaves nothing of " + growth.label());
      }
      var most = growth.shape(growth.sizes(limit).getLast());
      OpenFiles.require(most.publishers() + most.subscribers());
    }
    for (var growth : what) {
      grow(growth);
    }
    return 0;
  }

  private void grow(Growth growth) throws Exception {
    var sizes = growth.sizes(limit);
    var cases = new LinkedHashMap<Integer, Case>();
    for (var size : sizes) {
      var shape = growth.shape(size);
      cases.put(size, new Case(shape.name(), null, one -> measure(growth, shape, one)));
    }
    // A heap that has held ten thousand connections does not tell what one takes.
    var servers =
        growth == Growth.CONNECTIONS ? Comparison.Servers.NEW_EACH_ROUND : Comparison.Servers.KEPT;
    var report =
        new Comparison(options)
            .run(
                List.copyOf(cases.values()), growth.fleet(sizes.getLast()), CONFIGURATION, servers);
    if (chart != null) {
      var file = what.size() == 1 ? chart : chartOf(chart, growth);
      Files.writeString(file, draw(growth, cases, report).svg());
      System.err.println("wrote " + file);
    }
  }

  private Map<Figure, Double> measure(Growth growth, Shape shape, Contest.Contestant contestant)
      throws InterruptedException {
    if (growth != Growth.CONNECTIONS) {
      return shape.measure(contestant, options);
    }
    if (warm.add(contestant.server())) {
      warm(contestant);
    }
    return shape.measure(contestant, options, GrowthCommand::resident);
  }

  private static Map<Figure, Double> resident(ServerUnderTest server) {
    return Map.of(Figure.RESIDENT_MIB, server.process().residentKib() / 1_024);
  }

  /** New servers have no warm-up round. */
  private void warm(Contest.Contestant contestant) throws InterruptedException {
    var server = contestant.server();
    var fleet = contestant.fleet().directory();
    try (var _ = LoadProcess.start(server.target(), fleet, Growth.warming().arguments())) {
      Thread.sleep(options.warmUp().plus(options.window()));
    }
  }

  /** {@code cost.svg} is {@code cost-payload.svg} for the payload. */
  static Path chartOf(Path file, Growth growth) {
    var name = file.getFileName().toString();
    var dot = name.lastIndexOf('.');
    var stem = dot < 0 ? name : name.substring(0, dot);
    var ending = dot < 0 ? "" : name.substring(dot);
    return file.resolveSibling(stem + "-" + growth.name().toLowerCase(Locale.ROOT) + ending);
  }

  private LogLogChart draw(Growth growth, Map<Integer, Case> cases, Report report) {
    var panels = new ArrayList<LogLogChart.Panel>();
    for (var figure : List.of(Figure.CPU_SECONDS_PER_MILLION, Figure.RESIDENT_MIB)) {
      if (figure == Figure.CPU_SECONDS_PER_MILLION || growth == Growth.CONNECTIONS) {
        panels.add(panel(growth, figure, cases, report));
      }
    }
    return new LogLogChart("How cost grows: " + growth.label(), panels);
  }

  private static LogLogChart.Panel panel(
      Growth growth, Figure figure, Map<Integer, Case> cases, Report report) {
    var marks = new TreeMap<Double, String>();
    cases.keySet().forEach(size -> marks.put(size.doubleValue(), growth.mark(size)));
    var lines = new ArrayList<LogLogChart.Line>();
    for (var server : report.servers()) {
      var points = new ArrayList<LogLogChart.Point>();
      cases.forEach(
          (size, one) ->
              report
                  .median(one, figure, server)
                  .ifPresent(value -> points.add(new LogLogChart.Point(size, value))));
      lines.add(new LogLogChart.Line(server, points));
    }
    return new LogLogChart.Panel(figure.label(), growth.label(), marks, lines);
  }

  private ParameterException refused(String why) {
    return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
  }
}
