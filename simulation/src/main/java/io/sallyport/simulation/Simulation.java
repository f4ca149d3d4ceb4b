package io.sallyport.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Runs scenarios, and makes what it finds as small as it can. */
public final class Simulation {
  // Bound: devices of a fleet that is run again with less of everything.
  private static final int REDUCED_MAX = 10_000;
  // Bound: what is shown of a history, at its end.
  private static final int HISTORY_MAX = 60;

  private final Function<World, Server> server;
  private final World.Maker device;

  /** With the server and the devices as they are to be. */
  public Simulation() {
    this(Server::new, Device::new);
  }

  /** With worse ones. */
  Simulation(Function<World, Server> server, World.Maker device) {
    this.server = server;
    this.device = device;
  }

  /**
   * Runs to the end.
   *
   * @throws Violation at the first promise that is broken
   */
  public Figures run(Scenario scenario) {
    return run(scenario, (_, _) -> {});
  }

  Figures run(Scenario scenario, World.Progress progress) {
    return new World(scenario, server, device, World.NOBODY).run(progress);
  }

  /** The promise that is broken, if any. */
  public Optional<Violation> violation(Scenario scenario) {
    try {
      run(scenario);
      return Optional.empty();
    } catch (Violation e) {
      return Optional.of(e);
    }
  }

  /** The smallest scenario found that breaks the same promise, and the history of the device. */
  public String explain(Scenario scenario, Violation violation) {
    var smallest = scenario;
    var found = violation;
    for (var step : smaller(violation)) {
      if (found != violation && smallest.devices() > REDUCED_MAX) {
        // Each try takes minutes; what is left can be run by its seed.
        break;
      }
      var candidate = step.apply(smallest);
      var again = violation(candidate).filter(one -> one.kind() == violation.kind());
      if (again.isPresent()) {
        smallest = candidate;
        found = again.get();
      }
    }
    return "%s%nseed %d, %d devices, %d days, %s%n%s"
        .formatted(
            found.getMessage(),
            smallest.seed(),
            smallest.devices(),
            smallest.length().toDays(),
            smallest.weather(),
            String.join("\n", history(smallest, found.device(), HISTORY_MAX)));
  }

  /** What befell a device, the last so many things of it. */
  List<String> history(Scenario scenario, int device, int most) {
    var world = new World(scenario, server, this.device, device);
    try {
      world.run((_, _) -> {});
    } catch (Violation e) {
      // It is what the history leads to.
    }
    var all = world.history();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  private static List<UnaryOperator<Scenario>> smaller(Violation violation) {
    return List.of(
        all -> all.with(all.devices(), earlier(all, violation)),
        all -> all.with(Math.min(all.devices(), 100), all.length()),
        all -> all.with(Math.min(all.devices(), 10), all.length()),
        all -> all.with(1, all.length()),
        all -> all.with(all.weather().without(0)),
        all -> all.with(all.weather().without(1)),
        all -> all.with(all.weather().without(2)),
        all -> all.with(all.weather().without(3)),
        all -> all.with(all.weather().without(4)),
        all -> all.with(all.weather().without(5)),
        all -> all.with(all.weather().without(6)));
  }

  private static Duration earlier(Scenario scenario, Violation violation) {
    var until = violation.moment().plusDays(1);
    return until.compareTo(scenario.length()) < 0 ? until : scenario.length();
  }
}
