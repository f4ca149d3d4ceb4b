package io.sallyport.conformance.normative;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT and CONNACK: chapters 3.1 and 3.2. */
class ConnectTest extends OnTheWire {
  ConnectTest(Lab lab) {
    super(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.0-1, 3.14.0-1: the first packet is CONNECT")
  void nothingIsSaidBeforeConnect(int level) throws IOException {
    var client = silent(0, level);
    client.send((byte) 0xC0, (byte) 0);

    assertThat(client.isEnded()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.0-2: a second CONNECT ends the connection")
  void connectComesOnce(int level) throws IOException {
    var client = connected(0, level);
    client.packet(0x10, new Connect(id(0)).body(level));

    ended(client, level, 0x82);
  }

  @ParameterizedTest
  @CsvSource({"4, 04020000", "5, 05020000 00"})
  @DisplayName("MQTT-3.1.2-1: another protocol name is not taken")
  void protocolNameIsMqtt(int level, String header) throws IOException {
    var client = silent(0, level);
    client.packet(0x10, new Bytes().string("MQTS").raw(hex(header)).string(id(0)).done());

    noConnect(client, level, 0x84);
  }

  @ParameterizedTest
  @CsvSource({"MQIsdp, 03020000, 1", "MQTT, 03020000, 1", "MQTT, 06020000 00, 132"})
  @DisplayName("MQTT-3.1.2-2, 3.2.2-8: an unknown version is told so, and ended")
  void versionIsKnown(String name, String header, int code) throws IOException {
    var client = silent(0, V5);
    client.packet(0x10, new Bytes().string(name).raw(hex(header)).string(id(0)).done());

    refused(client, code);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 4, MQTT-3.1.2-3: the reserved flag is 0",
    "10, 4, MQTT-3.1.2-11: without a Will its QoS is 0",
    "34, 4, MQTT-3.1.2-13: without a Will its RETAIN is 0",
    "66, 4, MQTT-3.1.2-22 of 3.1.1: no password without a user name",
    "3, 5, MQTT-3.1.2-3: the reserved flag is 0",
    "10, 5, MQTT-3.1.2-11: without a Will its QoS is 0",
    "34, 5, MQTT-3.1.2-13: without a Will its RETAIN is 0"
  })
  @DisplayName("MQTT-3.1.2-3, -11, -13, 3.1.4-1: flags that contradict themselves are the end")
  void flagsThatContradictThemselvesEndTheConnection(int flags, int level, String statement)
      throws IOException {
    var client = silent(0, level);
    var body = new Bytes().string("MQTT").u8(level).u8(flags).u16(0);
    if (level == V5) {
      body.u8(0);
    }
    client.packet(0x10, body.string(id(0)).string("more").done());

    noConnect(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-12: a Will has no QoS 3")
  void willQosIsAtMost2(int level) throws IOException {
    var client = silent(0, level);
    client.packet(0x10, new Connect(id(0)).will(topic("will"), "w", 3, false).body(level));

    noConnect(client, level, 0x81, 0x82);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-4, 3.1.4-4, -5: a clean start discards the session")
  void cleanStartDiscards(int level) throws IOException {
    var before = lasting(0, level, true);
    subscribe(before, level, topic("a"), 1);
    before.disconnect();
    publish(connected(1, level), level, topic("a"), "of the session before");
    var client = silent(0, level);

    assertThat(sessionPresent(client.connect(new Connect(id(0))))).isFalse();
    publish(connected(1, level), level, topic("a"), "of nobody's subscription");
    nothingElse(client);
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-5, -23, 3.2.2-3: without a clean start the session is resumed")
  void sessionIsResumed(int level) throws IOException {
    connected(0, level).disconnect();
    lasting(0, level, true).disconnect();
    var connack = silent(0, level).connect(new Connect(id(0)).keepSession());

    assertThat(sessionPresent(connack)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-6, 3.2.2-3: without a session there is a new one, and CONNACK says so")
  void sessionIsNew(int level) throws IOException {
    connected(0, level).disconnect();
    var connack = silent(0, level).connect(new Connect(id(0)).keepSession());

    assertThat(sessionPresent(connack)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-7, -8: the Will is published when the network fails")
  void willIsPublished(int level) throws IOException {
    var heir = connected(1, level);
    subscribe(heir, level, topic("will"), 1);
    connected(0, level, new Connect(id(0)).will(topic("will"), "gone", 1, false)).drop();

    assertThat(next(heir, level).payload()).isEqualTo("gone");
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.2-10, 3.14.4-3: the Will is deleted by DISCONNECT")
  void willIsDeleted(int level) throws IOException {
    var heir = connected(1, level);
    subscribe(heir, level, topic("will"), 1);
    connected(0, level, new Connect(id(0)).will(topic("will"), "never", 1, false)).disconnect();
    publish(connected(0, level), level, topic("will"), "mark");

    assertThat(next(heir, level).payload()).isEqualTo("mark");
  }

  @ParameterizedTest
  @CsvSource({"4,false", "4,true", "5,false", "5,true"})
  @DisplayName("MQTT-3.1.2-14 and -15: the Will is retained if its RETAIN says so")
  void willIsRetainedAsAsked(int level, boolean retained) throws IOException {
    var heir = connected(1, level);
    subscribe(heir, level, topic("will"), 1);
    connected(0, level, new Connect(id(0)).will(topic("will"), "gone", 1, retained)).drop();
    assertThat(next(heir, level).retain()).isFalse();

    subscribe(heir, level, topic("+"), 1);
    if (retained) {
      assertThat(next(heir, level).retain()).isTrue();
    }
    nothingElse(heir);
  }

  @ParameterizedTest
  @CsvSource({"3600, 1", "1, 3600"})
  @DisplayName(
      "MQTT-3.1.2-8: a delayed Will is published after its delay, or when the session ends")
  void delayedWillIsPublished(int expiry, int delay) throws IOException {
    var heir = connected(1, V5);
    subscribe(heir, V5, topic("will"), 1);
    var connect =
        new Connect(id(0))
            .properties(hex("11%08x".formatted(expiry)))
            .willProperties(hex("18%08x".formatted(delay)))
            .will(topic("will"), "gone", 1, false);
    connected(0, V5, connect).drop();
    publish(connected(2, V5), V5, topic("will"), "before");

    assertThat(next(heir, V5).payload()).isEqualTo("before");
    assertThat(next(heir, V5).payload()).isEqualTo("gone");
  }

  @Test
  @DisplayName("MQTT-3.1.3-9: a delayed Will is not published if the session is resumed")
  void delayedWillIsForgotten() throws IOException {
    var heir = connected(1, V5);
    subscribe(heir, V5, topic("will"), 1);
    var connect =
        new Connect(id(0))
            .properties(hex("1100000e10"))
            .willProperties(hex("1800000258"))
            .will(topic("will"), "never", 1, false);
    connected(0, V5, connect).drop();
    var back = lasting(0, V5, false);
    publish(back, V5, topic("will"), "mark");

    assertThat(next(heir, V5).payload()).isEqualTo("mark");
  }

  @Test
  @DisplayName("MQTT-3.1.3-10: a Will keeps its user properties in their order")
  void willKeepsItsProperties() throws IOException {
    var heir = connected(1, V5);
    subscribe(heir, V5, topic("will"), 1);
    var properties = "2600016200013126000161000132260001620001330300026374";
    connected(
            0,
            V5,
            new Connect(id(0))
                .willProperties(hex(properties))
                .will(topic("will"), "gone", 1, false))
        .drop();

    assertThat(next(heir, V5).properties())
        .contains("260001620001312600016100013226000162000133")
        .contains("0300026374");
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName(
      "MQTT-3.1.2-20, -22, 3.2.2-22: silence for one and a half keep alives ends the connection")
  void silenceEnds(int level) throws IOException {
    var begin = System.nanoTime();
    var client = connected(0, level, new Connect(id(0)).keepAlive(1));

    ended(client, level, 0x8D);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofMillis(1_400), Duration.ofSeconds(6));
  }

  @Test
  @DisplayName(
      "MQTT-3.1.2-24 and -25: what is larger than the client takes is dropped for it alone")
  void packetsFitTheClient() throws IOException {
    var small = connected(1, V5, new Connect(id(1)).properties(hex("2700000080")));
    subscribe(small, V5, topic("#"), 1);
    var writer = connected(0, V5);
    publish(writer, V5, topic("big"), "x".repeat(200));
    publish(writer, V5, topic("small"), "mark");

    assertThat(next(small, V5).payload()).isEqualTo("mark");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "220000", "220001"})
  @DisplayName("MQTT-3.1.2-26, -27, 3.3.2-11: no topic alias reaches a client that takes none")
  void noAliasUnasked(String properties) throws IOException {
    var reader = connected(1, V5, new Connect(id(1)).properties(hex(properties)));
    subscribe(reader, V5, topic("a"), 1);
    var writer = connected(0, V5);
    for (var number = 0; number < 3; number++) {
      publish(writer, V5, topic("a"), "x");
      var delivery = next(reader, V5);
      assertThat(delivery.topic()).isEqualTo(topic("a"));
      assertThat(delivery.properties()).isEmpty();
    }
  }

  @Test
  @DisplayName("MQTT-3.1.3-7, -8 of 3.1.1: no client id for a lasting session is refused with 0x02")
  void lastingSessionHasAName() throws IOException {
    var client = silent(0, V3);
    client.packet(0x10, new Connect("").keepSession().body(V3));

    refused(client, 0x02);
  }

  @Test
  @DisplayName("MQTT-3.1.3-6, -7, 3.2.2-16: who names no client id is told the one that he gets")
  void clientIdIsAssigned() throws IOException {
    var client = silent(0, V5);
    var connack = client.connect(new Connect(""));

    assertThat(reason(connack)).isZero();
    assertThat(hex(connack.body())).contains("12" + hex(new Bytes().string(id(0)).done()));
    var other = silent(1, V5).connect(new Connect(""));
    assertThat(hex(other.body())).contains("12" + hex(new Bytes().string(id(1)).done()));
  }

  @ParameterizedTest
  @ValueSource(ints = {V3, V5})
  @DisplayName("MQTT-3.1.4-3: a second connection of a client id takes over")
  void takesOver(int level) throws IOException {
    var first = connected(0, level);
    var second = connected(0, level);

    ended(first, level, 0x8E);
    nothingElse(second);
  }

  @ParameterizedTest
  @CsvSource({"4, 2", "5, 133"})
  @DisplayName("MQTT-3.1.4-6: what came with a refused CONNECT is not processed")
  void nothingIsDoneForTheRefused(int level, int code) throws IOException {
    var reader = connected(1, level);
    subscribe(reader, level, topic("a"), 1);
    var client = silent(0, level);
    var connect = Bytes.packet(0x10, new Connect(id(1) + "x").body(level));
    var body = new Bytes().string(topic("a"));
    if (level == V5) {
      body.u8(0);
    }
    var publish = Bytes.packet(0x30, body.raw((byte) 'x').done());
    client.send(new Bytes().raw(connect).raw(publish).done());

    refused(client, code);
    nothingElse(reader);
  }

  @Test
  @DisplayName(
      "MQTT-3.1.3-8, 3.1.4-2, 3.2.2-6, -7, 4.13.2-1: a refusal has no session present and is the"
          + " end")
  void refusalHasNoSession() throws IOException {
    lasting(0, V5, true).disconnect();
    var client = silent(0, V5);
    var connack = client.connect(new Connect(id(0) + "x").keepSession());

    assertThat(connack.at(0)).isZero();
    assertThat(connack.at(1)).isEqualTo(0x85);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  @DisplayName("MQTT-4.12.0-1: an unknown authentication method is refused with 0x8C")
  void unknownAuthenticationMethod() throws IOException {
    var client = silent(0, V5);
    var connack = client.connect(new Connect(id(0)).properties(hex("15000473616d6c")));

    assertThat(reason(connack)).isEqualTo(0x8C);
    assertThat(client.isEnded()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2100012100 01", "2100 00", "11000000011100000001", "2700000000", "7f01"})
  @DisplayName("MQTT-3.1.2.11: a property twice, a forbidden 0 and an unknown one are errors")
  void propertiesAreWellFormed(String properties) throws IOException {
    var client = silent(0, V5);
    client.packet(0x10, new Connect(id(0)).properties(hex(properties)).body(V5));

    noConnect(client, V5, 0x81, 0x82);
  }

  @Test
  @DisplayName("MQTT-3.2.2-15: a packet that is larger than the server takes ends the connection")
  void packetsFitTheServer() throws IOException {
    var client = silent(0, V5);
    var said = Connack.of(client.connect(new Connect(id(0)))).properties().get(0x27);
    var most = new BigInteger(1, Objects.requireNonNull(said)).intValueExact();
    // The length of the packet alone tells; the rest of it need not come.
    client.send(new Bytes().u8(0x30).varint(most).done());

    ended(client, V5, 0x95);
  }
}
