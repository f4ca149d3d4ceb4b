package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.builtin.BuiltInExchange;
import io.sallyport.gateway.mqtt.PacketType;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.DeviceService;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicService.Trouble;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.gateway.trust.TrustState;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.ListenerRules;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SubscribeRule;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of devices that are let in, which the gate has answered itself. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class DeviceRequestTest {
  private static final String ASK = "$aws/certificates/create-from-csr/json";
  private static final String ACCEPTED = ASK + "/accepted";
  private static final String REJECTED = ASK + "/rejected";
  private static final byte NOT_AUTHORIZED = (byte) Reason.NOT_AUTHORIZED.code();
  private static final PolicySet ALL =
      TestGate.allowing("iot:Connect", "iot:Publish", "iot:Subscribe", "iot:Receive");

  @TempDir Path folder;
  private final List<SecurityEvent> events = new CopyOnWriteArrayList<>();
  private final List<VerifiedDevice> asked = new CopyOnWriteArrayList<>();
  private final TrustState trust = new TrustState(TrustAge.NONE);
  private final CountDownLatch held = new CountDownLatch(1);
  private TestCa ca;
  private BuiltInExchange exchange;
  private Gateway gateway;

  /** Answers with what it was asked; holds, fails or refuses when it is told to. */
  private final class Echo implements DeviceService {
    @Override
    public Reply answer(String source, VerifiedDevice device, String topic, byte[] payload) {
      asked.add(device);
      return switch (new String(payload, StandardCharsets.UTF_8)) {
        case "fail" -> throw new IllegalStateException("as the test wants it");
        case "no" -> new Reply(topic + "/rejected", payload);
        case "hold" -> {
          try {
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          yield new Reply(topic + "/accepted", payload);
        }
        default -> new Reply(topic + "/accepted", payload);
      };
    }

    @Override
    public Reply refusal(String topic, Trouble trouble) {
      return new Reply(topic + "/rejected", trouble.name().getBytes(StandardCharsets.UTF_8));
    }
  }

  @BeforeEach
  void open() {
    open(SubscribeRule.INCLUSIVE);
  }

  private void open(SubscribeRule rule) {
    ca = TestCa.create(Instant.now());
    var server = ca.server();
    gateway =
        new Gateway(
            TestGate.CONFIGURATION.withListeners(
                List.of(
                    new ListenerSettings(
                        new ListenerRules("test", Mode.STRICT, rule), "127.0.0.1", 0))),
            new ServerCredentials(server.privateKey(), server.chain()),
            new DeviceAnchors(List.of(ca.devices()), List.of(ca.root())),
            trust,
            events::add,
            InstantSource.system());
    exchange =
        new BuiltInExchange(
            folder, ExchangeLimits.DEFAULTS, gateway.authority(), InstantSource.system());
    gateway.serve(
        new DeviceDoor(new Grant(Set.of(ASK), Set.of(ACCEPTED, REJECTED, ASK + "/+")), new Echo()));
    gateway.start(exchange);
  }

  @AfterEach
  void close() {
    gateway.close();
    exchange.close();
  }

  private TestIdentity device(String id, PolicySet policies) {
    var device = ca.device(id);
    trust.put(
        new TrustedPrincipal(
            new PrincipalId(id),
            PrincipalKind.DEVICE,
            Standing.ACTIVE,
            Set.of(device.fingerprint()),
            policies,
            null,
            Map.of()));
    return device;
  }

  private MqttClient client(String id, PolicySet policies, int level) throws IOException {
    var device = device(id, policies);
    var client =
        level == 5
            ? MqttClient.v5(device.sslContext(), gateway.port())
            : MqttClient.v3(device.sslContext(), gateway.port());
    assertThat(client.connect(id).at(1)).isZero();
    return client;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void silent(MqttClient client) throws IOException {
    client.patience(Duration.ofMillis(300));
    assertThatThrownBy(client::receive).isInstanceOf(SocketTimeoutException.class);
    client.patience(Duration.ofSeconds(10));
  }

  private static void expectText(MqttClient.Packet packet, String topic, String text) {
    assertThat(packet.type()).as(packet::toString).isEqualTo(PacketType.PUBLISH);
    assertThat(packet.topic()).isEqualTo(topic);
    assertThat(new String(packet.body(), StandardCharsets.UTF_8)).endsWith(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void whoAsksIsAnsweredAndNobodyElseHearsOfIt(int level) throws IOException {
    try (var client = client("asks", ALL, level);
        var other = client("other", ALL, level);
        var watcher = client("watcher", ALL, level)) {
      assertThat(client.subscribe(ACCEPTED, "devices/x", REJECTED).body()).endsWith(0, 1, 0);
      assertThat(other.subscribe(ACCEPTED, REJECTED, ASK + "/+").body()).endsWith(0, 0, 0);
      watcher.subscribe("#", "$aws/#", "$aws/certificates/create-from-csr/+/+", ASK);
      client.publish(ASK, bytes("hello"), 1, false, 7);

      var acknowledged = client.receive();
      assertThat(acknowledged.type()).isEqualTo(PacketType.PUBACK);
      assertThat(acknowledged.u16(0)).isEqualTo(7);
      expectText(client.receive(), ACCEPTED, "hello");
      client.publish(ASK, bytes("no"), 0, false, 0);
      expectText(client.receive(), REJECTED, "no");
      silent(other);
      silent(watcher);
    }
    assertThat(asked).extracting(one -> one.id().value()).containsOnly("asks");
  }

  @Test
  void theFilterOfBothAnswersIsEnoughAndGoesWithItsIdentifier() throws IOException {
    try (var client = client("plus", ALL, 5)) {
      // A subscription identifier of 9 (MQTT 5, 3.8.2.1.2).
      client.packet(
          0x82, new Bytes().u16(1).varint(2).u8(0x0B).u8(9).string(ASK + "/+").u8(1).done());
      assertThat(client.receive().body()).endsWith(0);
      client.publish(ASK, bytes("hello"), 1, false, 7);
      client.receive();
      var answer = client.receive();
      expectText(answer, ACCEPTED, "hello");
      int properties = 2 + ACCEPTED.length();
      assertThat(answer.at(properties)).isEqualTo(2);
      assertThat(answer.at(properties + 1)).isEqualTo(0x0B);
      assertThat(answer.at(properties + 2)).isEqualTo(9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void nothingIsDoneThatItsSenderWouldNotHear(int level) throws IOException {
    try (var client = client("deaf", ALL, level)) {
      client.publish(ASK, bytes("hello"), 1, false, 7);
      var acknowledged = client.receive();
      assertThat(acknowledged.type()).isEqualTo(PacketType.PUBACK);
      if (level == 5) {
        assertThat(acknowledged.at(2)).isEqualTo(Reason.NO_MATCHING_SUBSCRIBERS.code());
      }
      client.subscribe(ACCEPTED);
      client.packet(0xA2, unsubscribe(level, ACCEPTED));
      assertThat(client.receive().type()).isEqualTo(PacketType.UNSUBACK);
      client.publish(ASK, bytes("hello"), 0, false, 0);
      assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
    }
    assertThat(asked).isEmpty();
  }

  private static byte[] unsubscribe(int level, String filter) {
    var bytes = new Bytes().u16(3);
    return (level == 5 ? bytes.varint(0) : bytes).string(filter).done();
  }

  @Test
  void unsubscribingTellsWhetherThereWasOne() throws IOException {
    try (var client = client("leaves", ALL, 5)) {
      client.subscribe(ACCEPTED);
      client.packet(0xA2, unsubscribe(5, ACCEPTED));
      assertThat(client.receive().body()).endsWith(Reason.SUCCESS.code());
      client.packet(0xA2, unsubscribe(5, ACCEPTED));
      assertThat(client.receive().body()).endsWith(Reason.NO_SUBSCRIPTION_EXISTED.code());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itsPolicyDecidesRequestAnswerAndSubscription(boolean literal) throws IOException {
    if (literal) {
      close();
      open(SubscribeRule.LITERAL);
    }
    var mute = TestGate.allowing("iot:Connect", "iot:Subscribe", "iot:Receive");
    try (var client = client("mute", mute, 5)) {
      client.subscribe(ACCEPTED);
      client.publish(ASK, bytes("hello"), 1, false, 7);
      assertThat(client.receive().at(2)).isEqualTo(Reason.NOT_AUTHORIZED.code());
    }
    var blind = TestGate.allowing("iot:Connect", "iot:Publish", "iot:Receive");
    try (var client = client("blind", blind, 5)) {
      assertThat(client.subscribe(ACCEPTED).body()).endsWith(NOT_AUTHORIZED);
    }
    var deaf = TestGate.allowing("iot:Connect", "iot:Publish", "iot:Subscribe");
    try (var client = client("deaf", deaf, 5)) {
      assertThat(client.subscribe(ACCEPTED).body()).endsWith(literal ? 0 : NOT_AUTHORIZED);
      client.publish(ASK, bytes("hello"), 1, false, 7);
      assertThat(client.receive().at(2)).isEqualTo(Reason.NO_MATCHING_SUBSCRIBERS.code());
      silent(client);
    }
    assertThat(asked).isEmpty();
    var type = literal ? EventType.RECEIVE_DENIED : EventType.SUBSCRIBE_DENIED;
    TestGate.eventually(
        () ->
            events.stream()
                .anyMatch(event -> event.type() == type && event.subject().equals("deaf")),
        events::toString);
  }

  @Test
  void whatAPolicyTakesAwayMeanwhileIsNotHeard() throws IOException {
    try (var client = client("changes", ALL, 5)) {
      client.subscribe(ACCEPTED);
      var current = Objects.requireNonNull(trust.find(new PrincipalId("changes")));
      trust.put(
          new TrustedPrincipal(
              current.id(),
              current.kind(),
              current.standing(),
              current.activeCertificates(),
              TestGate.allowing("iot:Connect", "iot:Publish", "iot:Receive"),
              null,
              Map.of()));
      gateway.trustChanged(current.id());
      // A loop reads before it takes its tasks.
      assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
      client.publish(ASK, bytes("hello"), 1, false, 7);
      assertThat(client.receive().at(2)).isEqualTo(Reason.NO_MATCHING_SUBSCRIBERS.code());
    }
    assertThat(asked).isEmpty();
  }

  /** The answers of others cannot be forged, and nothing else may be asked for. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ACCEPTED,
        REJECTED,
        "$aws/certificates",
        "$aws/certificates/create/json",
        "$aws/certificates/create-from-csr/cbor/accepted",
        "$aws/certificates/x"
      })
  void theRestIsReserved(String topic) throws IOException {
    try (var client = client("forges", ALL, 5);
        var victim = client("victim", ALL, 5)) {
      victim.subscribe(ACCEPTED, REJECTED, topic);
      client.publish(topic, bytes("{}"), 1, false, 7);
      assertThat(client.receive().at(2)).isEqualTo(Reason.NOT_AUTHORIZED.code());
      silent(victim);
    }
    assertThat(events)
        .anyMatch(
            event ->
                event.type() == EventType.PUBLISH_DENIED
                    && event.toString().contains("reserved for the server"));
    try (var client = MqttClient.v5(device("dies", ALL).sslContext(), gateway.port())) {
      assertThat(client.connect(new Connect("dies").will(topic, "{}", 0, false)).at(1)).isNotZero();
    }
  }

  @Test
  void aRequestIsNeitherRetainedNorAWillNorSentExactlyOnce() throws IOException {
    try (var client = client("odd", ALL, 5)) {
      client.subscribe(ACCEPTED);
      client.publish(ASK, bytes("x"), 1, true, 7);
      assertThat(client.receive().at(2)).isEqualTo(Reason.NOT_AUTHORIZED.code());
      client.publish(ASK, bytes("x"), 2, false, 8);
      var received = client.receive();
      assertThat(received.type()).isEqualTo(PacketType.PUBREC);
      assertThat(received.at(2)).isEqualTo(Reason.NOT_AUTHORIZED.code());
    }
    try (var client = MqttClient.v5(device("dies", ALL).sslContext(), gateway.port())) {
      assertThat(client.connect(new Connect("dies").will(ASK, "{}", 0, false)).at(1)).isNotZero();
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aServiceThatFailsSaysSo() throws IOException {
    try (var client = client("fails", ALL, 5)) {
      client.subscribe(ASK + "/+");
      client.publish(ASK, bytes("fail"), 1, false, 7);
      assertThat(client.receive().type()).isEqualTo(PacketType.PUBACK);
      expectText(client.receive(), REJECTED, "BROKEN");
    }
  }

  @Test
  void oneIsWorkedOnAtATimeAndTheSessionGoesOnMeanwhile() throws IOException {
    try (var client = client("waits", ALL, 5)) {
      client.subscribe(ASK + "/+");
      client.publish(ASK, bytes("hold"), 1, false, 7);
      client.publish(ASK, bytes("second"), 1, false, 8);
      assertThat(client.receive().u16(0)).isEqualTo(8);
      expectText(client.receive(), REJECTED, "BUSY");
      assertThat(client.ping().type()).isEqualTo(PacketType.PINGRESP);
      held.countDown();
      assertThat(client.receive().u16(0)).isEqualTo(7);
      expectText(client.receive(), ACCEPTED, "hold");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void whoIsGoneBeforeTheAnswerHearsNothingAndBreaksNothing() throws IOException {
    try (var client = client("gone", ALL, 5)) {
      client.subscribe(ACCEPTED);
      client.publish(ASK, bytes("hold"), 1, false, 7);
      TestGate.eventually(() -> asked.size() == 1, asked::toString);
      client.drop();
    }
    held.countDown();
    try (var client = client("next", ALL, 5)) {
      client.subscribe(ACCEPTED);
      client.publish(ASK, bytes("hello"), 0, false, 0);
      expectText(client.receive(), ACCEPTED, "hello");
    }
  }

  @Test
  void requestsOfAMinuteAreBounded() throws IOException {
    try (var client = client("often", ALL, 5)) {
      client.subscribe(ASK + "/+");
      for (int number = 1; number <= DeviceDoor.REQUESTS_PER_MINUTE_MAX; number++) {
        client.publish(ASK, bytes("hello"), 0, false, 0);
        expectText(client.receive(), ACCEPTED, "hello");
      }
      client.publish(ASK, bytes("hello"), 0, false, 0);
      expectText(client.receive(), REJECTED, "BUSY");
    }
    assertThat(asked).hasSize(DeviceDoor.REQUESTS_PER_MINUTE_MAX);
  }

  @Test
  void subscriptionsLastAsLongAsTheConnection() throws IOException {
    var device = device("back", ALL);
    for (int coming = 0; coming < 2; coming++) {
      try (var client = MqttClient.v3(device.sslContext(), gateway.port())) {
        client.connect(new Connect("back").keepSession());
        if (coming == 0) {
          client.subscribe(ACCEPTED);
        }
        client.publish(ASK, bytes("hello"), 1, false, 7);
        assertThat(client.receive().type()).isEqualTo(PacketType.PUBACK);
      }
    }
    assertThat(asked).hasSize(1);
  }
}
