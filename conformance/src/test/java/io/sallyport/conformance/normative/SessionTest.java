package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session state, redelivery and flow control: chapters 4.1, 4.4 and 4.9. */
class SessionTest extends OnTheWire {
  SessionTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName(
      "MQTT-3.3.1-1, 4.3.2-3, 4.4.0-1: an unacknowledged PUBLISH comes again, as a duplicate")
  void unacknowledgedPublishComesAgain(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 1);
    publish(connected(0, level), level, topic("a"), "x");
    var first = Delivery.of(reader.receive(), level);
    assertThat(first.dup()).isFalse();
    reader.drop();

    var again = next(lasting(1, level, false), level);
    assertThat(again.payload()).isEqualTo("x");
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.dup()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.3-5, -6, 4.4.0-1: an unanswered PUBREL comes again, and not its PUBLISH")
  void unansweredPubrelComesAgain(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 2);
    var writer = connected(0, level);
    writer.publish(topic("a"), "x".getBytes(UTF_8), 2, false, 4);
    assertThat(writer.receive().type()).isEqualTo(PUBREC);
    writer.packet(0x62, new Bytes().u16(4).done());
    assertThat(writer.receive().type()).isEqualTo(PUBCOMP);
    var id = Delivery.of(reader.receive(), level).id();
    reader.packet(0x50, new Bytes().u16(id).done());
    assertThat(reader.receive().type()).isEqualTo(PUBREL);
    reader.drop();

    var back = lasting(1, level, false);
    var pubrel = back.receive();
    assertThat(pubrel.type()).isEqualTo(PUBREL);
    assertThat(pubrel.u16(0)).isEqualTo(id);
    back.packet(0x70, new Bytes().u16(id).done());
    nothingElse(back);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.2-3: an acknowledged message does not come again")
  void acknowledgedIsDone(int level) throws IOException {
    connected(1, level).disconnect();
    var reader = lasting(1, level, true);
    subscribe(reader, level, topic("a"), 1);
    publish(connected(0, level), level, topic("a"), "x");
    next(reader, level);
    nothingElse(reader);
    reader.drop();

    nothingElse(lasting(1, level, false));
  }

  @Test
  @DisplayName("MQTT-4.4.0-1: nothing comes again while the connection lasts")
  void nothingComesAgainByItself() throws IOException {
    var reader = connected(1, V5);
    subscribe(reader, V5, topic("+"), 2);
    var writer = connected(0, V5);
    publish(writer, V5, topic("a"), "x");
    QosTest.exactlyOnce(writer, V5, topic("b"), "x");
    Delivery.of(reader.receive(), V5);
    reader.packet(0x50, new Bytes().u16(Delivery.of(reader.receive(), V5).id()).done());
    assertThat(reader.receive().type()).isEqualTo(PUBREL);
    pause(Duration.ofSeconds(2));

    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.1.0-1: a session does not expire while its connection lasts")
  void stateLastsAsLongAsTheConnection(int level) throws IOException {
    connected(1, level).disconnect();
    var connect = new Connect(id(1)).keepSession().properties(hex("1100000001"));
    var reader = connected(1, level, connect);
    subscribe(reader, level, topic("a"), 1);
    var writer = connected(0, level);
    publish(writer, level, topic("a"), "one");
    Delivery.of(reader.receive(), level);
    pause(Duration.ofMillis(2_500));
    publish(writer, level, topic("a"), "two");
    assertThat(Delivery.of(reader.receive(), level).payload()).isEqualTo("two");

    var second = silent(1, level);
    assertThat(sessionPresent(second.connect(new Connect(id(1)).keepSession()))).isTrue();
    assertThat(next(second, level).payload()).isEqualTo("one");
    assertThat(next(second, level).payload()).isEqualTo("two");
  }

  @Test
  @DisplayName("MQTT-4.1.0-2: a session ends when its expiry interval has passed")
  void sessionExpires() throws IOException {
    var connect = new Connect(id(0)).properties(hex("1100000001"));
    connected(0, V5, connect).drop();
    pause(Duration.ofMillis(2_500));

    var connack = silent(0, V5).connect(new Connect(id(0)).keepSession());
    assertThat(sessionPresent(connack)).isFalse();
  }

  @Test
  @DisplayName(
      "MQTT-3.3.4-9, -10, 4.9.0-1 to -3: no more PUBLISH than the Receive Maximum, but all other"
          + " packets")
  void windowIsKept() throws IOException {
    var reader = connected(1, V5, new Connect(id(1)).properties(hex("210002")));
    subscribe(reader, V5, topic("a"), 1);
    var writer = connected(0, V5);
    for (var number = 0; number < 5; number++) {
      publish(writer, V5, topic("a"), "n" + number);
    }
    var first = Delivery.of(reader.receive(), V5);
    Delivery.of(reader.receive(), V5);
    nothingElse(reader);
    assertThat(subscribe(reader, V5, topic("b"), 0)).isZero();

    reader.packet(0x40, new Bytes().u16(first.id()).done());
    assertThat(Delivery.of(reader.receive(), V5).payload()).isEqualTo("n2");
    nothingElse(reader);
  }

  @Test
  @DisplayName("MQTT-3.3.4-9: at QoS 2 only PUBCOMP, or a PUBREC that refuses, makes room")
  void windowIsKeptAtQos2() throws IOException {
    var reader = connected(1, V5, new Connect(id(1)).properties(hex("210001")));
    subscribe(reader, V5, topic("a"), 2);
    var writer = connected(0, V5);
    for (var number = 0; number < 3; number++) {
      QosTest.exactlyOnce(writer, V5, topic("a"), "n" + number);
    }
    var first = Delivery.of(reader.receive(), V5);
    reader.packet(0x50, new Bytes().u16(first.id()).done());
    assertThat(reader.receive().type()).isEqualTo(PUBREL);
    nothingElse(reader);
    reader.packet(0x70, new Bytes().u16(first.id()).done());

    var second = Delivery.of(reader.receive(), V5);
    assertThat(second.payload()).isEqualTo("n1");
    reader.packet(0x50, new Bytes().u16(second.id()).u8(0x80).done());
    assertThat(Delivery.of(reader.receive(), V5).payload()).isEqualTo("n2");
    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.4-3: a takeover keeps the session and what was not acknowledged")
  void takeoverKeepsTheSession(int level) throws IOException {
    connected(1, level).disconnect();
    var first = lasting(1, level, true);
    subscribe(first, level, topic("a"), 1);
    publish(connected(0, level), level, topic("a"), "x");
    Delivery.of(first.receive(), level);

    var second = lasting(1, level, false);
    assertThat(next(second, level).payload()).isEqualTo("x");
    ended(first, level, 0x8E);
  }
}
