package io.sallyport.conformance.neighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways and two brokers on hosts of their own, with a network between them that fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostsTest {
  private static final int UNAVAILABLE = 0x88;
  private static final String EVERYTHING =
      """
      {"Version": "2012-10-17",
       "Statement": [{"Effect": "Allow", "Action": ["iot:*"], "Resource": ["*"]}]}
      """;

  private Path folder = Path.of("");
  private Hosts hosts;
  private Postgres postgres;
  private final List<Program> brokers = new ArrayList<>();
  private ProductProcess a;
  private ProductProcess b;

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Tool.need(Tool.MOSQUITTO);
    hosts = Hosts.open(folder);
    postgres = Postgres.start(Hosts.DATABASE, Hosts.NETWORK + "0/24");
    for (int number = 1; number <= 2; number++) {
      brokers.add(broker("m" + number, 10 + number));
    }
    a = gateway("a", 21);
    Pair.joinFiles(folder.resolve("a"), folder.resolve("b"));
    b = gateway("b", 22);
    var policy = Files.writeString(folder.resolve("open.json"), EVERYTHING);
    a.cli("policy", "put", "open", policy.toString()).expecting(0);
  }

  private Program broker(String name, int address) throws IOException {
    var host = new ArrayList<>(hosts.add(name, address));
    var file =
        Files.writeString(
            folder.resolve(name + ".conf"),
            "listener 1883 0.0.0.0\nallow_anonymous true\nlog_type all\nuser %s\n"
                .formatted(System.getProperty("user.name")));
    host.addAll(List.of(Tool.MOSQUITTO.path().toString(), "-c", file.toString()));
    var broker = Program.start(folder, host);
    Patience.until(
        "a broker at " + address + ": " + broker, () -> isOpen(Hosts.NETWORK + address, 1883));
    return broker;
  }

  private ProductProcess gateway(String name, int address) throws IOException {
    var host = hosts.add(name, address);
    var yaml =
        """
        names: [localhost, %s]
        gateway: {name: gate-%s}
        database: {url: '%s', user: postgres}
        trust: {max-age: 5s, poll-interval: 500ms, confirm-timeout: 2s}
        upstream:
          address: tcp://%s11:1883,tcp://%s12:1883
          keep-alive: 2s
          connect-timeout: 1s
          retry-max: 1s
        """
            .formatted(Hosts.NETWORK + address, name, postgres.url(), Hosts.NETWORK, Hosts.NETWORK);
    var file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
    return ProductProcess.startOn(host, folder.resolve(name), "--config", file.toString());
  }

  @AfterAll
  void stop() {
    for (var product : new ProductProcess[] {b, a}) {
      if (product != null) {
        product.close();
      }
    }
    brokers.forEach(Program::close);
    if (postgres != null) {
      postgres.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  @Order(1)
  void aMessageGoesFromOneGatewayToTheOther() throws Exception {
    try (var reader = connected(22, device("reader"));
        var writer = connected(21, device("writer"))) {
      reader.subscribe("some/topic");
      writer.publishAcknowledged("some/topic", "hello");
      assertThat(reader.receive().text()).contains("hello");
    }
    assertThat(brokers.getFirst().err()).contains("as reader", "as writer");
  }

  @Test
  @Order(2)
  void aClientThatMovesToTheOtherGatewayIsTakenOver() throws Exception {
    var device = device("mover");
    try (var first = connected(21, device);
        var second = connected(22, device)) {
      // By us, or by the broker, whose reason is lost where it closes at once: then we are busy.
      assertThat(first.receive().at(0)).isIn(0x8E, 0x89);
      assertThat(first.isEnded()).isTrue();
      assertThat(second.ping().type()).isEqualTo(13);
    }
  }

  @Test
  @Order(3)
  void aGatewayThatIsCutOffFromTheDatabaseClosesAndTheOtherServesOn() throws Exception {
    var there = device("cut-off");
    var here = device("well");
    try (var lost = connected(22, there);
        var well = connected(21, here)) {
      hosts.partition("b", Hosts.DATABASE);
      try {
        lost.patience(Duration.ofSeconds(20));
        assertThat(lost.receive().at(0)).as("use another server").isEqualTo(0x9C);
        assertThat(answer(22, there)).isEqualTo(UNAVAILABLE);

        assertThat(well.publishAcknowledged("x/y", "z").type()).isEqualTo(4);
        var receipt = a.cli("device", "revoke", "cut-off").expecting(0).out();
        assertThat(receipt).contains("gate-b did not confirm");
        assertThat(answer(21, here)).as("as usual").isZero();
      } finally {
        hosts.heal("b", Hosts.DATABASE);
      }
    }
    Patience.until("its recovery", () -> answer(22, here) == 0);
    assertThat(answer(22, there)).as("revoked while it could not hear").isNotZero();
    new Ledger(b).expect("feed-lost", "gateway");
  }

  @Test
  @Order(4)
  void bothGoOnWithTheSecondBrokerWhenTheFirstOnesHostIsGone() throws Exception {
    var reader = device("reader-2");
    var writer = device("writer-2");
    try (var before = connected(21, reader)) {
      hosts.cable("m1", false);
      before.patience(Duration.ofSeconds(30));
      assertThat(before.receive().type()).as("told that the broker is gone").isEqualTo(14);
      assertThat(before.isEnded()).isTrue();
    }
    Patience.until("the way back", () -> answer(22, reader) == 0 && answer(21, writer) == 0);
    try (var listening = connected(22, reader);
        var speaking = connected(21, writer)) {
      listening.subscribe("after/failover");
      speaking.publishAcknowledged("after/failover", "still here");
      assertThat(listening.receive().text()).contains("still here");
    }
    assertThat(brokers.getLast().err()).contains("as reader-2", "as writer-2");
  }

  private Bundle device(String id) {
    var bundle = folder.resolve("device-" + id);
    a.cli("device", "enroll", id, "--policy", "open", "--bundle", bundle.toString()).expecting(0);
    return new Bundle(id, bundle);
  }

  private MqttClient connected(int gateway, Bundle device) throws IOException {
    var client = client(gateway, device);
    assertThat(client.connect(device.id()).at(1)).isZero();
    return client;
  }

  /** The reason of the CONNACK, or -1 where there was none. */
  private int answer(int gateway, Bundle device) {
    try (var client = client(gateway, device)) {
      return client.connect(device.id()).at(1);
    } catch (IOException e) {
      return -1;
    }
  }

  private MqttClient client(int gateway, Bundle device) throws IOException {
    var plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.ofLiteral(Hosts.DEVICES), 0));
    int port = (gateway == 21 ? a : b).mqttPort();
    plain.connect(new InetSocketAddress(Hosts.NETWORK + gateway, port), 5_000);
    var tls = device.identity().sslContext().getSocketFactory();
    return MqttClient.over((SSLSocket) tls.createSocket(plain, "localhost", port, true), 5);
  }

  private static boolean isOpen(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
