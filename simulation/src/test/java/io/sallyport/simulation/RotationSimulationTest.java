package io.sallyport.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.sallyport.simulation.Weather.Incident;
import io.sallyport.simulation.Weather.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    for (int seed = 0; seed < 5; seed++) {
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.usual(INCIDENTS)));
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.foul(INCIDENTS)));
      keeps(Scenario.of(seed, 50, Duration.ofDays(400), Weather.foul(List.of())));
    }
  }

  @Test
  void isTheSameHistoryForTheSameSeed() {
    var scenario = Scenario.of(9, 50, Duration.ofDays(200), Weather.foul(INCIDENTS));

    assertThat(Report.of(scenario, keeps(scenario)))
        .isEqualTo(Report.of(scenario, keeps(scenario)));
  }

  /** A hundred thousand by {@code -Dsallyport.simulation.devices=100000}. */
  @Test
  void keepsItsPromisesToAFleet() throws IOException {
    int devices = Integer.getInteger("sallyport.simulation.devices", 3_000);
    var scenario = Scenario.of(7, devices, Duration.ofDays(365), Weather.usual(INCIDENTS));
    var figures = keeps(scenario);

    assertThat(figures.proven()).isGreaterThan(devices * 4L);
    Files.writeString(Path.of("target", "rotation-simulation.txt"), Report.of(scenario, figures));
  }
}
