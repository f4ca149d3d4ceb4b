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

/** What stands in a CONNECT and in its answer: chapters 3.1.3, 3.1.4 and 3.2.2. */
class ConnectPayloadTest extends OnTheWire {
  private static final String ILL_FORMED = "0002c080";

  ConnectPayloadTest(Lab lab) {
    super(lab);
  }

  /** Flags, then what follows the client id. */
  @ParameterizedTest
  @CsvSource({
    "4, 02, 0001",
    "4, 82, ''",
    "4, 82, 000175 0001",
    "4, c2, 000175",
    "4, 06, ''",
    "4, 06, 000177",
    "5, 02, 0001",
    "5, 82, ''",
    "5, 82, 000175 0001",
    "5, c2, 000175",
    "5, 06, 00",
    "5, 06, 00 000177",
    "5, 42, ''"
  })
  @DisplayName(
      "MQTT-3.1.2-9, -16 to -19, 3.1.3-1: the payload is what the flags say, no less or more")
  void payloadIsWhatTheFlagsSay(int level, String flags, String rest) throws IOException {
    var client = silent(0, level);
    var body = head(level, flags).string(id(0)).raw(hex(rest));
    client.packet(0x10, body.done());

    noConnect(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.3-3: a client id is there, if only an empty one")
  void clientIdIsThere(int level) throws IOException {
    var client = silent(0, level);
    client.packet(0x10, head(level, "02").done());

    noConnect(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 02, " + ILL_FORMED,
    "5, 02, " + ILL_FORMED,
  })
  @DisplayName("MQTT-3.1.3-4: the client id is UTF-8")
  void clientIdIsText(int level, String flags, String clientId) throws IOException {
    var client = silent(0, level);
    client.packet(0x10, head(level, flags).raw(hex(clientId)).done());

    noConnect(client, level, 0x81, 0x85);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 06, " + ILL_FORMED + " 0000",
    "5, 06, 00 " + ILL_FORMED + " 0000",
    "4, 82, " + ILL_FORMED,
    "5, 82, " + ILL_FORMED
  })
  @DisplayName("MQTT-3.1.3-11, -12: Will topic and user name are UTF-8")
  void textsAreText(int level, String flags, String rest) throws IOException {
    var client = silent(0, level);
    client.packet(0x10, head(level, flags).string(id(0)).raw(hex(rest)).done());

    noConnect(client, level, 0x81);
  }

  @ParameterizedTest
  @CsvSource({"4,Z", "5,Z", "4,ABCDEFGHIJKLMNOPQRSTUVW", "5,abcdefghijklmnopqrs0123"})
  @DisplayName("MQTT-3.1.3-5: a client id may have 1 to 23 letters and digits")
  void clientIdsThatAllServersTake(int level, String clientId) throws IOException {
    var tls = lab().named(clientId).bundle().identity().sslContext();
    var port = lab().product().mqttPort();
    try (var client = MqttClient.over(MqttClient.socket(tls, port), level)) {
      assertThat(reason(client.connect(clientId))).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.3-2: a session belongs to its client id")
  void sessionsAreToldApart(int level) throws IOException {
    connected(1, level).disconnect();
    lasting(0, level, true).disconnect();

    var other = silent(1, level).connect(new Connect(id(1)).keepSession());
    assertThat(sessionPresent(other)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.2.0-1, -2 and 3.2.2-1, -2: one CONNACK comes first, with one flag at most")
  void connackComesFirst(int level) throws IOException {
    var before = lasting(0, level, true);
    retain(before, topic("a"), "kept");
    before.disconnect();
    var client = silent(0, level);
    var subscribe = new Bytes().u16(77);
    if (level == V5) {
      subscribe.u8(0);
    }
    client.send(
        new Bytes()
            .raw(Bytes.packet(0x10, new Connect(id(0)).body(level)))
            .raw(Bytes.packet(0x82, subscribe.string(topic("a")).u8(0).done()))
            .done());

    var connack = client.receive();
    assertThat(reason(connack)).isZero();
    assertThat(connack.flags()).isZero();
    assertThat(connack.at(0)).isZero();
    assertThat(client.receive().type()).isIn(SUBACK, 3);
    assertThat(client.receive().type()).isIn(SUBACK, 3);
    nothingElse(client);
  }

  @Test
  @DisplayName("MQTT-3.2.2-9, -10, -12, -13: every QoS and retained messages are taken")
  void nothingIsLeftOut() throws IOException {
    var client = silent(0, V5);
    var connack = client.connect(new Connect(id(0)));
    var codes = Connack.of(connack);
    assertThat(codes.properties()).doesNotContainKeys(0x24, 0x25, 0x28, 0x29, 0x2A);

    client.publish(topic("a"), "x".getBytes(UTF_8), 2, true, 4);
    assertThat(client.receive().type()).isEqualTo(PUBREC);
    client.packet(0x62, new Bytes().u16(4).done());
    assertThat(client.receive().type()).isEqualTo(PUBCOMP);
    assertThat(subscribe(client, V5, topic("a"), 2)).isEqualTo(2);
    assertThat(next(client, V5).retain()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1900", "1901"})
  @DisplayName("MQTT-3.1.2-28, 4.12.0-6: no response information, no authentication")
  void nothingUnasked(String properties) throws IOException {
    var connack = silent(0, V5).connect(new Connect(id(0)).properties(hex(properties)));

    assertThat(Connack.of(connack).properties()).doesNotContainKeys(0x1A, 0x15, 0x16);
  }

  @Test
  @DisplayName("MQTT-3.1.3-6 of 3.1.1: no client id is taken for a session that does not last")
  void passingSessionNeedsNoName() throws IOException {
    assertThat(reason(silent(0, V3).connect(new Connect("")))).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-12 of 3.1.1: without a Will nothing is published")
  void noWillNoMessage(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("#"), 1);
    connected(0, level).drop();
    connected(0, level).publish(topic("mark"), "mark");

    assertThat(next(reader, level).payload()).isEqualTo("mark");
  }

  @Test
  @DisplayName("MQTT-3.2.2-19, -20: a refusal has no text that the client has no room for")
  void refusalFits() throws IOException {
    var connect = new Connect(id(0) + "x").properties(hex("2700000008"));
    var connack = silent(0, V5).connect(connect);

    assertThat(connack.at(1)).isEqualTo(0x85);
    assertThat(2 + connack.length()).isLessThanOrEqualTo(8);
  }

  /** What stands before the payload. */
  private static Bytes head(int level, String flags) {
    var body = new Bytes().string("MQTT").u8(level).raw(hex(flags)).u16(0);
    return level == V5 ? body.u8(0) : body;
  }
}
