package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.MqttClient.Packet;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers have in them, and how long they may be: chapters 3.2 to 3.14. */
class AnswersTest extends OnTheWire {
  private static final int PACKET_MAX = 24;

  private static final Set<Integer> ACKNOWLEDGED =
      Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);

  AnswersTest(Lab lab) {
    super(lab);
  }

  @Test
  @DisplayName(
      "MQTT-3.4.2-1 to -3, 3.5.2-1 to -3, 4.3.3-9: refused publications, within the packet size")
  void refusedPublications() throws IOException {
    var device = lab().device();
    try (var client = small(device)) {
      for (var qos : new int[] {1, 2, 2}) {
        client.publish("not/its/own", new byte[1], qos, false, 4);
        var answer = within(client.receive());
        assertThat(answer.type()).isEqualTo(qos == 1 ? PUBACK : PUBREC);
        assertThat(answer.at(2)).isEqualTo(0x87);
      }
      // The identifier is free: this is no repetition of what was refused.
      client.publish("devices/" + device.clientId() + "/telemetry", new byte[1], 2, false, 4);
      var pubrec = within(client.receive());
      assertThat(pubrec.type()).isEqualTo(PUBREC);
      assertThat(pubrec.length() > 2 ? pubrec.at(2) : 0).isIn(ACKNOWLEDGED).isNotEqualTo(0x87);
    }
  }

  @Test
  @DisplayName(
      "MQTT-3.8.4-7, 3.9.2-1, -2, 3.9.3-2, 3.11.2-1, -2: refused filters, within the packet size")
  void refusedFilters() throws IOException {
    try (var client = small(lab().device())) {
      var filters = new Bytes().u16(9).u8(0).string("not/its/own").u8(1);
      client.packet(0x82, filters.done());
      var suback = within(client.receive());
      assertThat(suback.type()).isEqualTo(SUBACK);
      assertThat(suback.at(-1)).isEqualTo(0x87);

      client.packet(0xA2, new Bytes().u16(9).u8(0).string("not/its/own").done());
      var unsuback = within(client.receive());
      assertThat(unsuback.type()).isEqualTo(UNSUBACK);
      assertThat(unsuback.at(-1)).isEqualTo(0x11);
    }
  }

  @Test
  @DisplayName("MQTT-3.1.2-29: no reason and no user property for who wants no problem information")
  void noReasonStringUnwanted() throws IOException {
    var device = lab().device();
    try (var client = MqttClient.v5(device.bundle().identity().sslContext(), device.port())) {
      var connect = new Connect(device.clientId()).properties(hex("1700"));
      assertThat(reason(client.connect(connect))).isZero();
      for (var qos : new int[] {1, 2}) {
        client.publish("not/its/own", new byte[1], qos, false, 4);
        assertThat(client.receive().body()).containsExactly(0, 4, 0x87);
      }
      client.packet(0x82, new Bytes().u16(9).u8(0).string("not/its/own").u8(1).done());
      assertThat(client.receive().body()).containsExactly(0, 9, 0, 0x87);
      client.packet(0xA2, new Bytes().u16(9).u8(0).string("not/its/own").done());
      assertThat(client.receive().body()).containsExactly(0, 9, 0, 0x11);
      client.packet(0x62, new Bytes().u16(5).done());
      assertThat(client.receive().length()).isLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"takeover", "error"})
  @DisplayName("MQTT-3.14.2-2: the server's DISCONNECT has no session expiry")
  void farewellHasNoExpiry(String why) throws IOException {
    var client = lasting(0, V5, true);
    if (why.equals("error")) {
      client.publish("", "x");
    } else {
      lasting(0, V5, false);
    }
    var farewell = client.receive();
    assertThat(farewell.type()).isEqualTo(DISCONNECT);
    if (farewell.length() > 1) {
      // A reason string and a server reference are all that may stand there.
      assertThat(farewell.at(1)).isEqualTo(farewell.length() - 2);
      for (var at = 2; at < farewell.length(); at += 3 + farewell.u16(at + 1)) {
        assertThat(farewell.at(at)).isIn(0x1F, 0x1C);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6200021234", "70021234", "5003123480"})
  @DisplayName("MQTT-3.6.2-1 to -3, 3.7.2-1 to -3: PUBREL and PUBCOMP of what there is not")
  void acknowledgementsOfNothing(String packet) throws IOException {
    var client = connected(0, V5);
    client.packet(
        Integer.parseInt(packet.substring(0, 2), 16), hex(packet.substring(packet.length() - 4)));
    var answer = client.ping();
    if (answer.type() != PINGRESP) {
      assertThat(answer.type()).isIn(PUBREL, PUBCOMP);
      assertThat(answer.length() > 2 ? answer.at(2) : 0).isIn(0x00, 0x92);
      assertThat(answer.length()).as("without a reason string").isLessThanOrEqualTo(4);
      assertThat(client.receive().type()).isEqualTo(PINGRESP);
    }
  }

  @Test
  @DisplayName("MQTT-3.14.2-3, -4: a DISCONNECT keeps to the packet size")
  void farewellFits() throws IOException {
    try (var client = small(peer(0))) {
      client.publish("", "x");
      assertThat(within(client.receive()).type()).isEqualTo(DISCONNECT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName(
      "MQTT-2.2.1-6, 3.8.4-1, -2, 3.10.4-4: SUBACK and UNSUBACK have the identifier of the request")
  void requestsAreAnswered(int level) throws IOException {
    var client = connected(0, level);
    for (var id : new int[] {1, 0xFFFF}) {
      var body = new Bytes().u16(id);
      if (level == V5) {
        body.u8(0);
      }
      client.packet(0x82, body.string(topic("a")).u8(0).done());
      var suback = client.receive();
      assertThat(suback.type()).isEqualTo(SUBACK);
      assertThat(suback.flags()).isZero();
      assertThat(suback.u16(0)).isEqualTo(id);
      body = new Bytes().u16(id);
      if (level == V5) {
        body.u8(0);
      }
      client.packet(0xA2, body.string(topic("a")).done());
      var unsuback = client.receive();
      assertThat(unsuback.type()).isEqualTo(UNSUBACK);
      assertThat(unsuback.u16(0)).isEqualTo(id);
    }
  }

  @Test
  @DisplayName("MQTT-3.10.4-6, 3.11.3-1, -2: one UNSUBACK has a code for each filter, in order")
  void unsubscribedInOrder() throws IOException {
    var client = connected(0, V5);
    subscribe(client, V5, topic("b"), 0);
    var body = new Bytes().u16(5).u8(0);
    for (var filter : new String[] {"a", "b", "c"}) {
      body.string(topic(filter));
    }
    client.packet(0xA2, body.done());

    var unsuback = client.receive();
    assertThat(new int[] {unsuback.at(-3), unsuback.at(-2), unsuback.at(-1)})
        .containsExactly(0x11, 0x00, 0x11);
    nothingElse(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.10.4-2, -3: UNSUBSCRIBE stops what is new and ends what was begun")
  void begunIsEnded(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 2);
    var writer = connected(0, level);
    QosTest.exactlyOnce(writer, level, topic("a"), "begun");
    var id = Delivery.of(reader.receive(), level).id();
    var body = new Bytes().u16(5);
    if (level == V5) {
      body.u8(0);
    }
    reader.packet(0xA2, body.string(topic("a")).done());
    assertThat(reader.receive().type()).isEqualTo(UNSUBACK);
    QosTest.exactlyOnce(writer, level, topic("a"), "new");

    reader.packet(0x50, new Bytes().u16(id).done());
    assertThat(reader.receive().type()).isEqualTo(PUBREL);
    reader.packet(0x70, new Bytes().u16(id).done());
    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.8.4-4: subscribing again brings what is retained again and loses nothing")
  void subscribedAgain(int level) throws IOException {
    var client = connected(0, level);
    retain(client, topic("a"), "kept");
    for (var time = 0; time < 2; time++) {
      subscribe(client, level, topic("a"), 1);
      assertThat(next(client, level).payload()).isEqualTo("kept");
    }
    client.publish(topic("a"), "x".getBytes(UTF_8), 0, false, 0);
    assertThat(next(client, level).payload()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({"4, 00", "5, 00", "5, 04"})
  @DisplayName("MQTT-3.14.4-1, -2: nothing is done or said after DISCONNECT")
  void disconnectIsTheEnd(int level, String code) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 0);
    var client = connected(0, level);
    var body = new Bytes().string(topic("a"));
    if (level == V5) {
      body.u8(0);
    }
    client.send(
        new Bytes()
            .raw(Bytes.packet(0xE0, level == V5 ? hex(code) : new byte[0]))
            .raw(Bytes.packet(0x30, body.done()))
            .raw(hex("c000"))
            .done());

    assertThat(client.isEnded()).isTrue();
    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01", "7f"})
  @DisplayName("MQTT-3.14.2-1: a DISCONNECT with a code that it does not have is an error")
  void codesOfDisconnect(String code) throws IOException {
    var client = connected(0, V5);
    client.packet(0xE0, hex(code));

    ended(client, V5, 0x81, 0x82);
  }

  /** A client that takes packets of a few bytes and wants to know what went wrong. */
  private static MqttClient small(Endpoint device) throws IOException {
    var client = MqttClient.v5(device.bundle().identity().sslContext(), device.port());
    var properties = hex("27%08x1701".formatted(PACKET_MAX));
    var connack = client.connect(new Connect(device.clientId()).properties(properties));
    assertThat(reason(connack)).isZero();
    return client;
  }

  private static Packet within(Packet packet) {
    assertThat(2 + packet.length()).as("bytes of " + packet).isLessThanOrEqualTo(PACKET_MAX);
    return packet;
  }
}
