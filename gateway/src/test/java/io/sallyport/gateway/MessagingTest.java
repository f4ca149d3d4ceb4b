package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device that may do it can do. */
final class MessagingTest {
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;

  @TempDir static Path directory;
  private static TestGate gate;

  @BeforeAll
  static void open() {
    gate = TestGate.open(directory);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @Test
  void announcesItsBoundsToMqtt5() throws IOException {
    try (var client = gate.v5(gate.device("bounds"))) {
      var connack = client.connect("bounds");
      assertThat(connack.type()).isEqualTo(CONNACK);
      // Receive maximum 1000, maximum packet size 256 KiB, 16 aliases, keep alive 3600 s for 0.
      assertThat(connack.body())
          .isEqualTo(
              new MqttClient.Bytes()
                  .u8(0)
                  .u8(0)
                  .u8(14)
                  .u8(0x21)
                  .u16(1000)
                  .u8(0x27)
                  .u32(256 << 10)
                  .u8(0x22)
                  .u16(16)
                  .u8(0x13)
                  .u16(3600)
                  .done());
    }
  }

  @Test
  void acceptsMqtt311WithTwoBytes() throws IOException {
    try (var client = gate.v3(gate.device("old"))) {
      assertThat(client.connect("old").body()).containsExactly(0, 0);
      assertThat(client.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void assignsThePrincipalsIdToAnEmptyClientId() throws IOException {
    try (var client = gate.v5(gate.device("unnamed"))) {
      assertThat(client.connect("").text()).endsWith("\u0012\u0000\u0007unnamed");
    }
    try (var client = gate.v3(gate.device("unnamed-old"))) {
      assertThat(client.connect("").at(1)).isZero();
    }
  }

  @Test
  void carriesAMessageFromOneToAnother() throws IOException {
    var sender = gate.powerful("sender");
    var receiver = gate.powerful("receiver");
    try (var to = gate.connected("receiver", receiver);
        var from = gate.connected("sender", sender)) {
      assertThat(to.subscribe("a/+").at(-1)).isEqualTo(1);
      from.publish("a/b", "hello");
      var received = to.receive();
      assertThat(received.type()).isEqualTo(PUBLISH);
      assertThat(received.topic()).isEqualTo("a/b");
      assertThat(received.text()).endsWith("hello");
    }
  }

  @Test
  void carriesAllThreeQualitiesToMqtt311() throws IOException {
    var device = gate.powerful("qualities");
    try (var client = gate.v3(device)) {
      client.connect("qualities");
      client.packet(0x82, new MqttClient.Bytes().u16(9).string("q").u8(2).done());
      assertThat(client.receive().body()).containsExactly(0, 9, 2);
      client.publish("q", new byte[] {1}, 2, false, 5);
      assertThat(client.receive().toString()).isEqualTo("packet 80: 00 05");
      client.packet(0x62, new byte[] {0, 5});
      var first = client.receive();
      var second = client.receive();
      var delivery = first.type() == PUBLISH ? first : second;
      assertThat(first.type() + second.type()).isEqualTo(PUBLISH + 7);
      int id = delivery.u16(3);
      client.packet(0x50, new MqttClient.Bytes().u16(id).done());
      assertThat(client.receive().type()).isEqualTo(6);
      client.packet(0x70, new MqttClient.Bytes().u16(id).done());
      assertThat(client.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void carriesLargePayloadsWhole() throws IOException {
    var device = gate.powerful("large");
    var payload = "0123456789".repeat(20_000);
    try (var client = gate.connected("large", device)) {
      client.subscribe("large");
      assertThat(client.publishAcknowledged("large", payload).type()).isBetween(3, 4);
      var packet = client.receive();
      // PUBACK and delivery come in whichever order.
      var delivery = packet.type() == PUBLISH ? packet : null;
      assertThat(delivery == null || delivery.text().endsWith(payload)).isTrue();
    }
  }

  @Test
  void keepsTravellingPropertiesAndResolvesAliases() throws IOException {
    var device = gate.powerful("alias");
    try (var client = gate.connected("alias", device)) {
      client.subscribe("x/y");
      var properties =
          new MqttClient.Bytes().u8(0x23).u16(3).u8(0x26).string("k").string("v").done();
      client.packet(
          0x30,
          new MqttClient.Bytes().string("x/y").varint(properties.length).raw(properties).done());
      var delivery = client.receive();
      assertThat(delivery.topic()).isEqualTo("x/y");
      assertThat(delivery.text()).endsWith("\u0007&\u0000\u0001k\u0000\u0001v");
      client.packet(0x30, new MqttClient.Bytes().string("").u8(3).u8(0x23).u16(3).u8(7).done());
      assertThat(client.receive().at(-1)).isEqualTo(7);
    }
  }

  @Test
  void deliversARetainedMessageAndAWill() throws IOException {
    var device = gate.powerful("retainer");
    var watcher = gate.powerful("watcher");
    try (var client = gate.connected("retainer", device)) {
      client.publish("kept", "old".getBytes(StandardCharsets.UTF_8), 1, true, 1);
      assertThat(client.receive().type()).isEqualTo(4);
    }
    try (var watching = gate.connected("watcher", watcher)) {
      watching.subscribe("kept");
      assertThat(watching.receive().text()).endsWith("old");
      watching.subscribe("wills/#");
      var dying = gate.v5(device);
      dying.connect(new Connect("retainer").will("wills/retainer", "dead", 0, false));
      dying.drop();
      assertThat(watching.receive().text()).endsWith("dead");
    }
  }

  @Test
  void resumesASessionAndGivesWhatCameMeanwhile() throws IOException {
    var device = gate.powerful("sleeper");
    try (var client = gate.v3(device)) {
      client.connect(new Connect("sleeper").keepSession());
      client.subscribe("night");
    }
    try (var other = gate.connected("waker", gate.powerful("waker"))) {
      assertThat(other.publishAcknowledged("night", "owl").type()).isEqualTo(4);
    }
    try (var client = gate.v3(device)) {
      assertThat(client.connect(new Connect("sleeper").keepSession()).at(0)).isEqualTo(1);
      assertThat(client.receive().text()).endsWith("owl");
    }
  }

  @Test
  void takesOverFromAnOlderConnection() throws IOException {
    var device = gate.device("twin");
    try (var first = gate.connected("twin", device);
        var second = gate.connected("twin", device)) {
      var farewell = first.receive();
      assertThat(farewell.type()).isEqualTo(14);
      assertThat(farewell.at(0)).isEqualTo(0x8E);
      assertThat(first.isEnded()).isTrue();
      assertThat(second.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void handlesPacketsSentBeforeConnack() throws IOException {
    var device = gate.powerful("eager");
    try (var client = gate.v5(device)) {
      client.send(
          new MqttClient.Bytes()
              .raw(MqttClient.Bytes.packet(0x10, new Connect("eager").body(5)))
              .raw((byte) 0xC0, (byte) 0)
              .done());
      assertThat(client.receive().type()).isEqualTo(CONNACK);
      assertThat(client.receive().type()).isEqualTo(13);
    }
  }

  @Test
  void takesPacketsInPieces() throws IOException {
    var device = gate.powerful("slow-writer");
    try (var client = gate.connected("slow-writer", device)) {
      client.subscribe("pieces");
      var packet =
          MqttClient.Bytes.packet(
              0x30, new MqttClient.Bytes().string("pieces").u8(0).raw(new byte[300]).done());
      for (byte b : packet) {
        client.send(b);
      }
      assertThat(client.receive().length()).isEqualTo(309);
    }
  }
}
