package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.topic.Caller;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicDoor;
import io.sallyport.gateway.topic.TopicService;
import io.sallyport.gateway.topic.TopicSettings;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.identity.ClaimName;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim may do where MQTT is spoken. */
@SuppressWarnings("NullAway.Init")
class ClaimantTest {
  private static final String ASK = "$aws/service/json";
  private static final String ANSWER = "$aws/service/json/accepted";

  @TempDir static Path folder;
  private static final List<SecurityEvent> EVENTS = new CopyOnWriteArrayList<>();
  private static TestCa ca;
  private static BuiltInExchange exchange;
  private static Gateway gateway;

  /** Answers with what it was asked, fails when it is told to, and knows one claim only. */
  private static final class Echo implements TopicService {
    @Override
    public Grant admit(Caller caller) {
      return caller.clientId().equals("unwelcome")
          ? Grant.NONE
          : new Grant(Set.of(ASK), Set.of(ANSWER, ASK + "/rejected", ASK + "/+"));
    }

    @Override
    public Reply answer(Caller caller, String topic, byte[] payload) {
      if (payload.length == 0) {
        throw new IllegalStateException("as the test wants it");
      }
      return new Reply(topic + "/accepted", payload);
    }

    @Override
    public Reply refusal(String topic, Trouble trouble) {
      return new Reply(topic + "/rejected", trouble.name().getBytes(StandardCharsets.UTF_8));
    }
  }

  @BeforeAll
  static void open() {
    ca = TestCa.create(Instant.now());
    var server = ca.server();
    gateway =
        new Gateway(
            TestGate.CONFIGURATION,
            new ServerCredentials(server.privateKey(), server.chain()),
            new DeviceAnchors(List.of(ca.devices()), List.of(ca.root())),
            new TrustState(TrustAge.NONE),
            EVENTS::add,
            InstantSource.system());
    exchange =
        new BuiltInExchange(
            folder, ExchangeLimits.DEFAULTS, gateway.authority(), InstantSource.system());
    gateway.serve(
        new TopicDoor(TopicSettings.DEFAULTS.with(Duration.ofSeconds(60), 2), new Echo()));
    gateway.start(exchange);
  }

  @AfterAll
  static void close() {
    gateway.close();
    exchange.close();
  }

  private static TestIdentity claim(String name) {
    return ca.draft()
        .commonName(name)
        .uri(ClaimName.uri(new PrincipalId(name)))
        .forPurpose(ClaimName.PURPOSE)
        .sign();
  }

  private static MqttClient client(String name) throws IOException {
    return MqttClient.v5(claim(name).sslContext(), gateway.port());
  }

  private static MqttClient connected(String name) throws IOException {
    var client = client(name);
    assertThat(client.connect("anything").at(1)).isZero();
    return client;
  }

  @Test
  void asksAndIsAnswered() throws Exception {
    try (var client = connected("asks")) {
      assertThat(client.subscribe(ANSWER, ASK + "/+").body()).endsWith(1, 1);
      client.publish(ASK, "hello".getBytes(StandardCharsets.UTF_8), 1, false, 7);

      assertThat(client.receive().type()).isEqualTo(PacketType.PUBACK);
      var answer = client.receive();
      assertThat(answer.topic()).isEqualTo(ANSWER);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8)).endsWith("hello");
      client.publish(ASK, new byte[0], 0, false, 0);
      assertThat(client.receive().topic()).isEqualTo(ASK + "/rejected");
      assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
      client.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"devices/x/telemetry", "$aws/service/cbor", "$aws/things/x/shadow/get", ANSWER})
  void whateverIsNotGrantedEndsTheConnection(String topic) throws Exception {
    try (var client = connected("denied")) {
      client.publish(topic, "x".getBytes(StandardCharsets.UTF_8), 1, false, 7);

      var farewell = client.receive();
      assertThat(farewell.type()).isEqualTo(PacketType.DISCONNECT);
      assertThat(farewell.at(0)).isEqualTo((byte) Reason.NOT_AUTHORIZED.code() & 0xFF);
    }
    assertThat(EVENTS).anyMatch(event -> event.type() == EventType.PUBLISH_DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "$aws/#", "devices/+/telemetry", "$aws/service/+/accepted"})
  void subscribesToNothingElse(String filter) throws Exception {
    try (var client = connected("listens")) {
      var codes = client.subscribe(filter).body();

      assertThat(codes[codes.length - 1]).isEqualTo((byte) Reason.NOT_AUTHORIZED.code());
    }
  }

  @Test
  void leavesNoWillAndNothingRetained() throws Exception {
    try (var client = client("will")) {
      assertThat(client.connect(new Connect("c").will(ASK, "x", 0, false)).at(1)).isNotZero();
    }
    try (var client = connected("retains")) {
      client.publish(ASK, "x".getBytes(StandardCharsets.UTF_8), 1, true, 7);
      assertThat(client.receive().type()).isEqualTo(PacketType.DISCONNECT);
    }
    try (var client = connected("exactly")) {
      client.publish(ASK, "x".getBytes(StandardCharsets.UTF_8), 2, false, 7);
      assertThat(client.receive().type()).isEqualTo(PacketType.DISCONNECT);
    }
  }

  @Test
  void whoMayNothingIsNotLetIn() throws Exception {
    try (var client = client("nobody")) {
      assertThat(client.connect("unwelcome").at(1)).isNotZero();
    }
    try (var client = client("long")) {
      assertThat(client.connect("x".repeat(129)).at(1)).isNotZero();
    }
  }

  @Test
  void itsRequestsConnectionsAndSizesAreBounded() throws Exception {
    try (var client = connected("often")) {
      for (int i = 1; i <= TopicSettings.DEFAULTS.requestsMax(); i++) {
        client.publish(ASK, "x".getBytes(StandardCharsets.UTF_8), 1, false, i);
        assertThat(client.receive().type()).isEqualTo(PacketType.PUBACK);
      }
      client.publish(ASK, "x".getBytes(StandardCharsets.UTF_8), 1, false, 99);
      assertThat(client.receive().at(0)).isEqualTo(Reason.QUOTA_EXCEEDED.code());
    }
    var same = claim("crowd").sslContext();
    try (var one = MqttClient.v5(same, gateway.port());
        var two = MqttClient.v5(same, gateway.port());
        var three = MqttClient.v5(same, gateway.port())) {
      assertThat(one.connect("a").at(1)).isZero();
      assertThat(two.connect("b").at(1)).isZero();
      assertThat(three.connect("c").at(1)).isNotZero();
    }
    try (var client = connected("large")) {
      client.publish(ASK, new byte[TopicSettings.PACKET_MAX], 1, false, 1);
      assertThat(client.receive().at(0)).isEqualTo(Reason.PACKET_TOO_LARGE.code());
    }
  }

  @Test
  void anotherAuthorityIntroducesNobodyHere() {
    var foreign = ca.fromOtherCa("x");

    assertThatThrownBy(() -> MqttClient.v5(foreign.sslContext(), gateway.port()).connect("x"))
        .isInstanceOf(IOException.class);
  }
}
