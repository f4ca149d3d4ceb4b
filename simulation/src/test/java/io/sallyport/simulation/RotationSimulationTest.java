package io.sallyport.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.sallyport.simulation.Weather.Incident;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Years of a fleet's rotations keep every promise, whatever the weather. */
class RotationSimulationTest {
  private static final List<Incident> INCIDENTS = Weather.YEAR_OF_INCIDENTS;

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

  /**
   * A hundred thousand by {@code -Dsallyport.simulation.devices=100000}, with other luck by {@code
   * -Dsallyport.simulation.seed=1}.
   */
  @Test
  void keepsItsPromisesToAFleet() throws IOException {
    int devices = Integer.getInteger("sallyport.simulation.devices", 3_000);
    long seed = Long.getLong("sallyport.simulation.seed", 7);
    var scenario = Scenario.of(seed, devices, Duration.ofDays(365), Weather.usual(INCIDENTS));
    var figures = keeps(scenario);

    assertThat(figures.proven()).isGreaterThan(devices * 4L);
    Files.writeString(Path.of("target", "rotation-simulation.txt"), Report.of(scenario, figures));
  }

  @Test
  void isRunByHandAndShowsTheHistoryOfOneDevice() {
    assertThat(printed(0, "20", "7", "foul")).contains("day 330 ", "seed 7, 20 devices");
    assertThat(printed(0, "20", "7", "usual", "3"))
        .contains("event  Restarted", "effect Connect", "asked", "proven");
    assertThat(printed(0, "1", "1", "fair")).contains("rotations proven");
    for (var wrong : List.of("", "0 7", "20", "20 x", "20 7 snow", "20 7 fair 20")) {
      assertThat(printed(2, wrong.split(" "))).contains("usage: ");
    }
  }

  private static String printed(int status, String... arguments) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      assertThat(Run.run(List.of(arguments), out)).isEqualTo(status);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
