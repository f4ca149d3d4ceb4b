package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.defence.DefenceSettings;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a device may have at most is taken, and one more is answered as it should be. */
@Timeout(60)
final class LimitsTest {
  private static final int PUBACK = 4;
  private static final int DISCONNECT = 14;

  @TempDir Path directory;

  private static String levels(int number) {
    return "a" + "/a".repeat(number - 1);
  }

  private static void publish(MqttClient client, Bytes properties, String topic)
      throws IOException {
    var wire = properties.done();
    client.packet(0x32, new Bytes().string(topic).u16(1).varint(wire.length).raw(wire).done());
  }

  private static void farewell(MqttClient client, int reason) throws IOException {
    var packet = client.receive();
    assertThat(packet.type()).isEqualTo(DISCONNECT);
    assertThat(packet.at(0)).isEqualTo(reason);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void levelsOfATopic() throws IOException {
    int most = MqttLimits.DEFAULTS.topicLevelsMax();
    try (var gate = TestGate.open(directory)) {
      var device = gate.powerful("deep");
      try (var client = gate.connected("deep", device)) {
        assertThat(client.publishAcknowledged(levels(most), "x").type()).isEqualTo(PUBACK);
        assertThat(client.subscribe(levels(most), levels(most + 1)).body())
            .endsWith((byte) 1, (byte) 0x8F);
        publish(client, new Bytes(), levels(most + 1));
        farewell(client, 0x90);
      }
      try (var client = gate.v3(device)) {
        client.connect("deep");
        assertThat(client.subscribe(levels(most), levels(most + 1)).body())
            .endsWith((byte) 1, (byte) 0x80);
        client.publish(levels(most + 1), "x");
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  @Test
  void subscriptionsOfASession() throws IOException {
    int most = ExchangeLimits.DEFAULTS.subscriptionsPerSession();
    try (var gate = TestGate.open(directory)) {
      var device = gate.powerful("curious");
      for (int level : new int[] {5, 4}) {
        try (var client = level == 5 ? gate.v5(device) : gate.v3(device)) {
          client.connect("curious");
          for (int i = 0; i < most; i++) {
            assertThat(client.subscribe("t" + i).at(-1)).isEqualTo(1);
          }
          int refused = client.subscribe("one/more").at(-1);
          assertThat(refused).isEqualTo(level == 5 ? 0x97 : 0x80);
          assertThat(client.subscribe("t0").at(-1)).as("one that it has").isEqualTo(1);
        }
      }
    }
  }

  @Test
  void userPropertiesOfAPacket() throws IOException {
    var few = MqttLimits.DEFAULTS.withUserProperties(2, 10);
    try (var gate = TestGate.open(directory, c -> c.withMqtt(few));
        var client = gate.connected("wordy", gate.powerful("wordy"))) {
      var two = new Bytes().u8(0x26).string("ab").string("cd").u8(0x26).string("ef").string("1234");
      publish(client, two, "t");
      assertThat(client.receive().type()).isEqualTo(PUBACK);
      publish(client, new Bytes().u8(0x26).string("ab").string("123456789"), "t");
      farewell(client, 0x97);
    }
  }

  @Test
  void bytesOfASecond() throws IOException {
    var settings = DefenceSettings.DEFAULTS.withPublications(0, 1_000);
    try (var gate = TestGate.open(directory, c -> c.withDefence(settings));
        var client = gate.connected("loud", gate.powerful("loud"))) {
      assertThat(client.publishAcknowledged("t", "x".repeat(50_000)).length())
          .as("taken, and paid for afterwards")
          .isLessThan(4);
      var refused = client.publishAcknowledged("t", "x");
      assertThat(refused.at(2)).isEqualTo(0x97);
      var burst = new Bytes();
      for (int i = 0; i < 25; i++) {
        burst.raw(Bytes.packet(0x30, new Bytes().string("t").u8(0).done()));
      }
      client.send(burst.done());
      farewell(client, 0x97);
    }
  }
}
