package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data types, fixed headers and packet identifiers: chapters 1 and 2, and PINGREQ and AUTH. */
class FramingTest extends OnTheWire {
  FramingTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @CsvSource({
    "4, eda080",
    "5, eda080",
    "4, c080",
    "5, c080",
    "4, ff",
    "5, ff",
    "4, 61c3",
    "5, 61c3"
  })
  @DisplayName("MQTT-1.5.4-1, 3.3.2-1: ill-formed UTF-8 ends the connection")
  void utf8IsWellFormed(int level, String topic) throws IOException {
    var client = connected(0, level);
    publishRaw(client, level, hex(topic));

    ended(client, level, 0x81, 0x90);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-1.5.4-2, 4.7.3-2: U+0000 ends the connection")
  void textHasNoNull(int level) throws IOException {
    var client = connected(0, level);
    publishRaw(client, level, new byte[] {'a', 0, 'b'});

    ended(client, level, 0x81, 0x90);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-1.5.4-3: U+FEFF is a character like others and is not stripped")
  void byteOrderMarkStays(int level) throws IOException {
    var topic = topic("\uFEFFa");
    var client = connected(0, level);
    subscribe(client, level, topic("+"), 0);
    client.publish(topic, "x");

    assertThat(next(client, level).topic()).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-1.5.5: a length of more than four bytes ends the connection")
  void lengthHasFourBytes(int level) throws IOException {
    var client = connected(0, level);
    client.send(hex("30ffffffff7f"));

    ended(client, level, 0x81);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 127, 1", "4, 128, 2", "4, 16383, 2", "4, 16384, 3",
    "5, 127, 1", "5, 128, 2", "5, 16383, 2", "5, 16384, 3"
  })
  @DisplayName("MQTT-1.5.5-1: a length is written in no more bytes than it needs")
  void lengthsAreShort(int level, int length, int bytes) throws IOException {
    var client = connected(0, level);
    subscribe(client, level, topic("a"), 0);
    var before = 2 + topic("a").length() + (level == V5 ? 1 : 0);
    client.publish(topic("a"), "x".repeat(length - before));

    var in = client.socket().getInputStream();
    assertThat(in.read()).isEqualTo(0x30);
    var written = 1;
    while (in.read() >= 0x80) {
      written++;
    }
    assertThat(written).isEqualTo(bytes);
    in.skipNBytes(length);
    nothingElse(client);
  }

  @ParameterizedTest
  @CsvSource({
    "4, c100",
    "5, c100",
    "4, 8006000700016100",
    "5, 800700070000016100",
    "4, 61020007",
    "5, 61020007",
    "4, 60020007",
    "5, 60020007",
    "4, a0050007000161",
    "5, a006000700000161",
    "4, e100",
    "5, e100",
    "5, f100"
  })
  @DisplayName(
      "MQTT-2.1.3-1, 3.6.1-1, 3.8.1-1, 3.10.1-1, 3.14.1-1, 3.15.1-1: other reserved flags are the"
          + " end")
  void reservedFlagsAreAsSpecified(int level, String packet) throws IOException {
    var client = connected(0, level);
    client.send(hex(packet));

    ended(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @CsvSource({"4, 0000", "5, 0000", "4, f000"})
  @DisplayName("MQTT-2.1.2: reserved packet types end the connection")
  void reservedTypesAreNotTaken(int level, String packet) throws IOException {
    var client = connected(0, level);
    client.send(hex(packet));

    ended(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-2.2.1-3: PUBLISH at QoS 1 has a packet identifier that is not 0")
  void publishHasAnIdentifier(int level) throws IOException {
    var client = connected(0, level);
    client.publish(topic("a"), new byte[0], 1, false, 0);

    ended(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-2.2.1-3: SUBSCRIBE and UNSUBSCRIBE have a packet identifier that is not 0")
  void requestsHaveAnIdentifier(int level) throws IOException {
    for (var first : new int[] {0x82, 0xA2}) {
      var client = connected(0, level);
      var body = new Bytes().u16(0);
      if (level == V5) {
        body.u8(0);
      }
      body.string(topic("a"));
      client.packet(first, (first == 0x82 ? body.u8(0) : body).done());

      ended(client, level, 0x81, 0x82);
    }
  }

  @ParameterizedTest
  @CsvSource({"4,1", "4,2", "5,1", "5,2"})
  @DisplayName(
      "MQTT-2.2.1-5, 3.3.4-1, 4.3.3-8: PUBACK and PUBREC have the identifier of the PUBLISH")
  void answersNameTheirPublish(int level, int qos) throws IOException {
    var client = connected(0, level);
    client.publish(topic("a"), "x".getBytes(UTF_8), qos, false, 0xBEEF);

    var answer = client.receive();
    assertThat(answer.type()).isEqualTo(qos == 1 ? PUBACK : PUBREC);
    assertThat(answer.u16(0)).isEqualTo(0xBEEF);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.12.4-1, 4.2.0-1: PINGREQ is answered by PINGRESP, over TLS and TCP")
  void pingIsAnswered(int level) throws IOException {
    var answer = connected(0, level).ping();

    assertThat(answer.type()).isEqualTo(PINGRESP);
    assertThat(answer.length()).isZero();
  }

  @Test
  @DisplayName("MQTT-4.12.0-7: AUTH without a method in CONNECT ends the connection")
  void authIsNotExpected() throws IOException {
    var client = connected(0, V5);
    client.send(hex("f000"));

    ended(client, V5, 0x82);
  }

  @Test
  @DisplayName("MQTT-3.14.2.2.2: a session that was to end cannot be prolonged in DISCONNECT")
  void expiryCannotComeLater() throws IOException {
    var client = connected(0, V5);
    client.send(hex("e00700051100000e10"));

    ended(client, V5, 0x82);
  }

  @Test
  @DisplayName("MQTT-3.1.2-8: DISCONNECT with 0x04 publishes the Will")
  void disconnectWithWill() throws IOException {
    var heir = connected(1, V5);
    subscribe(heir, V5, topic("will"), 1);
    var connect = new Connect(id(0)).will(topic("will"), "gone", 1, false);
    connected(0, V5, connect).send(hex("e00104"));

    assertThat(next(heir, V5).payload()).isEqualTo("gone");
  }

  @ParameterizedTest
  @CsvSource({"4, c080", "5, c080", "4, 610062", "5, 610062"})
  @DisplayName("MQTT-3.8.3-1, 3.10.3-1, 4.7.3-2: filters are UTF-8 without U+0000")
  void filtersAreText(int level, String filter) throws IOException {
    var text = hex(filter);
    for (var first : new int[] {0x82, 0xA2}) {
      var client = connected(0, level);
      var body = new Bytes().u16(1);
      if (level == V5) {
        body.u8(0);
      }
      body.u16(text.length).raw(text);
      client.packet(first, (first == 0x82 ? body.u8(0) : body).done());

      ended(client, level, 0x81, 0x8F);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"260002c0800000", "2600000002c080", "080002c080", "030002c080"})
  @DisplayName("MQTT-1.5.7-1, 3.3.2-13, -19: texts in properties are UTF-8")
  void textsInPropertiesAreText(String property) throws IOException {
    var client = connected(0, V5);
    publish(client, 0, topic("a"), 0, property, "x");

    ended(client, V5, 0x81, 0x82, 0x90);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.7.3-3: a topic name may have 65535 bytes")
  void topicOfGreatestLength(int level) throws IOException {
    var client = connected(0, level);
    publish(client, level, topic("a".repeat(65_535 - topic("").length())), "x");
    nothingElse(client);
  }

  private static void publishRaw(MqttClient client, int level, byte[] topic) throws IOException {
    var body = new Bytes().u16(topic.length).raw(topic);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0x30, body.raw((byte) 'x').done());
  }
}
