package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.meter.Denial;
import io.sallyport.gateway.meter.Distribution;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.meter.LoopMeters;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the gate measures, counts and tells of its connections. */
@Timeout(60)
final class MeasuredTest {
  @TempDir Path directory;

  private static Distribution of(TestGate gate, Latency what) {
    return gate.gateway.meters().distributions().stream()
        .filter(one -> one.what() == what)
        .findFirst()
        .orElseThrow();
  }

  private static long denied(TestGate gate, Denial why) {
    return gate.gateway.meters().denials().getOrDefault(why, 0L);
  }

  @Test
  void measuresHandshakesDecisionsAndPublications() throws Exception {
    try (var gate = TestGate.open(directory);
        var receiver = gate.connected("receiver", gate.powerful("receiver"));
        var client = gate.connected("meter", gate.powerful("meter"))) {
      receiver.subscribe("a/b");
      for (int i = 0; i < 4 * LoopMeters.ONE_IN; i++) {
        client.publish("a/b", "x");
      }
      for (int i = 0; i < 2 * LoopMeters.ONE_IN; i++) {
        client.publishAcknowledged("b", "x");
      }
      TestGate.eventually(
          () -> of(gate, Latency.DECISION_RECEIVE).count() >= 4, () -> "deliveries are sampled");
      assertThat(of(gate, Latency.HANDSHAKE_FULL).count()).isEqualTo(2);
      assertThat(of(gate, Latency.HANDSHAKE_FULL).quantileNanos(0.99)).isGreaterThan(100_000);
      assertThat(of(gate, Latency.HANDSHAKE_RESUMED).count()).isZero();
      assertThat(of(gate, Latency.DECISION_CONNECT).count()).isEqualTo(2);
      assertThat(of(gate, Latency.DECISION_SUBSCRIBE).count()).isEqualTo(1);
      assertThat(of(gate, Latency.DECISION_PUBLISH).count()).isEqualTo(6);
      assertThat(of(gate, Latency.PUBLISH_QOS_0).count()).isEqualTo(4);
      assertThat(of(gate, Latency.PUBLISH_QOS_1).count()).isEqualTo(2);
      assertThat(of(gate, Latency.PUBLISH_QOS_1).sumNanos()).isPositive();
      assertThat(of(gate, Latency.PUBLISH_QOS_2).count()).isZero();
    }
  }

  @Test
  void countsDenialsByReason() throws Exception {
    try (var gate = TestGate.open(directory)) {
      try (var client = gate.connected("meter", gate.device("meter"))) {
        client.publishAcknowledged("$SYS/x", "");
        client.publishAcknowledged("nowhere", "");
        client.subscribe("#");
        client.subscribe("a#");
        assertThat(denied(gate, Denial.PUBLISH_RESERVED)).isEqualTo(1);
        assertThat(denied(gate, Denial.PUBLISH_POLICY)).isEqualTo(1);
        assertThat(denied(gate, Denial.SUBSCRIBE_POLICY)).isEqualTo(1);
        assertThat(denied(gate, Denial.SUBSCRIBE_INVALID)).isEqualTo(1);
      }
      var stranger = gate.ca.device("stranger");
      assertThatThrownBy(
              () -> {
                try (var client = gate.v5(stranger)) {
                  client.connect("stranger");
                }
              })
          .isInstanceOf(IOException.class);
      TestGate.eventually(
          () -> denied(gate, Denial.HANDSHAKE_UNKNOWN_PRINCIPAL) == 1,
          () -> gate.gateway.meters().denials().toString());
    }
  }

  @Test
  void tellsAnObserverOfALife() throws Exception {
    try (var gate = TestGate.open(directory)) {
      try (var client = gate.connected("seen", gate.powerful("seen"))) {
        client.subscribe("a/+");
        client.publishAcknowledged("b", "");
        client.disconnect();
        assertThat(client.isEnded()).isTrue();
      }
      TestGate.eventually(() -> gate.steps.size() == 5, gate.steps::toString);
      assertThat(gate.steps)
          .containsExactly(
              "handshake of seen",
              "connect as seen",
              "subscribe to a/+",
              "publish to b at 1",
              "disconnected: DISCONNECT");
    }
  }

  @Test
  void showsWhatEachConnectionCarriesAndWhatWaitsForIt() throws Exception {
    try (var gate = TestGate.open(directory);
        var client = gate.connected("busy", gate.powerful("busy"))) {
      assertThat(gate.gateway.activity().seconds()).as("no rates yet").isZero();
      client.publishAcknowledged("b", "x");
      TestGate.eventually(
          () -> gate.gateway.activity().all().stream().anyMatch(a -> a.inPerSecond() > 0),
          () -> gate.gateway.activity().toString());
      var shown = gate.gateway.activity().all().getFirst();
      assertThat(shown.principal()).isEqualTo("busy");
      assertThat(shown.address()).startsWith("127.0.0.1:");
      assertThat(shown.queued()).isZero();
    }
  }
}
