package io.sallyport.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Status;
import io.sallyport.agent.Witness;
import io.sallyport.agent.mqtt.Network;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent against a whole server of ours. */
class AgentAtServerTest {
  @TempDir private static Path folder;
  private static Yard yard;
  private static Network network;

  @BeforeAll
  static void start() {
    yard = new Yard(folder);
    network = new Network(1);
  }

  @AfterAll
  static void stop() {
    network.close();
    yard.close();
  }

  @Test
  void telemetryIsAcknowledgedInOrderAndTheSessionStays() throws Exception {
    try (var agent = agent("telemetry-1")) {
      for (var i = 0; i < 50; i++) {
        say(agent, "early " + i);
      }
      agent.start();
      Yard.await("50 acknowledged", () -> status(agent).acknowledged() == 50);
      say(agent, "late");
      Yard.await("51 acknowledged", () -> status(agent).acknowledged() == 51);

      assertThat(status(agent).telemetry().waiting()).isZero();
      assertThat(status(agent).denied()).isZero();
    }
  }

  @Test
  void aSecondConnectionIsResumed() throws Exception {
    var before = resumed();
    try (var agent = agent("resumed-1")) {
      agent.start();
      Yard.await("connected", () -> status(agent).connected());
      for (var round = 2; round < 5; round++) {
        // The ticket comes after the handshake; a real cut takes longer than this.
        Thread.sleep(100);
        agent.cut();
        var wanted = round;
        Yard.await(
            "back", () -> status(agent).connections() == wanted && status(agent).connected());
      }
    }
    assertThat(resumed() - before).isEqualTo(3);
  }

  @Test
  void keepsWhatIsSaidWhileTheServerIsAway() throws Exception {
    try (var agent = agent("away-1")) {
      agent.start();
      Yard.await("connected", () -> status(agent).connected());
      yard.stop();
      Yard.await("gone", () -> !status(agent).connected());
      for (var i = 0; i < 100; i++) {
        assertThat(say(agent, "offline " + i)).isPositive();
      }
      assertThat(status(agent).telemetry().waiting()).isEqualTo(100);
      yard.startAgain();
      Yard.await("all said", () -> status(agent).acknowledged() == 100);
    }
  }

  @Test
  void aRevokedDeviceSaysWhyAndAsksSeldom() throws Exception {
    var attempts = new java.util.concurrent.atomic.AtomicInteger();
    var witness =
        new Witness() {
          @Override
          public void ended(io.sallyport.agent.mqtt.Ending ending) {
            attempts.incrementAndGet();
          }
        };
    try (var agent = new Agent(yard.settings("revoked-1"), network, Yard.WEATHER, witness)) {
      agent.start();
      Yard.await("connected", () -> status(agent).connected());
      assertThat(yard.run("device", "revoke", "revoked-1", "--reason", "keyCompromise").code())
          .isZero();
      Yard.await("refused", () -> status(agent).lastEnding().contains("certificate"));
      var then = attempts.get();
      Thread.sleep(2_000);

      assertThat(status(agent).connected()).isFalse();
      assertThat(attempts.get() - then).isLessThanOrEqualTo(3);
      assertThat(say(agent, "kept")).isPositive();
    }
  }

  private static Agent agent(String id) throws Exception {
    return new Agent(yard.settings(id), network, Yard.WEATHER, new Witness() {});
  }

  private static long say(Agent agent, String text) {
    return agent.publish(agent.telemetryTopic(), text.getBytes(StandardCharsets.UTF_8));
  }

  private static Status status(Agent agent) {
    return agent.status().join();
  }

  private static long resumed() {
    var page = yard.run("status", "--json").out();
    var matcher =
        java.util.regex.Pattern.compile("\"handshakesResumed\"\\s*:\\s*(\\d+)").matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return Long.parseLong(matcher.group(1));
  }
}
