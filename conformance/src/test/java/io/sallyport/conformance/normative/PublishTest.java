package io.sallyport.conformance.normative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH and what answers it: chapters 3.3 to 3.7 and 4.3. */
class PublishTest extends OnTheWire {
  private static final int TOPIC_ALIAS_MAXIMUM = 0x22;

  PublishTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-3: the publisher's DUP is not passed on")
  void dupIsNotPassedOn(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 1);
    var writer = connected(0, level);
    var body = new Bytes().string(topic("a")).u16(9);
    if (level == V5) {
      body.u8(0);
    }
    writer.packet(0x3A, body.done());
    assertThat(writer.receive().type()).isEqualTo(PUBACK);

    assertThat(next(reader, level).dup()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-4, 4.13.1-1: QoS 3 ends the connection")
  void qos3IsNone(int level) throws IOException {
    var client = connected(0, level);
    client.packet(0x36, new Bytes().string(topic("a")).u16(9).u8(0).done());

    ended(client, level, 0x81);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-5: a retained message replaces the one before")
  void theLastIsRetained(int level) throws IOException {
    var client = connected(0, level);
    retain(client, topic("a"), "first");
    retain(client, topic("a"), "second");
    subscribe(client, level, topic("a"), 2);

    var delivery = next(client, level);
    assertThat(delivery.payload()).isEqualTo("second");
    assertThat(delivery.retain()).isTrue();
    assertThat(delivery.qos()).isEqualTo(1);
    nothingElse(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-7 of 3.1.1: a retained message at QoS 0 replaces the one before")
  void qos0IsRetainedToo(int level) throws IOException {
    var client = connected(0, level);
    retain(client, topic("a"), "first");
    client.publish(topic("a"), "second".getBytes(UTF_8), 0, true, 0);
    subscribe(client, level, topic("a"), 1);

    assertThat(next(client, level).payload()).isEqualTo("second");
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-6 and -7: an empty retained message removes and is not stored")
  void theEmptyIsNotRetained(int level) throws IOException {
    var client = connected(0, level);
    retain(client, topic("a"), "first");
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 0);
    next(reader, level);
    retain(client, topic("a"), "");
    subscribe(client, level, topic("a"), 0);

    nothingElse(client);
    assertThat(next(reader, level).payload()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.3.1-8: a message without RETAIN is not stored and replaces nothing")
  void onlyRetainStores(int level) throws IOException {
    var client = connected(0, level);
    retain(client, topic("a"), "kept");
    publish(client, level, topic("a"), "passing");
    subscribe(client, level, topic("a"), 0);

    assertThat(next(client, level).payload()).isEqualTo("kept");
  }

  @ParameterizedTest
  @CsvSource({"0,2", "1,1", "2,0"})
  @DisplayName("MQTT-3.3.1-9 to -11: retain handling says whether a subscription brings them")
  void retainHandlingIsKept(int handling, int times) throws IOException {
    var client = connected(0, V5);
    retain(client, topic("a"), "kept");
    for (var time = 0; time < 2; time++) {
      subscribe(client, V5, topic("a"), handling << 4);
      if (time < times) {
        assertThat(next(client, V5).payload()).isEqualTo("kept");
      }
      nothingElse(client);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,true,false", "8,true,true", "0,false,false", "8,false,false"})
  @DisplayName("MQTT-3.3.1-12 and -13: Retain As Published decides on RETAIN of a live message")
  void retainAsPublished(int options, boolean retain, boolean retained) throws IOException {
    var client = connected(0, V5);
    subscribe(client, V5, topic("a"), options);
    client.publish(topic("a"), "x".getBytes(UTF_8), 0, retain, 0);

    assertThat(next(client, V5).retain()).isEqualTo(retained);
  }

  @ParameterizedTest
  @CsvSource({"4,a/+", "4,#", "5,a/+", "5,#"})
  @DisplayName("MQTT-3.3.2-2, 4.7.0-1: a topic name has no wildcards")
  void topicHasNoWildcards(int level, String topic) throws IOException {
    var client = connected(0, level);
    client.publish(topic, "x");

    ended(client, level, 0x81, 0x82, 0x90);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.7.3-1: a topic name has a character at least")
  void topicIsNotEmpty(int level) throws IOException {
    var client = connected(0, level);
    client.publish("", "x");

    ended(client, level, 0x81, 0x82, 0x90, 0x94);
  }

  @Test
  @DisplayName("MQTT-3.3.2-4, -15, -16, -17, -18, -20: what belongs to the message is passed on")
  void propertiesAreUnaltered() throws IOException {
    var reader = connected(1, V5);
    subscribe(reader, V5, topic("a"), 1);
    var writer = connected(0, V5);
    var properties =
        "0101" + "0800017a" + "09000300ff01" + "2600016100013226000161000131" + "03000174";
    publish(writer, 0x02, topic("a"), 3, properties, "x");
    assertThat(writer.receive().type()).isEqualTo(PUBACK);

    assertThat(next(reader, V5).properties())
        .contains("0101")
        .contains("0800017a")
        .contains("09000300ff01")
        .contains("2600016100013226000161000131")
        .contains("03000174");
  }

  @Test
  @DisplayName("MQTT-3.3.2-6: the expiry interval is passed on, less what has passed")
  void expiryIsPassedOn() throws IOException {
    connected(1, V5).disconnect();
    var reader = lasting(1, V5, true);
    subscribe(reader, V5, topic("a"), 1);
    reader.disconnect();
    var writer = connected(0, V5);
    publish(writer, 0x02, topic("a"), 4, "0200000064", "x");
    assertThat(writer.receive().type()).isEqualTo(PUBACK);
    pause(Duration.ofMillis(2_100));

    var properties = next(lasting(1, V5, false), V5).properties();
    assertThat(properties).startsWith("02").hasSize(10);
    assertThat(Integer.parseInt(properties.substring(2), 16)).isBetween(80, 98);
  }

  @Test
  @DisplayName("MQTT-3.3.2.3.4: an alias stands for its topic on its connection")
  void aliasStandsForItsTopic() throws IOException {
    var reader = connected(1, V5);
    subscribe(reader, V5, topic("+"), 0);
    var writer = connected(0, V5);
    publish(writer, 0, topic("a"), 0, "230001", "named");
    publish(writer, 0, "", 0, "230001", "by alias");
    publish(writer, 0, topic("b"), 0, "230001", "renamed");
    publish(writer, 0, "", 0, "230001", "by alias again");

    assertThat(next(reader, V5).topic()).isEqualTo(topic("a"));
    assertThat(next(reader, V5))
        .extracting(Delivery::topic, Delivery::payload)
        .containsExactly(topic("a"), "by alias");
    assertThat(next(reader, V5).topic()).isEqualTo(topic("b"));
    assertThat(next(reader, V5))
        .extracting(Delivery::topic, Delivery::payload)
        .containsExactly(topic("b"), "by alias again");
  }

  @Test
  @DisplayName("MQTT-3.3.2-7: an alias is forgotten with its connection, even if the session stays")
  void aliasesDieWithTheirConnection() throws IOException {
    var client = lasting(0, V5, true);
    publish(client, 0, topic("a"), 0, "230001", "named");
    nothingElse(client);
    client.drop();
    var back = lasting(0, V5, false);
    publish(back, 0, "", 0, "230001", "by an alias of before");

    ended(back, V5, 0x82, 0x94);
  }

  @Test
  @DisplayName("MQTT-3.3.2-8: alias 0 ends the connection")
  void aliasIsNotZero() throws IOException {
    var client = connected(0, V5);
    publish(client, 0, topic("a"), 0, "230000", "x");

    ended(client, V5, 0x94, 0x81, 0x82);
  }

  @Test
  @DisplayName("MQTT-3.2.2-17, 3.3.2-9: an alias above the server's maximum ends the connection")
  void aliasIsAtMostTheMaximum() throws IOException {
    var client = silent(0, V5);
    var connack = client.connect(new Connect(id(0)));
    var offered = Connack.of(connack).number(TOPIC_ALIAS_MAXIMUM);
    publish(client, 0, topic("a"), 0, "23%04x".formatted(offered + 1), "x");

    ended(client, V5, 0x94);
  }

  @Test
  @DisplayName("MQTT-3.3.2-12: every alias up to the server's maximum is taken")
  void aliasesAreTaken() throws IOException {
    var client = silent(0, V5);
    var most = Connack.of(client.connect(new Connect(id(0)))).number(TOPIC_ALIAS_MAXIMUM);
    subscribe(client, V5, topic("a"), 0);
    for (var alias = 1; alias <= most; alias++) {
      publish(client, 0, topic("a"), 0, "23%04x".formatted(alias), "x");
      assertThat(next(client, V5).payload()).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-7 of 3.1.1: retained messages outlive the session")
  void retainedOutlivesTheSession(int level) throws IOException {
    var writer = connected(0, level);
    retain(writer, topic("a"), "kept");
    writer.disconnect();
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 0);

    assertThat(next(reader, level).retain()).isTrue();
  }

  @Test
  @DisplayName("3.3.4: an alias that was never set ends the connection")
  void aliasWasSet() throws IOException {
    var client = connected(0, V5);
    publish(client, 0, "", 0, "230001", "x");

    ended(client, V5, 0x82, 0x94);
  }

  @Test
  @DisplayName("MQTT-3.3.2-14: a response topic has no wildcards")
  void responseTopicHasNoWildcards() throws IOException {
    var client = connected(0, V5);
    publish(client, 0, topic("a"), 0, "080003612f23", "x");

    ended(client, V5, 0x81, 0x82, 0x90);
  }

  @Test
  @DisplayName("MQTT-3.3.4-6: a client sends no subscription identifier")
  void clientsSendNoSubscriptionIdentifier() throws IOException {
    var client = connected(0, V5);
    publish(client, 0, topic("a"), 0, "0b01", "x");

    ended(client, V5, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01010101", "0102", "0200000001 0200000001", "7f00", "1100000001"})
  @DisplayName("MQTT-2.2.2: properties twice, out of range, unknown or of other packets are errors")
  void propertiesAreWellFormed(String properties) throws IOException {
    var client = connected(0, V5);
    publish(client, 0, topic("a"), 0, properties.replace(" ", ""), "x");

    ended(client, V5, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.3-10: a PUBLISH that is sent again before its PUBREL is delivered once")
  void exactlyOnce(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 2);
    var writer = connected(0, level);
    for (var time = 0; time < 2; time++) {
      publishQos2(writer, level, time == 1);
      var pubrec = writer.receive();
      assertThat(pubrec.type()).isEqualTo(PUBREC);
      assertThat(pubrec.u16(0)).isEqualTo(4);
    }
    writer.packet(0x62, new Bytes().u16(4).done());
    assertThat(writer.receive().type()).isEqualTo(PUBCOMP);

    assertThat(next(reader, level).payload()).isEqualTo("x");
    nothingElse(reader);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.3-11: PUBREL is answered by PUBCOMP with its identifier")
  void pubrelIsAnswered(int level) throws IOException {
    var client = connected(0, level);
    client.packet(0x62, new Bytes().u16(999).done());

    var pubcomp = client.receive();
    assertThat(pubcomp.type()).isEqualTo(PUBCOMP);
    assertThat(pubcomp.u16(0)).isEqualTo(999);
    if (level == V5 && pubcomp.length() > 2) {
      assertThat(pubcomp.at(2)).isIn(0x00, 0x92);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.3.3-12: an identifier is free again after PUBCOMP")
  void identifierIsFreeAgain(int level) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 0);
    var writer = connected(0, level);
    for (var time = 0; time < 2; time++) {
      publishQos2(writer, level, false);
      assertThat(writer.receive().type()).isEqualTo(PUBREC);
      writer.packet(0x62, new Bytes().u16(4).done());
      assertThat(writer.receive().type()).isEqualTo(PUBCOMP);
      assertThat(next(reader, level).payload()).isEqualTo("x");
    }
  }

  @Test
  @DisplayName("MQTT-3.3.4-7: more than the Receive Maximum unacknowledged ends the connection")
  void receiveMaximumIsKept() throws IOException {
    var client = silent(0, V5);
    var most = Connack.of(client.connect(new Connect(id(0)))).number(0x21);
    assertThat(most).isBetween(1, 65_535);
    var flood = new Bytes();
    for (var id = 1; id <= most + 1; id++) {
      flood.raw(Bytes.packet(0x34, new Bytes().string(topic("a")).u16(id).u8(0).done()));
    }
    client.send(flood.done());

    var answer = client.receive();
    while (answer.type() == PUBREC) {
      answer = client.receive();
    }
    assertThat(answer.type()).isEqualTo(DISCONNECT);
    assertThat(answer.at(0)).isEqualTo(0x93);
  }

  @ParameterizedTest
  @CsvSource({"4,0", "4,1", "4,2", "5,0", "5,1", "5,2"})
  @DisplayName("MQTT-4.6.0-5, -6: messages of a topic and a QoS keep their order")
  void orderIsKept(int level, int qos) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), qos);
    var writer = connected(0, level);
    for (var number = 0; number < 100; number++) {
      writer.publish(topic("a"), Integer.toString(number).getBytes(UTF_8), qos, false, number + 1);
      if (qos == 2) {
        writer.packet(0x62, new Bytes().u16(number + 1).done());
      }
    }

    for (var number = 0; number < 100; ) {
      var packet = reader.receive();
      if (packet.type() == PUBREL) {
        reader.packet(0x70, new Bytes().u16(packet.u16(0)).done());
      } else {
        var delivery = Delivery.of(packet, level);
        assertThat(delivery.payload()).isEqualTo(Integer.toString(number++));
        if (qos > 0) {
          reader.packet(qos == 1 ? 0x40 : 0x50, new Bytes().u16(delivery.id()).done());
        }
      }
    }
  }

  private void publishQos2(MqttClient client, int level, boolean again) throws IOException {
    var body = new Bytes().string(topic("a")).u16(4);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(again ? 0x3C : 0x34, body.raw((byte) 'x').done());
  }
}
