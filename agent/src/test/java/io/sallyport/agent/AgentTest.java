package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.testkit.TestCa;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One agent against a server that says whatever a test wants. */
class AgentTest extends AgentStage {
  @Test
  void speaksToAServerWhoseKeyIsPinned() throws Exception {
    var started = start(settings(pins(CA.server().certificate(), CA.servers())));
    say(started, "hello");
    await(() -> status(started).acknowledged() == 1);
    assertThat(server().published()).contains("devices/d-1/telemetry hello");
  }

  @Test
  void theBackupPinIsEnough() throws Exception {
    var backup = KeyPairs.p256().getPublic();
    var started =
        start(settings("backup " + PublicKeyHash.of(backup).pin() + "\n" + pin(CA.servers())));
    await(() -> status(started).connected());
  }

  @Test
  void saysNothingToAServerWhoseKeyIsNotPinned() throws Exception {
    var other = PublicKeyHash.of(KeyPairs.p256().getPublic());
    untrusted(settings("server " + other.pin() + "\n"), "pinned");
  }

  @Test
  void saysNothingToAServerOfAnotherName() throws Exception {
    replace(CA.operator("not-a-server"));
    untrusted(settings(""), "not trusted");
  }

  @Test
  void saysNothingToAServerWhoseCertificateHasExpired() throws Exception {
    var expired =
        serverLeaf().valid(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1))).sign();
    replace(expired);
    untrusted(settings(""), "not trusted");
  }

  @Test
  void saysNothingToAServerOfAnotherAuthority() throws Exception {
    replace(TestCa.create(NOW).server());
    untrusted(settings(""), "not trusted");
  }

  @Test
  void aRefusedDeviceWaitsLong() throws Exception {
    server().answerConnects(0x8A);
    var started = start(settings(""));
    await(() -> status(started).lastEnding().contains("0x8a"));
    Thread.sleep(1_000);
    assertThat(server().connects()).isLessThanOrEqualTo(2);
  }

  @Test
  void comesBackSoonFromABusyServer() throws Exception {
    server().answerConnects(0x89);
    var started = start(settings(""));
    await(() -> server().connects() > 3);
    server().answerConnects(0);
    await(() -> status(started).connected());
  }

  @Test
  void aBannedDeviceIsNotAtItAgainAtOnce() throws Exception {
    var started = start(settings(""));
    await(() -> status(started).connected());
    server().disconnect(0x98);
    await(() -> status(started).lastEnding().contains("0x98"));
    Thread.sleep(500);
    assertThat(server().connects()).isEqualTo(1);
  }

  @Test
  void whatPolicyForbidsIsDroppedAndCounted() throws Exception {
    server().answerPublishes(0x87);
    var started = start(settings(""));
    say(started, "forbidden");
    await(() -> status(started).denied() == 1);
    assertThat(status(started).telemetry().waiting()).isZero();
  }

  @Test
  void whatTheServerHasNoRoomForGoesAgain() throws Exception {
    server().answerPublishes(0x97);
    var started = start(settings(""));
    say(started, "patient");
    await(() -> telemetry() >= 1);
    server().answerPublishes(0);
    await(() -> status(started).acknowledged() == 1);
    assertThat(telemetry()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatWasNotAcknowledgedGoesAgainInOrder() throws Exception {
    server().beSilent(true);
    var started = start(settings(""));
    for (var i = 0; i < 5; i++) {
      say(started, "n" + i);
    }
    await(() -> telemetry() == 5);
    server().published().clear();
    server().beSilent(false);
    server().cut();
    await(() -> status(started).acknowledged() == 5);
    assertThat(server().published().stream().filter(one -> one.startsWith("devices/")).toList())
        .containsExactly(
            "devices/d-1/telemetry n0",
            "devices/d-1/telemetry n1",
            "devices/d-1/telemetry n2",
            "devices/d-1/telemetry n3",
            "devices/d-1/telemetry n4");
  }
}
