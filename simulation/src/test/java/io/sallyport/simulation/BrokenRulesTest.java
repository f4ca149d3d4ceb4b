package io.sallyport.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.rotation.Pace;
import io.sallyport.identity.rotation.WaveOutcome;
import io.sallyport.identity.rotation.device.CertificateCheck;
import io.sallyport.identity.rotation.device.DeviceEffect;
import io.sallyport.identity.rotation.device.DeviceEvent;
import io.sallyport.identity.rotation.device.Refusal;
import io.sallyport.identity.rotation.device.RotatingDevice;
import io.sallyport.simulation.Certificate.Status;
import io.sallyport.simulation.Violation.Kind;
import io.sallyport.simulation.Weather.Incident;
import io.sallyport.simulation.Weather.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A rule that is broken on purpose is found: otherwise the simulation would prove nothing. */
class BrokenRulesTest {
  private static final int SEEDS = 12;
  private static final List<Incident> INCIDENTS =
      List.of(new Incident(Trouble.BROKEN_ISSUER, Duration.ofDays(60), Duration.ofDays(3)));

  private static Violation finds(
      Function<World, Server> server, World.Maker device, Weather weather) {
    var simulation = new Simulation(server, device);
    for (int seed = 0; seed < SEEDS; seed++) {
      var found = simulation.violation(Scenario.of(seed, 100, Duration.ofDays(200), weather));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new AssertionError("nothing was found");
  }

  private static Kind findsServer(Function<World, Server> server) {
    return finds(server, Device::new, Weather.usual(INCIDENTS)).kind();
  }

  private static Kind findsDevice(World.Maker device) {
    return finds(Server::new, device, Weather.usual(INCIDENTS)).kind();
  }

  @Test
  void aServerThatRetiresTheOldCertificateWhenItIssues() {
    assertThat(
            findsServer(
                world ->
                    new Server(world) {
                      @Override
                      Certificate issue(Account account, int key) {
                        var issued = super.issue(account, key);
                        end(account, account.active, Status.RETIRED);
                        return issued;
                      }
                    }))
        .isEqualTo(Kind.LOCKED_OUT);
  }

  @Test
  void aServerThatNeverRetires() {
    assertThat(
            findsServer(
                world ->
                    new Server(world) {
                      @Override
                      void retire(Account account) {}
                    }))
        .isEqualTo(Kind.TOO_MANY_VALID);
  }

  @Test
  void aServerThatNeverWithdraws() {
    assertThat(
            findsServer(
                world ->
                    new Server(world) {
                      @Override
                      void withdraw(Account account) {
                        account.pending = null;
                      }
                    }))
        .isEqualTo(Kind.TOO_MANY_VALID);
  }

  @Test
  void aServerThatIssuesForEachMessage() {
    assertThat(
            findsServer(
                world ->
                    new Server(world) {
                      @Override
                      Optional<Certificate> requested(Account account, int key, String nonce) {
                        return Optional.of(issue(account, key));
                      }
                    }))
        .isEqualTo(Kind.TOO_MANY_VALID);
  }

  @Test
  void aGateThatLetsInWhatHasEnded() {
    var kind =
        findsServer(
            world ->
                new Server(world) {
                  @Override
                  @Nullable Refusal refusal(Account account, Certificate certificate) {
                    return certificate.isUnusable ? super.refusal(account, certificate) : null;
                  }
                });

    assertThat(kind).isEqualTo(Kind.USED_AFTER_END);
  }

  @Test
  void aServerThatForgetsToAskAgain() {
    assertThat(
            finds(
                    world ->
                        new Server(world) {
                          @Override
                          Waves waves() {
                            return new Waves(this) {
                              @Override
                              boolean isNext(
                                  Pace pace, WaveOutcome outcome, Instant began, Instant now) {
                                return schedule.now() < Duration.ofDays(20).toMillis()
                                    && super.isNext(pace, outcome, began, now);
                              }
                            };
                          }
                        },
                    Device::new,
                    Weather.fair())
                .kind())
        .isEqualTo(Kind.NOT_ROTATED);
  }

  /** A device whose steps are not what the machine says. */
  private abstract static class WorseDevice extends Device {
    WorseDevice(World world, Account account, SplittableRandom random) {
      super(world, account, random);
    }

    abstract List<DeviceEffect> worse(
        RotatingDevice machine, DeviceEvent event, List<DeviceEffect> effects);

    @Override
    List<DeviceEffect> react(RotatingDevice machine, DeviceEvent event) {
      return worse(machine, event, super.react(machine, event));
    }
  }

  @Test
  void aDeviceThatDeletesTheOldKeyBeforeTheProof() {
    assertThat(
            findsDevice(
                (world, account, random) ->
                    new WorseDevice(world, account, random) {
                      @Override
                      List<DeviceEffect> worse(
                          RotatingDevice machine, DeviceEvent event, List<DeviceEffect> effects) {
                        var newest = machine.state().keys().newest();
                        return event instanceof DeviceEvent.Certified
                            ? List.of(
                                new DeviceEffect.KeepOnly(Set.of(newest)),
                                new DeviceEffect.Connect(newest))
                            : effects;
                      }
                    }))
        .isIn(Kind.LOCKED_OUT, Kind.USED_DELETED);
  }

  @Test
  void aDeviceThatBelievesItsClock() {
    assertThat(
            findsDevice(
                (world, account, random) ->
                    new Device(world, account, random) {
                      @Override
                      CertificateCheck check(Certificate certificate) {
                        long now = world.schedule().now() + clockError.toMillis();
                        return now >= certificate.notBefore && now < certificate.notAfter
                            ? CertificateCheck.GOOD
                            : CertificateCheck.UNUSABLE;
                      }
                    }))
        .isIn(Kind.NOT_ROTATED, Kind.LOCKED_OUT, Kind.NOT_BACK);
  }

  @Test
  void aDeviceThatDoesNotKnowTheDoorForExpiredCertificates() {
    assertThat(
            findsDevice(
                (world, account, random) ->
                    new WorseDevice(world, account, random) {
                      @Override
                      List<DeviceEffect> worse(
                          RotatingDevice machine, DeviceEvent event, List<DeviceEffect> effects) {
                        return effects.stream()
                            .filter(one -> !(one instanceof DeviceEffect.RenewExpired))
                            .toList();
                      }
                    }))
        .isIn(Kind.LOCKED_OUT, Kind.NOT_BACK);
  }

  @Test
  void aDeviceThatNeverTriesAgain() {
    assertThat(
            finds(
                    Server::new,
                    (world, account, random) ->
                        new WorseDevice(world, account, random) {
                          @Override
                          List<DeviceEffect> worse(
                              RotatingDevice machine,
                              DeviceEvent event,
                              List<DeviceEffect> effects) {
                            return effects.stream()
                                .filter(one -> !(one instanceof DeviceEffect.WakeAfter))
                                .toList();
                          }
                        },
                    Weather.usual(List.of()))
                .kind())
        .isIn(Kind.NOT_ROTATED, Kind.LOCKED_OUT, Kind.NOT_BACK);
  }

  @Test
  void saysWhichSeedWhichDeviceAndWhatHappenedToIt() {
    World.Maker forgetful =
        (world, account, random) ->
            new WorseDevice(world, account, random) {
              @Override
              List<DeviceEffect> worse(
                  RotatingDevice machine, DeviceEvent event, List<DeviceEffect> effects) {
                return event instanceof DeviceEvent.Certified
                    ? List.of(new DeviceEffect.KeepOnly(Set.of(machine.state().keys().newest())))
                    : effects;
              }
            };
    var simulation = new Simulation(Server::new, forgetful);
    var scenario = Scenario.of(3, 100, Duration.ofDays(200), Weather.usual(INCIDENTS));
    var found = simulation.violation(scenario).orElseThrow();

    var text = simulation.explain(scenario, found);

    assertThat(text)
        .contains("seed 3, ", "device ", "event  Certified", "effect KeepOnly")
        .contains(found.kind().toString());
    assertThat(text).contains("incidents=[]").doesNotContain("200 days");
  }
}
