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
    for (int seed = 0; seed < 20; seed++) {
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

  @Test
  void slowsAndPausesWhenTheIssuerIsBroken() {
    var broken = new Incident(Trouble.BROKEN_ISSUER, Duration.ofDays(3), Duration.ofDays(2));
    var figures = keeps(Scenario.of(2, 2000, Duration.ofDays(30), Weather.usual(List.of(broken))));

    assertThat(figures.pauseDays()).first().isEqualTo(3L);
    assertThat(figures.expired()).isLessThan(100);
  }

  /** The fleet of the promise; its figures are those of docs/rotation-simulation.md. */
  @Test
  void keepsItsPromisesToAHundredThousandDevices() throws IOException {
    var scenario = Scenario.of(7, 100_000, Duration.ofDays(365), Weather.usual(INCIDENTS));
    var figures = keeps(scenario);

    assertThat(figures.proven()).isGreaterThan(400_000);
    Files.writeString(Path.of("target", "rotation-simulation.txt"), Report.of(scenario, figures));
  }
}
