package io.sallyport.conformance.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of two Artemis behind the gate: one is killed, the other goes on with everything. */
class ArtemisPairTest {
  private BrokerProcess member(Path folder, String role, int core, int peer) {
    return new BrokerProcess(
        "ArtemisBroker",
        folder,
        BrokerProcess.freePort(),
        List.of(
            "password=" + Gate.PASSWORD,
            "name=" + role,
            "role=" + role,
            "core=" + core,
            "peer=" + peer));
  }

  @Test
  void nothingAcknowledgedIsLostWhenOneTakesOverAndGivesBack(@TempDir Path folder)
      throws Exception {
    var shared = Files.createDirectory(folder.resolve("shared"));
    int first = BrokerProcess.freePort();
    int second = BrokerProcess.freePort();
    try (var primary = member(shared, "primary", first, second);
        var backup = member(shared, "backup", second, first);
        var gate =
            new Gate(
                Files.createDirectory(folder.resolve("gate")),
                "tcp://127.0.0.1:%d,127.0.0.1:%d".formatted(primary.port(), backup.port()),
                "retry-max: 1s")) {
      var sleeper = new Talk(gate.device());
      sleeper.resumeWhenItIsBack();
      sleeper.subscribes("pair/#", 2).leaves();
      var meter = new Talk(gate.device());
      var expected = new HashSet<String>();

      meter.resumeWhenItIsBack();
      expected.addAll(streamed(meter, "pair/1", 1, primary::kill));
      // The other serves now; then the first comes back and takes what is its own.
      meter.resumeWhenItIsBack();
      expected.addAll(streamed(meter, "pair/2", 2, primary::startAgain));
      meter.resumeWhenItIsBack();
      meter.publishes("pair/end", "end", 1, false);
      expected.add("end");

      assertThat(sleeper.resumeWhenItIsBack()).as("the session is there").isTrue();
      AnyBroker.hearsAll(sleeper, expected);
      sleeper.leaves();
      meter.leaves();
    }
  }

  /** Publishes until the broker that serves is no longer the one that served. */
  private static List<String> streamed(Talk meter, String topic, int qos, Runnable change)
      throws InterruptedException {
    try (var stream = new Telemetry(meter, topic, qos)) {
      stream.reaches(200);
      change.run();
      meter.ends.next();
      stream.end();
      assertThat(stream.acknowledged).hasSizeGreaterThanOrEqualTo(200);
      return List.copyOf(stream.acknowledged);
    }
  }
}
