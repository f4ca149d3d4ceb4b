package io.sallyport.conformance.normative;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE, UNSUBSCRIBE and topic filters: chapters 3.8 to 3.11, 4.7 and 4.8. */
class SubscribeTest extends OnTheWire {
  SubscribeTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.8.3-2: SUBSCRIBE has a filter at least")
  void subscribeIsNotEmpty(int level) throws IOException {
    var client = connected(0, level);
    client.packet(0x82, level == V5 ? hex("000100") : hex("0001"));

    ended(client, level, 0x82, 0x81);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.10.3-2: UNSUBSCRIBE has a filter at least")
  void unsubscribeIsNotEmpty(int level) throws IOException {
    var client = connected(0, level);
    client.packet(0xA2, level == V5 ? hex("000100") : hex("0001"));

    ended(client, level, 0x82, 0x81);
  }

  @ParameterizedTest
  @CsvSource({"4,3", "4,4", "4,128", "5,3", "5,48", "5,64", "5,128"})
  @DisplayName("MQTT-3.8.3-5: QoS 3, retain handling 3 and reserved bits end the connection")
  void optionsAreAsSpecified(int level, int options) throws IOException {
    var client = connected(0, level);
    var body = new Bytes().u16(1);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0x82, body.string(topic("a")).u8(options).done());

    ended(client, level, 0x81, 0x82);
  }

  @Test
  @DisplayName("MQTT-3.8.3-3: No Local keeps one's own messages away")
  void noLocal() throws IOException {
    var client = connected(0, V5);
    subscribe(client, V5, topic("a"), 4);
    client.publish(topic("a"), "own");
    nothingElse(client);
    connected(1, V5).publish(topic("a"), "other");

    assertThat(next(client, V5).payload()).isEqualTo("other");
  }

  @Test
  @DisplayName("MQTT-3.8.3-4: No Local on a shared subscription is an error")
  void noLocalIsNotShared() throws IOException {
    var client = connected(0, V5);
    client.packet(0x82, new Bytes().u16(1).u8(0).string("$share/g/" + topic("a")).u8(4).done());

    ended(client, V5, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.8.4-3: the same filter again replaces the subscription")
  void theSameFilterReplaces(int level) throws IOException {
    var client = connected(0, level);
    assertThat(subscribe(client, level, topic("a"), 1)).isEqualTo(1);
    assertThat(subscribe(client, level, topic("a"), 0)).isZero();
    client.publish(topic("a"), "x");

    assertThat(next(client, level).qos()).isZero();
    nothingElse(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.8.4-5, -6, 3.9.3-1: several filters are answered by one code each, in order")
  void codesKeepTheOrder(int level) throws IOException {
    var client = connected(0, level);
    var body = new Bytes().u16(1);
    if (level == V5) {
      body.u8(0);
    }
    for (var qos : new int[] {2, 0, 1}) {
      body.string(topic("q" + qos)).u8(qos);
    }
    client.packet(0x82, body.done());

    var suback = client.receive();
    assertThat(new int[] {suback.at(-3), suback.at(-2), suback.at(-1)}).containsExactly(2, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({"4,0,2", "4,2,0", "4,1,2", "5,0,2", "5,2,0", "5,2,1"})
  @DisplayName("MQTT-3.8.4-8: a message comes at the lesser QoS of publisher and subscription")
  void qosIsTheLesser(int level, int published, int granted) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), granted);
    var writer = connected(0, level);
    writer.publish(topic("a"), new byte[] {'x'}, published, false, published);
    if (published == 2) {
      assertThat(writer.receive().type()).isEqualTo(PUBREC);
      writer.packet(0x62, new Bytes().u16(published).done());
    }

    assertThat(next(reader, level).qos()).isEqualTo(Math.min(published, granted));
  }

  @Test
  @DisplayName(
      "MQTT-3.3.4-2 to -5: matching subscriptions give the highest QoS and every identifier")
  void overlappingSubscriptions() throws IOException {
    var client = connected(0, V5);
    subscribe(client, V5, "0b05", topic("+"), 0);
    subscribe(client, V5, "0b8001", topic("a"), 1);
    subscribe(client, V5, topic("#"), 0);
    publish(connected(1, V5), V5, topic("a"), "x");

    var deliveries = new ArrayList<Delivery>();
    deliveries.add(next(client, V5));
    var packet = client.packet(0xC0, new byte[0]).receive();
    while (packet.type() != PINGRESP) {
      deliveries.add(Delivery.of(packet, V5));
      packet = client.receive();
    }
    var identifiers = deliveries.stream().map(Delivery::properties).toList();
    assertThat(deliveries.stream().mapToInt(Delivery::qos).max()).hasValue(1);
    assertThat(String.join(" ", identifiers)).contains("0b05").contains("0b8001");
    if (deliveries.size() == 1) {
      assertThat(identifiers.getFirst()).hasSize(10);
    }
  }

  @Test
  @DisplayName("MQTT-3.3.5-1 of 3.1.1: overlapping subscriptions give the highest QoS")
  void overlappingInVersion3() throws IOException {
    var client = connected(0, V3);
    subscribe(client, V3, topic("+"), 0);
    subscribe(client, V3, topic("a"), 2);
    publish(connected(1, V3), V3, topic("a"), "x");

    var highest = next(client, V3).qos();
    var packet = client.packet(0xC0, new byte[0]).receive();
    while (packet.type() != PINGRESP) {
      highest = Math.max(highest, Delivery.of(packet, V3).qos());
      packet = client.receive();
    }
    assertThat(highest).isEqualTo(1);
  }

  @Test
  @DisplayName("3.8.2.1.2: subscription identifier 0 is an error")
  void identifierIsNotZero() throws IOException {
    var client = connected(0, V5);
    client.packet(0x82, new Bytes().u16(1).raw(hex("020b00")).string(topic("a")).u8(0).done());

    ended(client, V5, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.10.4-1, -4 and -5: UNSUBSCRIBE removes exactly its filters and is answered")
  void unsubscribeIsExact(int level) throws IOException {
    var client = connected(0, level);
    subscribe(client, level, topic("+"), 0);
    var body = new Bytes().u16(0x1234);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0xA2, body.string(topic("#")).string(topic("a")).done());
    var unsuback = client.receive();
    assertThat(unsuback.type()).isEqualTo(UNSUBACK);
    assertThat(unsuback.u16(0)).isEqualTo(0x1234);
    if (level == V5) {
      assertThat(new int[] {unsuback.at(-2), unsuback.at(-1)}).containsExactly(0x11, 0x11);
    }
    client.publish(topic("a"), "still here");
    assertThat(next(client, level).payload()).isEqualTo("still here");

    body = new Bytes().u16(2);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0xA2, body.string(topic("+")).done());
    assertThat(client.receive().type()).isEqualTo(UNSUBACK);
    client.publish(topic("a"), "not any more");
    nothingElse(client);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "a/#/b",
    "a#",
    "#/a",
    "a+",
    "+a",
    "a/b+/c",
    "$share/g",
    "$share//a",
    "$share/g+/a",
    "$share/g#/a"
  })
  @DisplayName("MQTT-4.7.1-1, -2, 4.7.3-1 and 4.8.2-1, -2: filters that are none are refused")
  void filtersAreWellFormed(String filter) throws IOException {
    for (var level : new int[] {V3, V5}) {
      if (level == V3 && filter.startsWith("$share")) {
        continue;
      }
      var code = subscribe(connected(0, level), level, filter, 0);
      assertThat(code).isEqualTo(level == V5 ? 0x8F : 0x80);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-4.7.2-1: wildcards at the beginning do not match topics that begin with $")
  void dollarIsKeptOut(int level) throws IOException {
    var client = connected(0, level);
    var body = new Bytes().u16(1);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0x82, body.string("#").u8(0).string("+/" + topic("a")).u8(0).done());
    client.publish("$wire/" + topic("a"), "hidden");
    client.publish(topic("mark"), "mark");

    // What other tests have left retained comes first.
    var packet = client.receive();
    while (packet.type() == SUBACK || !packet.topic().equals(topic("mark"))) {
      if (packet.type() != SUBACK) {
        assertThat(packet.topic()).doesNotStartWith("$");
      }
      packet = client.receive();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "#, '', true",
    "sport/#, sport, true",
    "sport/#, sport/a/b, true",
    "sport/+, sport, false",
    "sport/+, sport/, true",
    "+/+, /finance, true",
    "/+, /finance, true",
    "+, /finance, false",
    "sport/+/player, sport/a/b/player, false",
    "Accounts, ACCOUNTS, false"
  })
  @DisplayName("MQTT-3.3.2-3, 4.7.1-1, -2, 4.7.3-4: filters match level by level, byte by byte")
  void filtersMatch(String filter, String topic, boolean matches) throws IOException {
    for (var level : new int[] {V3, V5}) {
      var client = connected(0, level);
      subscribe(client, level, topic(filter), 0);
      client.publish(topic(topic.isEmpty() ? "x" : topic), "x");

      if (matches) {
        assertThat(next(client, level).topic()).isEqualTo(topic(topic.isEmpty() ? "x" : topic));
      }
      nothingElse(client);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  @DisplayName(
      "MQTT-4.8.2-3: a shared subscription does not get retained messages and keeps its QoS")
  void sharedSubscription(int granted) throws IOException {
    var client = connected(0, V5);
    retain(client, topic("a"), "kept");
    assertThat(subscribe(client, V5, "$share/g/" + topic("a"), granted)).isEqualTo(granted);
    nothingElse(client);
    QosTest.exactlyOnce(connected(1, V5), V5, topic("a"), "x");

    assertThat(next(client, V5).qos()).isEqualTo(granted);
  }
}
