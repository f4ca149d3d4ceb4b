package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three protocols of delivery, from both ends: chapters 4.3 to 4.6. */
class QosTest extends OnTheWire {
  QosTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-2.2.1-2, 2.2.2-1, 3.3.1-2, 4.3.1-1: QoS 0 has no identifier and no DUP")
  void qos0IsBare(int level) throws IOException {
    var client = connected(0, level);
    subscribe(client, level, topic("a"), 0);
    client.publish(topic("a"), "x");

    var packet = client.receive();
    assertThat(packet.flags()).isZero();
    var length = 2 + topic("a").length() + (level == V5 ? 1 : 0) + 1;
    assertThat(packet.length()).isEqualTo(length);
    nothingElse(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-2: DUP with QoS 0 ends the connection")
  void qos0IsNoDuplicate(int level) throws IOException {
    var client = connected(0, level);
    var body = new Bytes().string(topic("a"));
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0x38, body.done());

    ended(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-2.2.1-4, 4.3.2-1, -2, 4.3.3-1, -2: each new delivery has an unused identifier")
  void identifiersAreUnused(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("+"), 2);
    var writer = connected(0, level);
    for (var number = 0; number < 3; number++) {
      publish(writer, level, topic("a"), "1");
      exactlyOnce(writer, level, topic("b"), "2");
    }

    var used = new HashSet<Integer>();
    for (var number = 0; number < 6; number++) {
      var delivery = Delivery.of(reader.receive(), level);
      assertThat(delivery.dup()).isFalse();
      assertThat(delivery.id()).isPositive();
      assertThat(used.add(delivery.id())).as("unused: %s", delivery.id()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.2-4, -5: PUBACK makes an identifier free for a new message, whatever DUP")
  void acknowledgedIdentifierIsNew(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 0);
    var writer = connected(0, level);
    var body = new Bytes().string(topic("a")).u16(7);
    if (level == V5) {
      body.u8(0);
    }
    for (var first : new int[] {0x32, 0x3A}) {
      writer.packet(first, body.done());
      assertThat(writer.receive().u16(0)).isEqualTo(7);
      assertThat(next(reader, level).topic()).isEqualTo(topic("a"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-2.2.1-5, 3.6.1-1, 4.3.3-4: PUBREC is answered by PUBREL with its identifier")
  void pubrecIsAnswered(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 2);
    exactlyOnce(connected(0, level), level, topic("a"), "x");
    var id = Delivery.of(reader.receive(), level).id();
    reader.packet(0x50, new Bytes().u16(id).done());

    var pubrel = reader.receive();
    assertThat(pubrel.type()).isEqualTo(PUBREL);
    assertThat(pubrel.flags()).isEqualTo(2);
    assertThat(pubrel.u16(0)).isEqualTo(id);
    reader.packet(0x70, new Bytes().u16(id).done());
    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.3-3: a PUBLISH at QoS 2 comes again until there is a PUBREC")
  void unreceivedComesAgain(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 2);
    exactlyOnce(connected(0, level), level, topic("a"), "x");
    var first = Delivery.of(reader.receive(), level);
    reader.drop();

    var again = next(lasting(1, level, false), level);
    assertThat(again.dup()).isTrue();
    assertThat(again.id()).isEqualTo(first.id());
  }

  @Test
  @DisplayName("MQTT-4.3.3-7: what was sent does not expire any more")
  void sentDoesNotExpire() throws IOException {
    connected(1, V5).disconnect();
    var reader = lasting(1, V5, true);
    subscribe(reader, V5, topic("a"), 2);
    var writer = connected(0, V5);
    publish(writer, 0x04, topic("a"), 4, "0200000001", "x");
    assertThat(writer.receive().type()).isEqualTo(PUBREC);
    writer.packet(0x62, new Bytes().u16(4).done());
    assertThat(writer.receive().type()).isEqualTo(PUBCOMP);
    Delivery.of(reader.receive(), V5);
    pause(Duration.ofMillis(1_500));
    reader.drop();

    assertThat(next(lasting(1, V5, false), V5).payload()).isEqualTo("x");
  }

  @Test
  @DisplayName("MQTT-4.3.3-13: a message that expires meanwhile is acknowledged to its end")
  void expiryLeavesTheProtocolAlone() throws IOException {
    var writer = connected(0, V5);
    publish(writer, 0x04, topic("a"), 4, "0200000001", "x");
    assertThat(writer.receive().type()).isEqualTo(PUBREC);
    pause(Duration.ofMillis(1_500));
    writer.packet(0x62, new Bytes().u16(4).done());

    var pubcomp = writer.receive();
    assertThat(pubcomp.type()).isEqualTo(PUBCOMP);
    assertThat(pubcomp.length() > 2 ? pubcomp.at(2) : 0).isZero();
  }

  @Test
  @DisplayName("MQTT-3.3.2-5: a message that expired before it was sent is never sent")
  void expiredIsNotSent() throws IOException {
    connected(1, V5).disconnect();
    var reader = lasting(1, V5, true);
    subscribe(reader, V5, topic("a"), 1);
    reader.drop();
    var writer = connected(0, V5);
    publish(writer, 0x02, topic("a"), 4, "0200000001", "too late");
    assertThat(writer.receive().type()).isEqualTo(PUBACK);
    publish(writer, V5, topic("a"), "in time");
    pause(Duration.ofMillis(1_500));

    assertThat(next(lasting(1, V5, false), V5).payload()).isEqualTo("in time");
  }

  @Test
  @DisplayName("MQTT-4.4.0-2: a delivery that was refused does not come again")
  void refusedDeliveryIsDone() throws IOException {
    connected(1, V5).disconnect();
    var reader = lasting(1, V5, true);
    subscribe(reader, V5, topic("+"), 2);
    var writer = connected(0, V5);
    publish(writer, V5, topic("a"), "one");
    exactlyOnce(writer, V5, topic("b"), "two");
    for (var number = 0; number < 2; number++) {
      var delivery = Delivery.of(reader.receive(), V5);
      var first = delivery.qos() == 1 ? 0x40 : 0x50;
      reader.packet(first, new Bytes().u16(delivery.id()).u8(0x80).done());
    }
    nothingElse(reader);
    reader.drop();

    nothingElse(lasting(1, V5, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.5.0-1: a message waits for every session that subscribed to it")
  void sessionsThatAreAwayGetIt(int level) throws IOException {
    for (var away : new int[] {1, 2}) {
      connected(away, level).disconnect();
      var reader = lasting(away, level, true);
      subscribe(reader, level, topic("a"), away);
      reader.disconnect();
    }
    exactlyOnce(connected(0, level), level, topic("a"), "x");

    for (var back : new int[] {1, 2}) {
      var delivery = next(lasting(back, level, false), level);
      assertThat(delivery.payload()).isEqualTo("x");
      assertThat(delivery.qos()).isEqualTo(back);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.6.0-1: what comes again comes in its first order")
  void orderSurvives(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 1);
    var writer = connected(0, level);
    for (var number = 0; number < 5; number++) {
      publish(writer, level, topic("a"), "n" + number);
    }
    Delivery.of(reader.receive(), level);
    reader.drop();

    var back = lasting(1, level, false);
    for (var number = 0; number < 5; number++) {
      assertThat(next(back, level).payload()).isEqualTo("n" + number);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.6.0-6 of 3.1.1: PUBRELs keep the order of their PUBRECs")
  void pubrelsKeepTheOrder(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 2);
    var writer = connected(0, level);
    var ids = new ArrayList<Integer>();
    for (var number = 0; number < 4; number++) {
      exactlyOnce(writer, level, topic("a"), "x");
      ids.add(Delivery.of(reader.receive(), level).id());
    }
    Collections.swap(ids, 0, 2);
    for (var id : ids) {
      reader.packet(0x50, new Bytes().u16(id).done());
    }

    for (var id : ids) {
      var pubrel = reader.receive();
      assertThat(pubrel.type()).isEqualTo(PUBREL);
      assertThat(pubrel.u16(0)).isEqualTo(id);
    }
  }

  /** Publishes at QoS 2 to its end. */
  static void exactlyOnce(MqttClient writer, int level, String topic, String payload)
      throws IOException {
    writer.publish(topic, payload.getBytes(UTF_8), 2, false, 4);
    assertThat(writer.receive().type()).as("answer in version %s", level).isEqualTo(PUBREC);
    writer.packet(0x62, new Bytes().u16(4).done());
    assertThat(writer.receive().type()).isEqualTo(PUBCOMP);
  }
}
