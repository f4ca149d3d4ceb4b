package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.ConnectionSettings.DeniedPublish;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device with a good certificate is still refused, and how it is told. */
final class MqttRefusedTest {
  private static final int SUBACK = 9;
  private static final int DISCONNECT = 14;

  @TempDir static Path directory;
  private static TestGate gate;

  @BeforeAll
  static void open() {
    gate = TestGate.open(directory);
    gate.device("victim");
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @Test
  void clientIdOfAnotherDevice() throws IOException {
    var device = gate.device("impostor");
    try (var client = gate.v5(device)) {
      assertThat(client.connect("victim").at(1)).isEqualTo(0x85);
      assertThat(client.isEnded()).isTrue();
    }
    try (var client = gate.v3(device)) {
      assertThat(client.connect("victim").body()).containsExactly(0, 2);
    }
    gate.expectEvent(EventType.CONNECT_REFUSED, "client id is not the principal's");
  }

  @Test
  void clientIdsWithWildcards() throws IOException {
    var device = gate.device("wild");
    for (var clientId : List.of("+", "#", "*", "?", "wild/x", "wild:1", "$wild", "wild\u0001")) {
      try (var client = gate.v5(device)) {
        assertThat(client.connect(clientId).at(1)).as(clientId).isEqualTo(0x85);
      }
    }
  }

  @Test
  void userNameAdminChangesNothing() throws IOException {
    var device = gate.device("plain-user");
    try (var client = gate.v5(device)) {
      assertThat(client.connect(new Connect("plain-user").userName("admin")).at(1)).isZero();
      assertThat(client.publishAcknowledged("admin/topic", "x").at(2)).isEqualTo(0x87);
    }
    try (var client = gate.v5(device)) {
      assertThat(client.connect(new Connect("admin").userName("admin")).at(1)).isEqualTo(0x85);
    }
  }

  @Test
  void connectWithoutTheRight() throws IOException {
    var device = gate.ca.device("silent");
    gate.put("silent", device, Standing.ACTIVE, TestGate.allowing("iot:Publish"));
    try (var client = gate.v5(device)) {
      assertThat(client.connect("silent").at(1)).isEqualTo(0x87);
    }
    try (var client = gate.v3(device)) {
      assertThat(client.connect("silent").body()).containsExactly(0, 5);
      assertThat(client.isEnded()).isTrue();
    }
    gate.expectEvent(EventType.CONNECT_REFUSED, "no statement allows it");
  }

  @Test
  void anotherDevicesTopicAtQos1And2() throws IOException {
    try (var client = gate.connected("qos1", gate.device("qos1"))) {
      var puback = client.publishAcknowledged("devices/victim/telemetry", "x");
      assertThat(puback.type()).isEqualTo(4);
      assertThat(puback.at(2)).isEqualTo(0x87);
      assertThat(puback.text()).contains("not authorized").doesNotContain("victim");
      client.publish("devices/victim/telemetry", new byte[0], 2, false, 77);
      var pubrec = client.receive();
      assertThat(pubrec.type()).isEqualTo(5);
      assertThat(pubrec.u16(0)).isEqualTo(77);
      assertThat(pubrec.at(2)).isEqualTo(0x87);
      assertThat(client.publishAcknowledged("devices/qos1/telemetry", "x").at(-1))
          .isNotEqualTo(0x87);
    }
    // All its facts behind the address: the reason stands there once.
    gate.expectEvent(
        EventType.PUBLISH_DENIED,
        "clientId=qos1, reason=no statement allows it, topic=devices/victim/telemetry, trace=");
  }

  @Test
  void reasonStringOnlyIfItIsWanted() throws IOException {
    try (var client = gate.v5(gate.device("terse"))) {
      client.connect(new Connect("terse").properties((byte) 0x17, (byte) 0));
      assertThat(client.publishAcknowledged("devices/victim/telemetry", "x").length()).isEqualTo(3);
    }
  }

  @Test
  void anotherDevicesTopicInMqtt311EndsTheConnection() throws IOException {
    try (var client = gate.v3(gate.device("old-intruder"))) {
      client.connect("old-intruder");
      client.publish("devices/victim/telemetry", "x");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void deniedPublishOfMqtt311CanBeDropped(@TempDir Path other) throws IOException {
    try (var dropping =
            TestGate.open(
                other,
                c ->
                    c.withConnections(
                        ConnectionSettings.DEFAULTS.withDeniedPublish(DeniedPublish.DROP)));
        var client = dropping.v3(dropping.device("dropped"))) {
      client.connect("dropped");
      client.publish("forbidden", new byte[0], 1, false, 3);
      assertThat(client.receive().toString()).isEqualTo("packet 64: 00 03");
      client.publish("forbidden", new byte[0], 2, false, 4);
      assertThat(client.receive().toString()).isEqualTo("packet 80: 00 04");
      client.packet(0x62, new byte[] {0, 4});
      assertThat(client.receive().toString()).isEqualTo("packet 112: 00 04");
      client.publish("forbidden", "x");
      assertThat(client.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void qos0BeyondTheBoundEndsAnMqtt5Connection() throws IOException {
    try (var client = gate.connected("stubborn", gate.device("stubborn"))) {
      for (int i = 0; i < 19; i++) {
        client.publish("devices/victim/telemetry", "x");
      }
      assertThat(client.ping().type()).isEqualTo(13);
      client.publish("devices/victim/telemetry", "x");
      var farewell = client.receive();
      assertThat(farewell.type()).isEqualTo(DISCONNECT);
      assertThat(farewell.at(0)).isEqualTo(0x87);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void retainWithoutTheRight() throws IOException {
    var device = gate.device("sticky");
    try (var client = gate.connected("sticky", device)) {
      client.publish("devices/sticky/telemetry", new byte[] {1}, 1, true, 1);
      assertThat(client.receive().at(2)).isEqualTo(0x87);
    }
    gate.expectEvent(EventType.PUBLISH_DENIED, "retain: no statement allows it");
  }

  @Test
  void topicsOfTheServerEvenForThePowerful() throws IOException {
    try (var client = gate.connected("root", gate.powerful("root"))) {
      for (var topic :
          List.of("$SYS", "$SYS/broker/uptime", "$share/g/t", "$aws/events/presence/x")) {
        assertThat(client.publishAcknowledged(topic, "x").at(2)).as(topic).isEqualTo(0x87);
      }
      assertThat(client.publishAcknowledged("$aws/eventsX", "x").length()).isBetween(2, 3);
    }
  }

  @Test
  void filtersThatReachTooFarAreCutOut() throws IOException {
    try (var client = gate.connected("curious", gate.device("curious"))) {
      var suback =
          client.subscribe(
              "#",
              "devices/curious/commands",
              "devices/victim/commands",
              "a/#/b",
              "$share/g/devices/curious/commands",
              "$aws/things/curious/shadow/update/delta",
              "$share//x",
              "");
      assertThat(suback.type()).isEqualTo(SUBACK);
      assertThat(java.util.Arrays.copyOfRange(suback.body(), 3, 11))
          .containsExactly(0x87, 1, 0x87, 0x8F, 0x87, 1, 0x8F, 0x8F);
    }
    gate.expectEvent(
        EventType.SUBSCRIBE_DENIED,
        "clientId=curious, filter=#, reason=no statement allows it, trace=");
  }

  @Test
  void filtersThatAreAllRefusedInMqtt311() throws IOException {
    try (var client = gate.v3(gate.device("nosy"))) {
      client.connect("nosy");
      client.packet(0x82, new Bytes().u16(1).string("#").u8(1).string("a#").u8(0).done());
      assertThat(client.receive().body()).containsExactly(0, 1, 0x80, 0x80);
      assertThat(client.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void sharedSubscriptionNeedsTheGroup() throws IOException {
    var device = gate.ca.device("sharer");
    gate.put("sharer", device, Standing.ACTIVE, TestGate.allowing("iot:Connect", "iot:Subscribe"));
    try (var client = gate.connected("sharer", device)) {
      assertThat(client.subscribe("$share/g/t").at(-1)).isEqualTo(0x87);
    }
    try (var client = gate.connected("group", gate.powerful("group"))) {
      assertThat(client.subscribe("$share/g/t").at(-1)).isEqualTo(1);
    }
  }

  /** Equal ones, so that it is not the bound of subscriptions that is met. */
  @Test
  void moreFiltersInOnePacketThanAreLookedAt() throws IOException {
    var most = MqttLimits.DEFAULTS.filtersPerSubscribeMax();
    var filters = Collections.nCopies(most + 2, "t").toArray(String[]::new);
    try (var client = gate.connected("asker", gate.powerful("asker"))) {
      var codes = client.subscribe(filters).body();
      assertThat(codes).hasSize(3 + filters.length);
      assertThat(Arrays.copyOfRange(codes, 3, 3 + most)).containsOnly(1);
      assertThat(Arrays.copyOfRange(codes, 3 + most, codes.length)).containsOnly(0x97);

      var unsubscribe = new Bytes().u16(9).u8(0);
      List.of(filters).forEach(unsubscribe::string);
      client.packet(0xA2, unsubscribe.done());
      var ended = client.receive().body();
      assertThat(ended).hasSize(3 + filters.length).startsWith(0, 9, 0, 0);
      assertThat(Arrays.copyOfRange(ended, 3 + most, ended.length)).containsOnly(0x97);
      assertThat(client.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void storedSubscriptionThatIsNoLongerAllowed() throws IOException {
    var device = gate.powerful("returning");
    var lasting = new Connect("returning").keepSession().properties(hour());
    try (var client = gate.v5(device)) {
      assertThat(client.connect(lasting).at(1)).isZero();
      assertThat(client.subscribe("returning/old", "returning/new").body()).endsWith(1, 1);
    }
    gate.put(
        "returning",
        device,
        Standing.ACTIVE,
        TestGate.parsed(
            TestGate.statement("Allow", List.of("iot:Connect", "iot:Receive", "iot:Publish"), "*"),
            TestGate.statement(
                "Allow", List.of("iot:Subscribe"), "arn:aws:iot:*:*:topicfilter/returning/new")));
    gate.gateway.trustChanged(new PrincipalId("returning"));
    try (var client = gate.v5(device)) {
      assertThat(client.connect(lasting).body()).startsWith(1, 0);
      client.publish("returning/old", "x");
      client.publish("returning/new", "y");
      assertThat(client.receive().topic()).isEqualTo("returning/new");
    }
    gate.expectEvent(
        EventType.SUBSCRIBE_DENIED, "filter=returning/old, reason=no statement allows it");
  }

  private static byte[] hour() {
    return new Bytes().u8(0x11).u32(3_600).done();
  }

  @Test
  void willOnAForbiddenTopic() throws IOException {
    var device = gate.device("testator");
    try (var client = gate.v5(device)) {
      var will = new Connect("testator").will("devices/victim/telemetry", "x", 0, false);
      assertThat(client.connect(will).at(1)).isEqualTo(0x87);
      assertThat(client.isEnded()).isTrue();
    }
    try (var client = gate.v3(device)) {
      var will = new Connect("testator").will("$SYS/x", "x", 0, false);
      assertThat(client.connect(will).body()).containsExactly(0, 5);
    }
    gate.expectEvent(EventType.WILL_DENIED, "devices/victim/telemetry");
  }

  @Test
  void retainedWillWithoutTheRight() throws IOException {
    try (var client = gate.v5(gate.device("heir"))) {
      var will = new Connect("heir").will("devices/heir/telemetry", "x", 0, true);
      assertThat(client.connect(will).at(1)).isEqualTo(0x87);
    }
  }

  @Test
  void willOfADeviceThatWasQuarantinedMeanwhile() throws IOException {
    var device = gate.powerful("condemned");
    try (var watching = gate.connected("coroner", gate.powerful("coroner"))) {
      watching.subscribe("wills/#");
      var client = gate.v5(device);
      client.connect(new Connect("condemned").will("wills/condemned", "x", 0, false));
      gate.put("condemned", device, Standing.QUARANTINED, TestGate.allowing("iot:*"));
      client.drop();
      gate.expectEvent(EventType.WILL_DENIED, "principal is not active");
      assertThat(watching.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void deliveryThatTheReceiverMayNotReceive() throws IOException {
    var device = gate.ca.device("deaf");
    gate.put(
        "deaf",
        device,
        Standing.ACTIVE,
        TestGate.parsed(
            TestGate.statement("Allow", List.of("iot:*"), "*"),
            TestGate.statement("Deny", List.of("iot:Receive"), "arn:aws:iot:*:*:topic/ear")));
    try (var client = gate.connected("deaf", device);
        var talker = gate.connected("talker", gate.powerful("talker"))) {
      // The parent is not asked about when somebody subscribes to what is below it.
      assertThat(client.subscribe("ear/#").at(-1)).isEqualTo(1);
      talker.publishAcknowledged("ear", "hidden");
      talker.publishAcknowledged("ear/open", "heard");
      assertThat(client.receive().text()).endsWith("heard");
    }
    gate.expectEvent(EventType.RECEIVE_DENIED, "publisher=talker, reason=denied by ");
  }

  @Test
  void authenticationMethodThatWeDoNotHave() throws IOException {
    try (var client = gate.v5(gate.device("sasl"))) {
      var connect = new Connect("sasl").properties(new Bytes().u8(0x15).string("SCRAM").done());
      assertThat(client.connect(connect).at(1)).isEqualTo(0x8C);
    }
  }

  @Test
  void protocolLevelsThatWeDoNotSpeak() throws IOException {
    var device = gate.device("polyglot");
    try (var client = gate.v5(device)) {
      client.packet(0x10, new Connect("polyglot").body(6));
      assertThat(client.receive().at(1)).isEqualTo(0x84);
    }
    try (var client = gate.v3(device)) {
      client.packet(
          0x10, new Bytes().string("MQIsdp").u8(3).u8(2).u16(0).string("polyglot").done());
      assertThat(client.receive().body()).containsExactly(0, 1);
    }
  }

  @Test
  void anythingButConnectFirst() throws IOException {
    try (var client = gate.v5(gate.device("rude"))) {
      client.publish("devices/rude/telemetry", "x");
      assertThat(client.isEnded()).isTrue();
    }
    gate.expectEvent(EventType.PROTOCOL_VIOLATION, "the first packet is not CONNECT");
  }

  @Test
  void secondConnect() throws IOException {
    try (var client = gate.connected("twice", gate.device("twice"))) {
      client.packet(0x10, new Connect("twice").body(5));
      expectFarewell(client, 0x82);
    }
  }

  @Test
  void oversizedPacket() throws IOException {
    try (var client = gate.connected("huge", gate.device("huge"))) {
      client.send(new Bytes().u8(0x30).varint(256 << 10).raw(new byte[100]).done());
      expectFarewell(client, 0x95);
    }
    gate.expectEvent(EventType.PROTOCOL_VIOLATION, "packet is larger than is taken");
  }

  @Test
  void garbageAfterConnect() throws IOException {
    var random = new java.util.SplittableRandom(11);
    for (int i = 0; i < 10; i++) {
      try (var client = gate.connected("noise", gate.device("noise"))) {
        var garbage = new byte[200];
        random.nextBytes(garbage);
        garbage[0] = (byte) 0xF7;
        garbage[1] = 100;
        client.send(garbage);
        expectFarewell(client, 0x82);
      }
    }
  }

  @Test
  void topicNameWithAWildcard() throws IOException {
    try (var client = gate.connected("star", gate.powerful("star"))) {
      client.publish("a/+", "x");
      expectFarewell(client, 0x90);
    }
  }

  @Test
  void topicAliasAboveTheMaximum() throws IOException {
    try (var client = gate.connected("aliased", gate.powerful("aliased"))) {
      client.packet(0x30, new Bytes().string("t").u8(3).u8(0x23).u16(17).done());
      expectFarewell(client, 0x94);
    }
  }

  @Test
  void sessionExpiryOutOfNothing() throws IOException {
    try (var client = gate.connected("eternal", gate.device("eternal"))) {
      client.packet(0xE0, new Bytes().u8(0).u8(5).u8(0x11).u32(100).done());
      expectFarewell(client, 0x82);
    }
  }

  @Test
  void thirdPartyIdBelowAPrefix(@TempDir Path other) throws IOException {
    try (var several =
        TestGate.open(
            other,
            c -> c.withConnections(ConnectionSettings.DEFAULTS.withSeveralConnections(true)))) {
      var device = several.powerful("a");
      several.powerful("a:b");
      try (var client = several.v5(device)) {
        assertThat(client.connect("a:1").at(1)).isZero();
        assertThat(several.gateway.connections(new PrincipalId("a")))
            .singleElement()
            .satisfies(live -> assertThat(live.clientId()).isEqualTo("a:1"));
      }
      for (var clientId : List.of("a:b", "a:b:c", "a:b/c", "a:+", "ab", "a:" + "x".repeat(128))) {
        try (var client = several.v5(device)) {
          assertThat(client.connect(clientId).at(1)).as(clientId).isEqualTo(0x85);
        }
      }
    }
  }

  private static void expectFarewell(MqttClient client, int reason) throws IOException {
    var farewell = client.receive();
    assertThat(farewell.type()).isEqualTo(DISCONNECT);
    assertThat(farewell.at(0)).isEqualTo(reason);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void reasonsRevealNoRule() throws IOException {
    try (var client = gate.connected("prober", gate.device("prober"))) {
      var text = client.publishAcknowledged("devices/victim/telemetry", "x").text();
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(64);
      assertThat(text).doesNotContain("statement", "default-device", "Sid");
    }
  }
}
