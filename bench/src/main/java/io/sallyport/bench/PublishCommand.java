package io.sallyport.bench;

import io.sallyport.bench.server.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** CPU per delivery, rate and latency: what a fleet's telemetry costs. */
@Command(
    name = "publish",
    description = "Messages from devices to backends, all of them on mutual TLS.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  private static final int PUBLISHERS = 50;
  private static final int FAN_OUT = 200;
  private static final List<Integer> STEADY_RATES = List.of(10_000, 30_000);
  private static final int WINDOW = 16;
  private static final int SMALL = 64;
  private static final int LARGE = 1_024;
  private static final double SATURATED_GOAL = 0.4;
  private static final double STEADY_GOAL = 0.85;
  private static final double FAN_OUT_GOAL = 0.15;
  private static final double PERSISTENT_GOAL = 1.0;

  @Mixin private BenchOptions options = new BenchOptions();

  @Override
  public Integer call() throws Exception {
    new Comparison(options)
        .run(cases(), new Fleet.Size(PUBLISHERS, FAN_OUT), "", Comparison.Servers.KEPT);
    return 0;
  }

  private List<Case> cases() {
    var cases = new ArrayList<Case>();
    for (var payload : List.of(SMALL, LARGE)) {
      for (var qos : List.of(0, 1)) {
        cases.add(telemetry(qos, payload, 0, false));
        for (var rate : STEADY_RATES) {
          cases.add(telemetry(qos, payload, rate, false));
        }
      }
      cases.add(telemetry(1, payload, 0, true));
      cases.add(telemetry(1, payload, STEADY_RATES.getFirst(), true));
    }
    for (var qos : List.of(0, 1)) {
      // Nothing to batch: what a device costs that sends one message at a time.
      cases.add(one(new Shape(PUBLISHERS, 1, qos, SMALL, 0, 1, false), null));
      var goal = Goal.atMost(Figure.CPU_SECONDS_PER_MILLION, FAN_OUT_GOAL);
      cases.add(one(new Shape(1, FAN_OUT, qos, SMALL, 0, WINDOW, false), goal));
      cases.add(one(new Shape(1, FAN_OUT, qos, SMALL, 0, 1, false), null));
    }
    return cases;
  }

  private Case telemetry(int qos, int payload, int rate, boolean persistent) {
    var ratio = persistent ? PERSISTENT_GOAL : rate == 0 ? SATURATED_GOAL : STEADY_GOAL;
    return one(
        new Shape(PUBLISHERS, 1, qos, payload, rate, WINDOW, persistent),
        Goal.atMost(Figure.CPU_SECONDS_PER_MILLION, ratio));
  }

  private Case one(Shape shape, @Nullable Goal goal) {
    return new Case(shape.name(), goal, contestant -> shape.measure(contestant, options));
  }
}
