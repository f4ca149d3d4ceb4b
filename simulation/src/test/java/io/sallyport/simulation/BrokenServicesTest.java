package io.sallyport.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.WaveOutcome;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.simulation.Violation.Kind;
import io.sallyport.simulation.Weather.Incident;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pace that is none, and arrivals that nobody looks for, are found; the right ones pass. */
class BrokenServicesTest {
  private static final int SEEDS = 4;
  // All that is enrolled on one day is due on one day: big waves, as a small fleet has none else.
  private static final Scenario TOGETHER =
      Scenario.of(
              0,
              400,
              Duration.ofDays(75),
              Weather.usual(
                  List.of(
                      new Incident(
                          Trouble.BROKEN_ISSUER, Duration.ofDays(60), Duration.ofDays(3)))))
          .enrolledWithin(Duration.ofDays(1));

  private static Optional<Kind> finds(Function<World, Server> server, Scenario scenario) {
    var simulation = new Simulation(server, Device::new);
    for (int seed = 0; seed < SEEDS; seed++) {
      var found = simulation.violation(scenario.seeded(seed));
      if (found.isPresent()) {
        return found.map(Violation::kind);
      }
    }
    return Optional.empty();
  }

  @Test
  void theRightServerKeepsItsPace() {
    assertThat(finds(Server::new, TOGETHER)).isEmpty();
    assertThat(finds(ServerOfBadDevices::new, TOGETHER)).isEmpty();
  }

  @Test
  void aServerThatDoesNotPause() {
    assertThat(
            finds(
                world ->
                    new Server(world) {
                      @Override
                      Waves waves() {
                        return new Waves(this) {
                          @Override
                          Pace during(Pace pace, WaveOutcome outcome) {
                            return pace;
                          }

                          @Override
                          Pace after(Pace pace, WaveOutcome outcome) {
                            var next = super.after(pace, outcome);
                            return new Pace(next.size(), false);
                          }
                        };
                      }
                    },
                TOGETHER))
        .contains(Kind.PACE_IGNORED);
  }

  @Test
  void aServerThatPausesAtTheNextWaveOnly() {
    assertThat(
            finds(
                world ->
                    new Server(world) {
                      @Override
                      Waves waves() {
                        return new Waves(this) {
                          @Override
                          Pace during(Pace pace, WaveOutcome outcome) {
                            return pace;
                          }
                        };
                      }
                    },
                TOGETHER))
        .contains(Kind.PACE_IGNORED);
  }

  @Test
  void aServerThatGoesOnAskingAWaveAfterThePause() {
    assertThat(
            finds(
                world ->
                    new Server(world) {
                      @Override
                      Waves waves() {
                        return new Waves(this) {
                          @Override
                          void giveBack(Wave wave) {}
                        };
                      }
                    },
                TOGETHER))
        .contains(Kind.PACE_IGNORED);
  }

  /** One device in eight cannot use what it gets: too many to go on as fast, too few to stop. */
  private static class ServerOfBadDevices extends Server {
    ServerOfBadDevices(World world) {
      super(world);
    }

    @Override
    @Nullable Refusal refusal(Account account, Certificate certificate) {
      return certificate == account.pending && account.index % 8 == 0
          ? Refusal.REFUSED
          : super.refusal(account, certificate);
    }
  }

  @Test
  void aServerThatDoesNotSlowDown() {
    assertThat(
            finds(
                world ->
                    new ServerOfBadDevices(world) {
                      @Override
                      Waves waves() {
                        return new Waves(this) {
                          @Override
                          Pace after(Pace pace, WaveOutcome outcome) {
                            return super.after(
                                pace, new WaveOutcome(outcome.asked(), outcome.settled(), 0));
                          }
                        };
                      }
                    },
                TOGETHER))
        .contains(Kind.PACE_IGNORED);
  }

  @Test
  void aServerThatGrowsTooFast() {
    assertThat(
            finds(
                world ->
                    new Server(world) {
                      @Override
                      Waves waves() {
                        return new Waves(this) {
                          @Override
                          Pace after(Pace pace, WaveOutcome outcome) {
                            var next = super.after(pace, outcome);
                            return new Pace(next.size() * 2, next.paused());
                          }
                        };
                      }
                    },
                TOGETHER))
        .contains(Kind.PACE_IGNORED);
  }

  @Test
  void aServerThatWithdrawsWhatIsConnectedBecauseItMissedTheArrival() {
    var scenario = Scenario.of(0, 100, Duration.ofDays(200), Weather.foul(List.of()));

    assertThat(finds(Server::new, scenario)).isEmpty();
    assertThat(
            finds(
                world ->
                    new Server(world) {
                      @Override
                      void look(Account account) {}
                    },
                scenario))
        .contains(Kind.LOCKED_OUT);
  }
}
