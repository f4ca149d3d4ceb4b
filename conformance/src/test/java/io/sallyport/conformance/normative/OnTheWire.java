package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.MqttClient.Packet;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tests of statements share: a few identities, and packets in bytes. */
@ExtendWith(Lab.Resolver.class)
abstract class OnTheWire {
  static final int V3 = 4;
  static final int V5 = 5;

  static final int CONNACK = 2;
  static final int PUBACK = 4;
  static final int PUBREC = 5;
  static final int PUBREL = 6;
  static final int PUBCOMP = 7;
  static final int SUBACK = 9;
  static final int UNSUBACK = 11;
  static final int PINGRESP = 13;
  static final int DISCONNECT = 14;

  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final HexFormat HEX = HexFormat.of();

  private final List<Endpoint> peers = new ArrayList<>();
  private final List<MqttClient> open = new ArrayList<>();
  private final Lab lab;
  private final String folder = "normative/" + TESTS.incrementAndGet() + "/";

  OnTheWire(Lab lab) {
    this.lab = lab;
  }

  @AfterEach
  void leave() throws IOException {
    for (var client : open) {
      client.close();
    }
  }

  final Lab lab() {
    return lab;
  }

  /** A topic that no other test uses. */
  final String topic(String last) {
    return folder + last;
  }

  /** The identity of one of the peers. */
  final Endpoint peer(int number) {
    while (peers.size() <= number) {
      peers.add(lab.wirePeer(peers.size()));
    }
    return peers.get(number);
  }

  final String id(int number) {
    return peer(number).clientId();
  }

  /** A TLS connection of a peer on which nothing was said. */
  final MqttClient silent(int number, int level) throws IOException {
    var tls = peer(number).bundle().identity().sslContext();
    var client =
        level == V5
            ? MqttClient.v5(tls, peer(number).port())
            : MqttClient.v3(tls, peer(number).port());
    open.add(client);
    return client;
  }

  /** A connection with a clean start. */
  final MqttClient connected(int number, int level) throws IOException {
    return connected(number, level, new Connect(id(number)));
  }

  final MqttClient connected(int number, int level, Connect connect) throws IOException {
    var client = silent(number, level);
    assertThat(reason(client.connect(connect))).isZero();
    return client;
  }

  /** A connection whose session outlives it. */
  final MqttClient lasting(int number, int level, boolean clean) throws IOException {
    var connect = new Connect(id(number));
    if (level == V5) {
      connect.properties(hex("1100000e10"));
    }
    return connected(number, level, clean && level == V5 ? connect : connect.keepSession());
  }

  /** The code of a CONNACK. */
  static int reason(Packet connack) {
    assertThat(connack.type()).as("type of " + connack).isEqualTo(CONNACK);
    return connack.at(1);
  }

  static boolean sessionPresent(Packet connack) {
    assertThat(reason(connack)).isZero();
    return connack.at(0) == 1;
  }

  /** Subscribes with options, and gives the code. */
  static int subscribe(MqttClient client, int level, String filter, int options)
      throws IOException {
    return subscribe(client, level, "", filter, options);
  }

  static int subscribe(MqttClient client, int level, String properties, String filter, int options)
      throws IOException {
    var body = new Bytes().u16(77);
    if (level == V5) {
      body.varint(properties.length() / 2).raw(hex(properties));
    }
    client.packet(0x82, body.string(filter).u8(options).done());
    var suback = client.receive();
    assertThat(suback.type()).as("type of " + suback).isEqualTo(SUBACK);
    assertThat(suback.u16(0)).isEqualTo(77);
    return suback.at(-1);
  }

  /** Publishes at QoS 1, and waits until it is acknowledged. */
  static void publish(MqttClient client, int level, String topic, String payload)
      throws IOException {
    client.publish(topic, payload.getBytes(UTF_8), 1, false, 7);
    assertThat(client.receive().type()).isEqualTo(PUBACK);
  }

  static void retain(MqttClient client, String topic, String payload) throws IOException {
    client.publish(topic, payload.getBytes(UTF_8), 1, true, 8);
    assertThat(client.receive().type()).isEqualTo(PUBACK);
  }

  /** A PUBLISH of version 5 with properties. */
  static void publish(
      MqttClient client, int flags, String topic, int id, String properties, String payload)
      throws IOException {
    var body = new Bytes().string(topic);
    if ((flags & 0x06) != 0) {
      body.u16(id);
    }
    body.varint(properties.length() / 2).raw(hex(properties)).raw(payload.getBytes(UTF_8));
    client.packet(0x30 | flags, body.done());
  }

  /** The next packet, which must be a PUBLISH; acknowledged if it wants to be. */
  static Delivery next(MqttClient client, int level) throws IOException {
    var delivery = Delivery.of(client.receive(), level);
    if (delivery.qos() == 1) {
      client.packet(0x40, new Bytes().u16(delivery.id()).done());
    } else if (delivery.qos() == 2) {
      client.packet(0x50, new Bytes().u16(delivery.id()).done());
      assertThat(client.receive().type()).isEqualTo(PUBREL);
      client.packet(0x70, new Bytes().u16(delivery.id()).done());
    }
    return delivery;
  }

  /** The server ends the connection; version 5 is told why. */
  static void ended(MqttClient client, int level, int... reasons) throws IOException {
    if (level == V5) {
      var last = client.receive();
      assertThat(last.type()).as("type of " + last).isEqualTo(DISCONNECT);
      assertThat(last.at(0)).as("reason of " + last).isIn(boxed(reasons));
    }
    assertThat(client.isEnded()).as("the connection is ended").isTrue();
  }

  /** Nothing but an answer to PINGREQ comes: what was sent before had no other effect. */
  static void nothingElse(MqttClient client) throws IOException {
    assertThat(client.ping().type()).isEqualTo(PINGRESP);
  }

  /** A CONNACK with that code, and the end. */
  static void refused(MqttClient client, int code) throws IOException {
    var connack = client.receive();
    assertThat(connack.type()).isEqualTo(CONNACK);
    assertThat(connack.at(0)).as("a refusal has no session").isZero();
    assertThat(connack.at(1)).isEqualTo(code);
    assertThat(client.isEnded()).isTrue();
  }

  /** The end of who sent no CONNECT: MQTT 3.1.1 is not told why (3.1.4-1), MQTT 5 may be. */
  static void noConnect(MqttClient client, int level, int... codes) throws IOException {
    if (level == V3) {
      assertThat(client.isEnded()).isTrue();
      return;
    }
    try {
      var connack = client.receive();
      assertThat(connack.type()).isEqualTo(CONNACK);
      assertThat(boxed(codes)).contains(connack.at(1));
      assertThat(connack.at(0)).as("a refusal has no session").isZero();
      assertThat(client.isEnded()).isTrue();
    } catch (EOFException | SocketException _) {
      // MQTT-3.1.4-1 leaves it to the server whether it says why.
    }
  }

  static void pause(Duration time) {
    var end = System.nanoTime() + time.toNanos();
    Patience.until("the end of a pause", () -> System.nanoTime() > end);
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  static byte[] hex(String digits) {
    return HEX.parseHex(digits.replace(" ", ""));
  }

  private static List<Integer> boxed(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }
}
