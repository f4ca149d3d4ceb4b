package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SubscribeRule;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it takes to be granted a filter, and what a listener's mode makes of a policy. */
@SuppressWarnings("NullAway.Init")
class SubscribeRuleTest {
  private static final String CONNECT = allow("Connect", "*");
  private static final String ALL_FILTERS =
      TestGate.statement("Allow", List.of("iot:Subscribe", "sallyport:ShareGroup"), "*");
  private static final String RECEIVE_A = allow("Receive", "arn:aws:iot:*:*:topic/a/*");
  private static final String NO_SECRETS =
      TestGate.statement("Deny", List.of("iot:Receive"), "arn:aws:iot:*:*:topic/a/secret/*");

  /** Of nobody here the thing's type is known. */
  private static final String UNRESOLVED_DENY =
      TestGate.statement(
          "Deny",
          List.of("iot:Publish"),
          "arn:aws:iot:*:*:topic/x/${iot:Connection.Thing.ThingTypeName}");

  private static TestGate gate;

  @BeforeAll
  static void open(@TempDir Path directory) {
    gate =
        TestGate.open(
            directory,
            configuration ->
                configuration.withListeners(
                    List.of(
                        configuration.listeners().getFirst(),
                        listener("cloud", Mode.AWS_COMPAT, SubscribeRule.LITERAL),
                        listener("second", Mode.STRICT, SubscribeRule.INCLUSIVE))));
  }

  private static ListenerSettings listener(String name, Mode mode, SubscribeRule rule) {
    return new ListenerSettings(new ListenerRules(name, mode, rule), "127.0.0.1", 0);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  @Test
  void noFilterWalksAroundADeny() throws IOException {
    var device = device("walker", CONNECT, ALL_FILTERS, RECEIVE_A, NO_SECRETS);
    try (var client = gate.connected("walker", device)) {
      var suback =
          client.subscribe(
              "a/#", "a/+/x", "$share/g/a/#", "a/secret/1", "b", "#", "a/open/#", "a/open", "a/+");
      assertThat(codes(suback, 9)).containsExactly(0x87, 0x87, 0x87, 0x87, 0x87, 0x87, 1, 1, 1);
      assertThat(suback.text()).doesNotContain("secret");
    }
    gate.expectEvent(
        EventType.SUBSCRIBE_DENIED,
        "filter=a/#, reason='a/#' matches 'a/secret/', which may not be received:"
            + " denied by test v1 statement 3 line 1, trace='a/#' matches");
    gate.expectEvent(
        EventType.SUBSCRIBE_DENIED, "filter=b, reason='b' may not be received: no statement");
  }

  @Test
  void noFilterWalksAroundADenyInMqtt311() throws IOException {
    var device = device("walker3", CONNECT, ALL_FILTERS, RECEIVE_A, NO_SECRETS);
    try (var client = gate.v3(device)) {
      client.connect("walker3");
      client.packet(0x82, new Bytes().u16(1).string("a/#").u8(1).string("a/b/+").u8(0).done());
      assertThat(client.receive().body()).containsExactly(0, 1, 0x80, 0);
    }
  }

  @Test
  void literallyItIsGrantedAndTheSecretIsWithheld() throws IOException {
    var device = device("aws", CONNECT, ALL_FILTERS, RECEIVE_A, NO_SECRETS);
    try (var client = through("cloud", device, new Connect("aws"));
        var writer = gate.connected("writer", gate.powerful("writer"))) {
      assertThat(codes(client.subscribe("a/#", "$share/g/a/+/x"), 2)).containsExactly(1, 1);
      writer.publishAcknowledged("a/secret/x", "hidden");
      writer.publishAcknowledged("a/open", "seen");
      var delivered = client.receive();
      assertThat(delivered.topic()).isEqualTo("a/open");
    }
    gate.expectEvent(EventType.RECEIVE_DENIED, "topic=a/secret/x");
  }

  @Test
  void whatASessionIsCountsExactly() throws IOException {
    var own = allow("Receive", "arn:aws:iot:*:*:topic/d/${iot:Certificate.Subject.CommonName}/*");
    var here =
        "{\"Effect\":\"Allow\",\"Action\":\"iot:Receive\",\"Resource\":"
            + "\"arn:aws:iot:*:*:topic/here/*\",\"Condition\":"
            + "{\"StringEquals\":{\"sallyport:ListenerName\":\"mqtt\"}}}";
    var device = device("itself", CONNECT, ALL_FILTERS, own, here);
    try (var client = gate.connected("itself", device)) {
      assertThat(codes(client.subscribe("d/itself/#", "d/+/#", "d/other/#", "here/#"), 4))
          .containsExactly(1, 0x87, 0x87, 1);
    }
    try (var client = through("second", device, new Connect("itself"))) {
      assertThat(codes(client.subscribe("d/itself/#", "here/#"), 2)).containsExactly(1, 0x87);
    }
  }

  @Test
  void aChangedPolicyTakesAwayWhatMayNoLongerBeReceived() throws IOException {
    var device = device("changed", CONNECT, ALL_FILTERS, RECEIVE_A);
    try (var client = gate.connected("changed", device)) {
      assertThat(codes(client.subscribe("a/#", "a/b"), 2)).containsExactly(1, 1);
      put("changed", device, CONNECT, ALL_FILTERS, RECEIVE_A, NO_SECRETS);
      gate.gateway.trustChanged(new PrincipalId("changed"));
      gate.expectEvent(EventType.SUBSCRIBE_DENIED, "clientId=changed, filter=a/#, reason='a/#'");
      assertThat(client.ping().type()).isEqualTo(13);
    }
    assertThat(gate.events.toString()).doesNotContain("clientId=changed, filter=a/b,");
  }

  @Test
  void aResumedSessionIsDecidedByWhatHoldsNow() throws IOException {
    var device = device("sleeper", CONNECT, ALL_FILTERS, RECEIVE_A);
    var hour = new Bytes().u8(0x11).u32(3_600).done();
    var lasting = new Connect("sleeper").keepSession().properties(hour);
    try (var client = gate.v5(device)) {
      client.connect(lasting);
      assertThat(codes(client.subscribe("a/#"), 1)).containsExactly(1);
      client.drop();
    }
    put("sleeper", device, CONNECT, ALL_FILTERS, RECEIVE_A, NO_SECRETS);
    try (var client = gate.v5(device)) {
      assertThat(client.connect(lasting).at(0)).as("session present").isEqualTo(1);
      gate.expectEvent(EventType.SUBSCRIBE_DENIED, "clientId=sleeper, filter=a/#, reason='a/#'");
    }
  }

  /** Each of them takes more than one filter may, and four all that one SUBSCRIBE may. */
  @Test
  void searchingIsBounded() throws IOException {
    var statements = new ArrayList<>(List.of(CONNECT, ALL_FILTERS, allow("Receive", "*")));
    IntStream.range(0, 12)
        .mapToObj(i -> "*" + (char) ('a' + i) + "*" + (char) ('A' + i) + "*$*$*/x")
        .map(name -> "arn:aws:iot:*:*:topic/" + name)
        .map(arn -> TestGate.statement("Deny", List.of("iot:Receive"), arn))
        .forEach(statements::add);
    var device = device("heavy", statements.toArray(String[]::new));
    try (var client = gate.connected("heavy", device)) {
      var suback = client.subscribe("z", "a/+/b", "b/+/b", "c/+/b", "d/+/b", "e/+/b", "z");
      assertThat(codes(suback, 7)).containsExactly(1, 0x87, 0x87, 0x87, 0x87, 0x97, 0x97);
      assertThat(client.ping().type()).isEqualTo(13);
    }
    gate.expectEvent(EventType.SUBSCRIBE_DENIED, "filter=a/+/b, reason=too complex");
  }

  @Test
  void theModeOfTheListenerDecidesWhatAnUnresolvedVariableMeans() throws IOException {
    var device = device("untyped", CONNECT, allow("Publish", "*"), UNRESOLVED_DENY);
    try (var client = gate.connected("untyped", device)) {
      assertThat(client.publishAcknowledged("t", "x").at(2)).isEqualTo(0x87);
    }
    try (var client = through("cloud", device, new Connect("untyped"))) {
      assertThat(client.publishAcknowledged("t", "x").length()).isBetween(2, 3);
    }
  }

  @Test
  void aWillIsDecidedInTheModeInWhichItWasLeft() throws IOException {
    var device = device("mortal", CONNECT, allow("Publish", "*"), UNRESOLVED_DENY);
    try (var watcher = gate.connected("watcher", gate.powerful("watcher"))) {
      watcher.subscribe("will/mortal");
      try (var client =
          through("cloud", device, new Connect("mortal").will("will/mortal", "gone", 0, false))) {
        client.drop();
      }
      assertThat(watcher.receive().topic()).isEqualTo("will/mortal");
    }
    try (var client = gate.v5(device)) {
      var answer = client.connect(new Connect("mortal").will("will/mortal", "gone", 0, false));
      assertThat(answer.at(1)).isEqualTo(0x87);
    }
    gate.expectEvent(
        EventType.WILL_DENIED,
        "reason=will on 'will/mortal': denied by test v1 statement 2 line 1, trace=denied by");
  }

  @Test
  void eachListenerCountsItsOwn() throws IOException {
    var before = gate.gateway.listeners().get(2);
    try (var _ = through("second", gate.powerful("counted"), new Connect("counted"))) {
      var after = gate.gateway.listeners().get(2);
      assertThat(after.rules().name()).isEqualTo("second");
      assertThat(after.accepted()).isEqualTo(before.accepted() + 1);
      assertThat(after.connections()).isPositive();
      assertThat(gate.gateway.connections(new PrincipalId("counted")))
          .extracting(LiveConnection::listener)
          .containsExactly("second");
    }
  }

  private static MqttClient through(String listener, TestIdentity device, Connect connect)
      throws IOException {
    var port =
        gate.gateway.listeners().stream()
            .filter(one -> one.rules().name().equals(listener))
            .findFirst()
            .orElseThrow()
            .port();
    var client = MqttClient.v5(device.sslContext(), port);
    assertThat(client.connect(connect).at(1)).isZero();
    return client;
  }

  private static int[] codes(MqttClient.Packet suback, int count) {
    var body = suback.body();
    return IntStream.range(body.length - count, body.length).map(i -> body[i] & 0xFF).toArray();
  }

  private static String allow(String action, String resource) {
    return TestGate.statement("Allow", List.of("iot:" + action), resource);
  }

  private static TestIdentity device(String id, String... statements) {
    var device = gate.ca.device(id);
    put(id, device, statements);
    return device;
  }

  private static void put(String id, TestIdentity device, String... statements) {
    gate.put(id, device, Standing.ACTIVE, policies(statements));
  }

  private static PolicySet policies(String... statements) {
    return TestGate.parsed(Arrays.copyOf(statements, statements.length));
  }
}
