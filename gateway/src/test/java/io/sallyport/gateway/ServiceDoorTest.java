package io.sallyport.gateway;

import static io.sallyport.gateway.TestGate.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.exchange.Ended;
import io.sallyport.exchange.Exchange;
import io.sallyport.exchange.ExchangeStatistics;
import io.sallyport.exchange.Opening;
import io.sallyport.exchange.Outlet;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.gateway.connection.TrustedService;
import io.sallyport.gateway.service.Inbox;
import io.sallyport.gateway.service.ServiceDoor;
import io.sallyport.gateway.service.ServiceTerms;
import io.sallyport.gateway.trust.TrustedPrincipal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's own client: what it may is decided like everybody's, and it comes back. */
@SuppressWarnings("NullAway.Init")
class ServiceDoorTest {
  private static final PrincipalId SERVICES = new PrincipalId("sallyport-services");
  private static final String UPDATE = "$aws/things/lamp/shadow/update";

  private TestGate gate;
  private final Queue<Taken> taken = new ConcurrentLinkedQueue<>();

  private record Taken(String topic, String payload, Runnable done) {}

  @BeforeEach
  void open(@TempDir Path directory) {
    gate = TestGate.open(directory);
    trust(Standing.ACTIVE, defaults());
  }

  @AfterEach
  void close() {
    gate.close();
  }

  private static PolicySet defaults() {
    return PolicySet.of(
        List.of(new PolicyVersion(DefaultPolicies.SERVICES, 1, DefaultPolicies.services())));
  }

  private void trust(Standing standing, PolicySet policies) {
    gate.trust.put(
        new TrustedPrincipal(
            SERVICES, PrincipalKind.BACKEND, standing, Set.of(), policies, null, Map.of()));
  }

  private ServiceDoor door(Inbox inbox) {
    return door(inbox, gate.exchange);
  }

  private ServiceDoor door(Inbox inbox, Exchange exchange) {
    var door =
        new ServiceDoor(
            exchange,
            new ServiceTerms(
                SERVICES,
                SERVICES.value(),
                "sallyport",
                List.of("$aws/things/+/shadow/update"),
                60),
            new TrustedService(gate.trust, gate.events::add, InstantSource.system()),
            inbox);
    door.begin();
    return door;
  }

  private void keep(String topic, byte[] payload, Runnable done) {
    taken.add(new Taken(topic, new String(payload, StandardCharsets.UTF_8), done));
  }

  private void standing(ServiceDoor door) {
    eventually(door::isConnected, () -> "connected: " + gate.events);
  }

  private Taken next() {
    eventually(() -> !taken.isEmpty(), () -> "a request: " + gate.events);
    return taken.remove();
  }

  @Test
  void aDeviceAsksAndIsAnswered() throws Exception {
    try (var door = door(this::keep);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      assertThat(device.subscribe("$aws/things/lamp/shadow/update/accepted").at(-1)).isLessThan(3);
      device.publish(UPDATE, "{}");
      var request = next();
      assertThat(request.topic()).isEqualTo(UPDATE);
      assertThat(request.payload()).isEqualTo("{}");
      request.done().run();
      door.publish(UPDATE + "/accepted", "yes".getBytes(StandardCharsets.UTF_8))
          .get(10, TimeUnit.SECONDS);
      assertThat(device.receive().text()).endsWith("yes");
      eventually(() -> door.counters().published() == 1, () -> "" + door.counters());
      assertThat(door.counters().received()).isOne();
      assertThat(door.counters().waiting()).isZero();
    }
  }

  @Test
  void whatWasNotDealtWithComesAgainAndWhatWasAskedMeanwhileWaits() throws Exception {
    try (var device = gate.connected("lamp", gate.device("lamp"))) {
      try (var door = door(this::keep)) {
        standing(door);
        device.publish(UPDATE, "first".getBytes(StandardCharsets.UTF_8), 1, false, 1);
        device.receive();
        assertThat(next().payload()).isEqualTo("first");
      }
      device.publish(UPDATE, "second".getBytes(StandardCharsets.UTF_8), 1, false, 2);
      device.receive();
      try (var door = door(this::keep)) {
        standing(door);
        assertThat(next().payload()).isEqualTo("first");
        assertThat(next().payload()).isEqualTo("second");
      }
    }
  }

  @Test
  void itMayOnlyWhatItsPolicyAllows() {
    try (var door = door(this::keep)) {
      standing(door);
      assertThatThrownBy(
              () -> door.publish("devices/lamp/telemetry", new byte[1]).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("policy of the device services does not allow it");
      gate.expectEvent(EventType.PUBLISH_DENIED, "devices/lamp/telemetry");
    }
  }

  @Test
  void whoTakesItsRightsAwayEndsIt() throws IOException {
    try (var door = door(this::keep);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      trust(Standing.QUARANTINED, defaults());
      eventually(() -> !door.isConnected(), () -> "gone");
      assertThat(door.publish(UPDATE + "/accepted", new byte[1]))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("not connected");
      device.publish(UPDATE, "meanwhile".getBytes(StandardCharsets.UTF_8), 1, false, 1);
      trust(Standing.ACTIVE, defaults());
      // It had a session, which waited as anybody's does.
      assertThat(next().payload()).isEqualTo("meanwhile");
    }
  }

  @Test
  void aPolicyThatLetsItHearNothingIsToldAndKeepsIt() throws IOException {
    trust(
        Standing.ACTIVE,
        TestGate.parsed(TestGate.statement("Allow", List.of("iot:Connect", "iot:Publish"), "*")));
    try (var door = door(this::keep);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      gate.expectEvent(EventType.SUBSCRIBE_DENIED, "sallyport");
      device.publish(UPDATE, "unheard".getBytes(StandardCharsets.UTF_8), 1, false, 1);
      assertThat(device.receive().type()).isEqualTo(4);
      trust(Standing.ACTIVE, defaults());
      eventually(
          () -> {
            try {
              device.publish(UPDATE, "heard");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
            return !taken.isEmpty();
          },
          () -> "heard");
      assertThat(next().payload()).isEqualTo("heard");
    }
  }

  @Test
  void itComesBackWhenItsSessionIsEnded() throws IOException {
    try (var door = door(this::keep);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      gate.exchange.end(SERVICES, Reason.ADMINISTRATIVE_ACTION);
      eventually(door::isConnected, () -> "back");
      eventually(
          () -> {
            try {
              device.publish(UPDATE, "again");
            } catch (IOException e) {
              throw new AssertionError(e);
            }
            return !taken.isEmpty();
          },
          () -> "heard again");
    }
  }

  @Test
  void itComesBackWhenTheExchangeBreaksAtItsOpening() throws IOException {
    var broken = new BrokenAtFirst(gate.exchange);
    try (var door = door(this::keep, broken);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      assertThat(broken.openings).hasValueGreaterThan(1);
      device.publish(UPDATE, "heard");
      assertThat(next().payload()).isEqualTo("heard");
    }
  }

  @Test
  void whatIsNotDealtWithIsBounded() throws IOException {
    try (var door = door(this::keep);
        var device = gate.connected("lamp", gate.device("lamp"))) {
      standing(door);
      int most = ServiceTerms.UNANSWERED_MAX;
      for (int i = 0; i < 3 * most; i++) {
        device.publish(UPDATE, "n");
      }
      device.ping();
      eventually(() -> taken.size() >= most, () -> "taken " + taken.size());
      // The exchange looks between batches whether there is room.
      assertThat(taken.size()).isLessThanOrEqualTo(most + 256);
      taken.forEach(one -> one.done().run());
    }
  }

  @Test
  void whatWaitsToBeSentIsBounded() {
    trust(Standing.QUARANTINED, defaults());
    try (var door = door(this::keep)) {
      var large = new byte[(int) (ServiceTerms.WAITING_BYTES_MAX + 1)];
      assertThat(door.publish(UPDATE + "/accepted", large))
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("too much waits");
      assertThat(door.counters().failed()).isOne();
      assertThat(door.counters().waiting()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$aws/things/lamp/shadow/update/accepted",
        "$aws/things/lamp/shadow/update/delta",
        "$aws/things/lamp/shadow/name/n/update/documents",
        "$aws/things/lamp/jobs/notify-next",
        "$aws/things/lamp/jobs/notify",
        "$aws/things/lamp/jobs/get/rejected",
        "$aws/events/presence/connected/lamp",
        "$aws/commands/things/lamp/executions/1/request/json",
        "$aws/commands/things/lamp/executions/1/response/json/accepted"
      })
  void nobodyPassesOffAnAnswerAsTheServers(String topic) throws IOException {
    try (var client = gate.connected("strong", gate.powerful("strong"))) {
      client.publish(topic, "forged".getBytes(StandardCharsets.UTF_8), 1, false, 1);
      assertThat(client.receive().text()).contains("not authorized");
      gate.expectEvent(EventType.PUBLISH_DENIED, "reserved for the server");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$aws/things/lamp/shadow/name/accepted/get",
        "$aws/things/lamp/jobs/notify/update",
        "$aws/commands/things/lamp/executions/1/response/json",
        "$aws/commands/things/lamp/executions/1/response"
      })
  void requestsAreNobodysButTheDevices(String topic) throws IOException {
    try (var client = gate.connected("strong", gate.powerful("strong"))) {
      client.publish(topic, "asked".getBytes(StandardCharsets.UTF_8), 1, false, 1);
      var answer = client.receive();
      assertThat(answer.type()).isEqualTo(4);
      assertThat(answer.text()).doesNotContain("not authorized");
    }
  }

  @Test
  void comingAndGoingIsTold() throws IOException {
    var told = new ConcurrentLinkedQueue<String>();
    gate.gateway.tellDepartures((who, why) -> told.add(who.clientId() + " " + why));
    try (var client = gate.connected("polite", gate.device("polite"))) {
      client.packet(0xE0, new MqttClient.Bytes().done());
    }
    gate.connected("rude", gate.device("rude")).close();
    try (var device = gate.connected("revoked", gate.device("revoked"))) {
      gate.gateway.cut(new PrincipalId("revoked"), Reason.ADMINISTRATIVE_ACTION);
      assertThat(device.receive().type()).isEqualTo(14);
    }
    eventually(() -> told.size() == 3, told::toString);
    assertThat(told)
        .containsExactlyInAnyOrder(
            "polite DISCONNECT", "rude connection lost", "revoked ADMINISTRATIVE_ACTION");
  }

  /** An exchange that fails, by nothing that anybody foresaw, when it is first asked. */
  private record BrokenAtFirst(Exchange exchange, AtomicInteger openings) implements Exchange {
    BrokenAtFirst(Exchange exchange) {
      this(exchange, new AtomicInteger());
    }

    @Override
    public Session open(Opening opening, Outlet outlet) {
      if (openings.getAndIncrement() == 0) {
        throw new IllegalStateException("broken");
      }
      return exchange.open(opening, outlet);
    }

    @Override
    public Ended end(PrincipalId principal, Reason reason) {
      return exchange.end(principal, reason);
    }

    @Override
    public ExchangeStatistics statistics() {
      return exchange.statistics();
    }

    @Override
    public void close() {
      exchange.close();
    }
  }
}
