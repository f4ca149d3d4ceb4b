package io.sallyport.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.sallyport.simulation.Weather.Incident;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Years of a fleet's rotations keep every promise, whatever the weather. */
class RotationSimulationTest {
  private static final List<Incident> INCIDENTS =
      List.of(
          new Incident(Trouble.OUTAGE, Duration.ofDays(40), Duration.ofHours(9)),
          new Incident(Trouble.BROKEN_ISSUER, Duration.ofDays(100), Duration.ofHours(30)),
          new Incident(Trouble.REFUSING, Duration.ofDays(200), Duration.ofHours(12)),
          new Incident(Trouble.OUTAGE, Duration.ofDays(300), Duration.ofDays(2)));

  private static Figures keeps(Scenario scenario) {
    var simulation = new Simulation();
    try {
      return simulation.run(scenario);
    } catch (Violation e) {
      return fail(simulation.explain(scenario, e));
    }
  }

  @Test
  void rotatesAFleetInFairWeather() {
    var figures = keeps(Scenario.of(1, 200, Duration.ofDays(400), Weather.fair()));

    assertThat(figures.expired()).isZero();
    assertThat(figures.proven()).isGreaterThan(200 * 5);
  }

  @Test
  void keepsItsPromisesForManySeeds() {
    for (int seed = 0; seed < 60; seed++) {
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.usual(INCIDENTS)));
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.foul(INCIDENTS)));
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.foul(List.of())));
    }
  }
}
