package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.connection.ConnectionSettings;
import io.sallyport.gateway.connection.MqttLimits;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How connections end: by silence, by a bound, by a change of trust, by a cut. */
@Timeout(60)
final class LifecycleTest {
  private static final int PUBLISH = 3;
  private static final int DISCONNECT = 14;

  @TempDir Path directory;

  private TestGate gate(UnaryOperator<GatewayConfiguration> changes) {
    return TestGate.open(directory, changes);
  }

  private TestGate gate() {
    return TestGate.open(directory);
  }

  private static void expectFarewell(MqttClient client, int reason) throws IOException {
    var farewell = client.receive();
    while (farewell.type() == PUBLISH) {
      farewell = client.receive();
    }
    assertThat(farewell.type()).isEqualTo(DISCONNECT);
    assertThat(farewell.at(0)).isEqualTo(reason);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void silenceBeforeConnect() throws IOException {
    var brief = ConnectionSettings.DEFAULTS.withConnectTimeout(Duration.ofMillis(300));
    try (var gate = gate(c -> c.withConnections(brief));
        var client = gate.v5(gate.device("mute"))) {
      assertThat(client.isEnded()).isTrue();
      assertThat(gate.gateway.statistics().timedOut()).isEqualTo(1);
    }
  }

  @Test
  void silenceBeyondOneAndAHalfKeepAlives() throws IOException {
    try (var gate = gate();
        var client = gate.v5(gate.device("sleepy"))) {
      client.connect(new Connect("sleepy").keepAlive(1));
      long start = System.nanoTime();
      client.ping();
      expectFarewell(client, 0x8D);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1_400), Duration.ofSeconds(4));
    }
  }

  @Test
  void silenceOfAClientWithoutKeepAlive() throws IOException {
    var impatient = MqttLimits.DEFAULTS.withIdleMax(Duration.ofMillis(500));
    try (var gate = gate(c -> c.withMqtt(impatient));
        var client = gate.v3(gate.device("idle"))) {
      client.connect("idle");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void moreConnectionsThanTheBound() throws IOException {
    var small = ConnectionSettings.DEFAULTS.withConnectionsMax(2, 16);
    try (var gate = gate(c -> c.withConnections(small));
        var one = gate.connected("one", gate.device("one"));
        var two = gate.connected("two", gate.device("two"));
        var three = raw(gate)) {
      assertThat(three.getInputStream().read()).isNegative();
      assertThat(gate.gateway.statistics().refusedFull()).isEqualTo(1);
      one.disconnect();
      TestGate.eventually(() -> gate.gateway.statistics().connections() == 1, () -> "one left");
      gate.connected("four", gate.device("four")).close();
      assertThat(two.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void moreHandshakesThanTheBound() throws IOException {
    try (var gate = gate(c -> c.withTls(TlsSettings.DEFAULTS.withHandshakesMax(1)));
        var held = raw(gate)) {
      TestGate.eventually(() -> gate.gateway.statistics().handshaking() == 1, () -> "held");
      try (var second = raw(gate)) {
        assertThat(second.getInputStream().read()).isNegative();
      }
      held.shutdownOutput();
      TestGate.eventually(() -> gate.gateway.statistics().handshaking() == 0, () -> "gone");
      gate.connected("next", gate.device("next")).close();
    }
  }

  @Test
  void moreConnectionsOfOnePrincipalThanTheBound() throws IOException {
    var lonely =
        ConnectionSettings.DEFAULTS.withConnectionsMax(100, 1).withSeveralConnections(true);
    try (var gate = gate(c -> c.withConnections(lonely))) {
      var device = gate.device("many");
      try (var first = gate.connected("many:1", device);
          var second = gate.v5(device)) {
        assertThat(second.isEnded()).isTrue();
        assertThat(first.ping().type()).isEqualTo(13);
      }
    }
  }

  @Test
  void moreUnfinishedPublicationsThanTheReceiveMaximum() throws IOException {
    var two = MqttLimits.DEFAULTS.withReceiveMaximum(2);
    try (var gate = gate(c -> c.withMqtt(two))) {
      var device = gate.powerful("pushy");
      try (var client = gate.connected("pushy", device)) {
        for (int id = 1; id <= 2; id++) {
          client.publish("t", new byte[1], 2, false, id);
          assertThat(client.receive().type()).isEqualTo(5);
        }
        client.packet(0x62, new byte[] {0, 1});
        assertThat(client.receive().type()).isEqualTo(7);
        client.publish("t", new byte[1], 2, false, 3);
        assertThat(client.receive().type()).isEqualTo(5);
        client.publish("t", new byte[1], 2, false, 4);
        expectFarewell(client, 0x93);
      }
    }
  }

  /** Beyond the bound comes what the socket's read buffer held already, and no more. */
  @Test
  void moreUnansweredBytesThanTheBound() throws IOException, InterruptedException {
    int bound = 256 << 10;
    int size = 4 << 10;
    int publications = 900;
    var answers = new WithheldAnswers();
    var settings = ConnectionSettings.DEFAULTS.withUnansweredBytesMax(bound);
    try (var gate = TestGate.open(directory, c -> c.withConnections(settings), answers::of)) {
      var other = gate.powerful("other");
      try (var client = gate.connected("heavy", gate.powerful("heavy"));
          var neighbour = gate.connected("other", other)) {
        var writer = Thread.ofPlatform().start(() -> publish(client, publications, size));
        TestGate.eventually(
            () -> gate.gateway.statistics().published() >= bound / size, () -> "the bound");
        for (int i = 0; i < 20; i++) {
          // Whoever keeps within it is served meanwhile.
          assertThat(neighbour.ping().type()).isEqualTo(13);
          Thread.sleep(10);
        }
        assertThat(gate.gateway.statistics().published() * size).isLessThan(bound + (128L << 10));

        answers.release();
        for (int id = 1; id <= publications; id++) {
          assertThat(client.receive().u16(0)).isEqualTo(id);
        }
        writer.join();
      }
    }
  }

  private static void publish(MqttClient client, int publications, int size) {
    try {
      for (int id = 1; id <= publications; id++) {
        client.publish("t", new byte[size], 1, false, id);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void messageLargerThanTheClientTakes() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("small");
      try (var client = gate.v5(device)) {
        client.connect(new Connect("small").properties(new Bytes().u8(0x27).u32(100).done()));
        client.subscribe("t");
        client.publish("t", "x".repeat(200));
        client.publish("t", "fits");
        assertThat(client.receive().text()).endsWith("fits");
      }
    }
  }

  @Test
  void messageExpiryIsCountedDown() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("fresh");
      try (var client = gate.connected("fresh", device)) {
        client.subscribe("t");
        client.packet(0x30, new Bytes().string("t").u8(5).u8(2).u32(100).raw((byte) 'x').done());
        var delivery = client.receive();
        assertThat(delivery.at(3)).isEqualTo(5);
        assertThat(delivery.at(4)).isEqualTo(2);
        assertThat(delivery.u16(7)).isBetween(98, 100);
      }
    }
  }

  @Test
  void cutEndsEverythingOfOnePrincipalAndItsWillIsNotPublished() throws IOException {
    var several = ConnectionSettings.DEFAULTS.withSeveralConnections(true);
    try (var gate = gate(c -> c.withConnections(several))) {
      var device = gate.powerful("cut");
      var other = gate.powerful("other");
      try (var watching = gate.connected("other", other);
          var first = gate.v5(device);
          var second = gate.connected("cut:2", device);
          var third = gate.v5(device)) {
        watching.subscribe("wills");
        first.connect(new Connect("cut:1").will("wills", "x", 0, false));
        gate.put("cut", device, Standing.REVOKED, TestGate.allowing("iot:*"));
        var cut = gate.gateway.cut(new PrincipalId("cut"), Reason.ADMINISTRATIVE_ACTION);
        assertThat(cut.connections()).isEqualTo(3);
        assertThat(cut.stillOpen()).isZero();
        expectFarewell(first, 0x98);
        expectFarewell(second, 0x98);
        assertThat(third.isEnded()).isTrue();
        assertThat(watching.ping().type()).isEqualTo(13);
      }
      assertThat(gate.gateway.connections(new PrincipalId("cut"))).isEmpty();
      assertThat(
              gate.gateway.cut(new PrincipalId("cut"), Reason.ADMINISTRATIVE_ACTION).connections())
          .isZero();
    }
  }

  @Test
  void cutDoesNotWaitForAClientThatDoesNotRead() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("stuck");
      var talker = gate.powerful("talker");
      try (var stuck = gate.connected("stuck", device);
          var talking = gate.connected("talker", talker)) {
        stuck.subscribe("flood");
        flood(talking, "flood", 500);
        var cut = gate.gateway.cut(new PrincipalId("stuck"), Reason.ADMINISTRATIVE_ACTION);
        assertThat(cut.stillOpen()).isZero();
        assertThat(Duration.ofNanos(cut.nanos())).isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  @Test
  void quarantineEndsALiveConnection() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("sick");
      try (var client = gate.connected("sick", device)) {
        gate.put("sick", device, Standing.QUARANTINED, TestGate.allowing("iot:*"));
        gate.gateway.trustChanged(new PrincipalId("sick"));
        expectFarewell(client, 0x98);
      }
    }
  }

  @Test
  void certificateThatIsNoLongerActiveEndsALiveConnection() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("rotated");
      try (var client = gate.connected("rotated", device)) {
        var next = gate.ca.device("rotated");
        gate.put("rotated", next, Standing.ACTIVE, TestGate.allowing("iot:*"));
        gate.gateway.trustChanged(new PrincipalId("rotated"));
        expectFarewell(client, 0x87);
      }
    }
  }

  @Test
  void policyWithoutConnectEndsALiveConnection() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("demoted");
      try (var client = gate.connected("demoted", device)) {
        gate.put("demoted", device, Standing.ACTIVE, TestGate.allowing("iot:Publish"));
        gate.gateway.trustChanged(new PrincipalId("demoted"));
        expectFarewell(client, 0x87);
      }
    }
  }

  @Test
  void changedPolicyTakesSubscriptionsAndRightsAtOnce() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("narrowed");
      try (var client = gate.connected("narrowed", device);
          var talking = gate.connected("talker", gate.powerful("talker"))) {
        client.subscribe("wide/#", "narrow");
        gate.put(
            "narrowed",
            device,
            Standing.ACTIVE,
            TestGate.parsed(
                TestGate.statement("Allow", List.of("iot:Connect", "iot:Receive"), "*"),
                TestGate.statement(
                    "Allow", List.of("iot:Subscribe"), "arn:aws:iot:*:*:topicfilter/narrow")));
        gate.gateway.trustChanged(new PrincipalId("narrowed"));
        gate.expectEvent(
            EventType.SUBSCRIBE_DENIED,
            "filter=wide/#, reason=no statement allows it, removed=true");
        talking.publishAcknowledged("wide/1", "gone");
        talking.publishAcknowledged("narrow", "kept");
        assertThat(client.receive().text()).endsWith("kept");
        assertThat(client.publishAcknowledged("wide/1", "x").at(2)).isEqualTo(0x87);
      }
    }
  }

  @Test
  void slowReaderNeitherGrowsMemoryNorSlowsOthers() throws IOException {
    try (var gate = gate()) {
      var slow = gate.powerful("slow");
      var quick = gate.powerful("quick");
      try (var sleeping = gate.connected("slow", slow);
          var reading = gate.connected("quick", quick);
          var talking = gate.connected("talker", gate.powerful("talker"))) {
        sleeping.subscribe("flood");
        reading.subscribe("flood");
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        var received = new Thread(() -> drain(reading, 3_000));
        received.start();
        flood(talking, "flood", 3_000);
        received.join(30_000);
        assertThat(received.isAlive()).as("the other still waits").isFalse();
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
            .isLessThan(24L << 20);
        assertThat(gate.exchange.statistics().droppedQueueFull()).isPositive();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void drain(MqttClient client, int messages) {
    try {
      client.patience(Duration.ofSeconds(5));
      for (int i = 0; i < messages; i++) {
        client.receive();
      }
    } catch (IOException e) {
      // Fewer came, because a queue was full: what matters is that they did not stall.
    }
  }

  private static void flood(MqttClient client, String topic, int messages) throws IOException {
    var payload = new byte[10 << 10];
    for (int i = 0; i < messages; i++) {
      client.publish(topic, payload, 0, false, 0);
    }
    client.ping();
  }

  @Test
  void clientThatNeverReadsItsAcknowledgementsIsNotReadFrom() throws IOException {
    try (var gate = gate()) {
      var device = gate.powerful("greedy");
      try (var client = gate.connected("greedy", device)) {
        client.socket().setSoTimeout(500);
        var pings = new byte[64 << 10];
        for (int i = 0; i < pings.length; i += 2) {
          pings[i] = (byte) 0xC0;
        }
        var writer =
            new Thread(
                () -> {
                  try {
                    for (int i = 0; i < 1_000; i++) {
                      client.send(pings);
                    }
                  } catch (IOException e) {
                    // Closed below.
                  }
                });
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        writer.start();
        writer.join(3_000);
        assertThat(writer.isAlive()).as("64 MB of pings were not all taken").isTrue();
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
            .isLessThan(16L << 20);
        // The writer holds the JDK's socket: only the gate can end it.
        gate.gateway.cut(new PrincipalId("greedy"), Reason.ADMINISTRATIVE_ACTION);
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void closingTellsTheClients() throws IOException {
    var gate = gate();
    try (var client = gate.connected("last", gate.device("last"))) {
      gate.close();
      expectFarewell(client, 0x8B);
    }
  }

  @Test
  void portThatIsTakenIsSaid() throws IOException {
    try (var gate = gate()) {
      var other = directory.resolve("other");
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> TestGate.open(other, c -> c.withAddress("127.0.0.1", gate.port())))
          .isInstanceOf(GatewayUnavailable.class)
          .hasMessageContaining("port " + gate.port());
    }
  }

  @Test
  void noBufferIsLeftBehind() throws IOException {
    long before = activeBuffers();
    try (var gate = gate()) {
      var device = gate.powerful("busy");
      for (int i = 0; i < 5; i++) {
        var client = gate.connected("busy", device);
        client.subscribe("t", "t/#");
        client.publish("t", "x".repeat(5_000));
        client.receive();
        client.send((byte) 0x30, (byte) 0x7F, (byte) 0);
        if (i % 2 == 0) {
          client.drop();
        } else {
          client.send(new byte[130]);
          assertThat(client.receive().type()).isEqualTo(DISCONNECT);
          client.close();
        }
      }
      var clients = new ArrayList<MqttClient>();
      for (int i = 0; i < 3; i++) {
        clients.add(gate.connected("busy", device));
      }
      for (var client : clients) {
        client.close();
      }
      try (var plain = raw(gate)) {
        plain.getOutputStream().write(1);
        assertThat(plain.getInputStream().read()).isNegative();
      }
    }
    TestGate.eventually(
        () -> activeBuffers() <= before, () -> activeBuffers() + " buffers, not " + before);
  }

  private static long activeBuffers() {
    return PooledByteBufAllocator.DEFAULT.metric().directArenas().stream()
        .mapToLong(arena -> arena.numActiveAllocations())
        .sum();
  }

  private static Socket raw(TestGate gate) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), gate.port());
    socket.setSoTimeout(10_000);
    return socket;
  }
}
