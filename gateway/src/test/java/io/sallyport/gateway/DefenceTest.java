package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.defence.BanSettings;
import io.sallyport.gateway.defence.DefenceSettings;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Floods, and who is served meanwhile. */
@Timeout(120)
final class DefenceTest {
  private static final DefenceSettings DEFAULTS = DefenceSettings.DEFAULTS;

  @TempDir Path directory;

  private TestGate gate(DefenceSettings settings) {
    return TestGate.open(directory, c -> c.withDefence(settings));
  }

  private static Socket raw(TestGate gate) throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), gate.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void knownDevicesComeBackWhileStrangersAreHeldToTheirRate() throws IOException {
    // Two handshakes, and the next one not before this test is over.
    try (var gate = gate(DEFAULTS.withHandshakesPerSecond(1, 0))) {
      var known = gate.device("known").sslContext();
      var stranger = gate.device("stranger");
      try (var first = MqttClient.v5(known, gate.port())) {
        assertThat(first.connect("known").at(1)).isZero();
      }
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (gate.gateway.statistics().refusedTooFast() == 0) {
        assertThat(System.nanoTime()).isLessThan(end);
        try (var flood = gate.v5(stranger)) {
          flood.patience(Duration.ofMillis(1));
        } catch (IOException e) {
          // Held off, at last.
        }
      }
      try (var back = MqttClient.v5(known, gate.port())) {
        assertThat(back.connect("known").at(1)).isZero();
      }
      assertThat(gate.gateway.statistics().handshakesResumed()).isPositive();
      gate.expectEvent(EventType.HANDSHAKE_REFUSED, "too many full handshakes");
    }
  }

  @Test
  void whoFailsTooOftenIsClosedAtAccept() throws IOException {
    var bans =
        new BanSettings(3, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofDays(1), 9);
    try (var gate = gate(DEFAULTS.withTrusted(List.of()).withBans(bans));
        var here = gate.connected("here", gate.device("here"))) {
      for (int i = 0; i < 3; i++) {
        try (var plain = raw(gate)) {
          plain.getOutputStream().write(1);
          assertThat(plain.getInputStream().read()).isNegative();
        }
      }
      var next = gate.device("next");
      assertThatThrownBy(() -> gate.v5(next)).isInstanceOf(IOException.class);
      assertThat(gate.gateway.statistics().refusedBanned()).isEqualTo(1);
      assertThat(gate.gateway.statistics().banned()).isEqualTo(1);
      assertThat(here.ping().type()).as("who is in stays in").isEqualTo(13);
      gate.expectEvent(EventType.SOURCE_BANNED, "127.0.0.1");
      assertThat(gate.gateway.bans().clear(null)).hasSize(1);
      gate.connected("next", next).close();
    }
  }

  /** Half of them send the first byte of a ClientHello. */
  @Test
  void halfOpenConnectionsNeitherPassTheBoundNorStopAnybody() throws IOException {
    var settings = DEFAULTS.withTrusted(List.of()).withHandshakesMaxOfSource(500);
    var held = new ArrayList<Socket>();
    try (var gate = gate(settings);
        var here = gate.connected("here", gate.device("here"))) {
      for (int i = 0; i < 700; i++) {
        var socket = raw(gate);
        held.add(socket);
        if (i % 2 == 0) {
          socket.getOutputStream().write(0x16);
        }
      }
      TestGate.eventually(
          () -> gate.gateway.statistics().refusedOfSource() == 200,
          () -> gate.gateway.statistics().toString());
      assertThat(gate.gateway.statistics().handshaking()).isLessThanOrEqualTo(500);
      assertThat(here.ping().type()).isEqualTo(13);
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
  }

  @Test
  void aDeviceThatPublishesTooFastIsTold() throws IOException {
    try (var gate = gate(DEFAULTS.withPublications(1, 0));
        var client = gate.connected("fast", gate.powerful("fast"))) {
      int refused = 0;
      for (int i = 0; i < 20 && refused == 0; i++) {
        var answer = client.publishAcknowledged("t", "x");
        refused = answer.length() > 2 && answer.at(2) == 0x97 ? 1 : 0;
      }
      assertThat(refused).isEqualTo(1);
      // At once, or the last would meet a closed socket, and the answer would be lost.
      var burst = new Bytes();
      for (int i = 0; i < 25; i++) {
        burst.raw(Bytes.packet(0x30, new Bytes().string("t").u8(0).done()));
      }
      client.send(burst.done());
      var farewell = client.receive();
      assertThat(farewell.type()).isEqualTo(14);
      assertThat(farewell.at(0)).isEqualTo(0x96);
      gate.expectEvent(EventType.PUBLISH_DENIED, "too many messages a second");
    }
  }

  @Test
  void aDeviceOfMqtt311IsSlowedDownAndLosesNothing() throws IOException {
    try (var gate = gate(DEFAULTS.withPublications(10, 0));
        var client = gate.v3(gate.powerful("slowed"))) {
      client.connect("slowed");
      long begun = System.nanoTime();
      for (int i = 1; i <= 40; i++) {
        client.publishAcknowledged("t", "x");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThan(Duration.ofMillis(1_800));
      assertThat(gate.gateway.statistics().published()).isEqualTo(40);
      assertThat(gate.gateway.statistics().publishedTooFast()).isPositive();
    }
  }

  @Test
  void moreUserPropertiesThanTheBound() throws IOException {
    var few = MqttLimits.DEFAULTS.withUserProperties(2, 10);
    try (var gate = TestGate.open(directory, c -> c.withMqtt(few))) {
      var device = gate.powerful("wordy");
      for (var values : List.of(List.of("", "", ""), List.of("123456789"))) {
        try (var client = gate.connected("wordy", device)) {
          var properties = new Bytes();
          values.forEach(value -> properties.u8(0x26).string("ab").string(value));
          var wire = properties.done();
          client.packet(0x30, new Bytes().string("t").varint(wire.length).raw(wire).done());
          var farewell = client.receive();
          assertThat(farewell.type()).isEqualTo(14);
          assertThat(farewell.at(0)).isEqualTo(0x97);
        }
      }
    }
  }
}
