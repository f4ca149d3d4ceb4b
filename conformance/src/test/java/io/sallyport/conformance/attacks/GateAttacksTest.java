package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.OpensslSession;
import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.TestLeaf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who is refused by a running product, what it sees, and what the ledger says. The certificates are
 * signed by the installation's own devices CA and registered as active, so that each is wrong in
 * one thing only.
 */
@SuppressWarnings("NullAway.Init")
class GateAttacksTest {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String WILDCARDS = "+/#*";

  private static final List<String> FLEET =
      List.of(
          "expired",
          "too-early",
          "for-servers",
          "nothing-wrong",
          "honest",
          "large-4",
          "large-5",
          "noisy");

  @TempDir static Path folder;
  private static ProductProcess product;
  private static Ledger ledger;

  @BeforeAll
  static void startWithForgedCertificates() throws Exception {
    var configuration = folder.resolve("sallyport.yaml");
    Files.writeString(
        configuration, "mqtt:\n  handshake-timeout: " + HANDSHAKE_TIMEOUT.toSeconds() + "s\n");
    var data = folder.resolve("data");
    product = ProductProcess.start(data, "--config", configuration.toString());
    ledger = new Ledger(product);
    var fleet =
        Files.writeString(folder.resolve("fleet.csv"), "id\n" + String.join("\n", FLEET) + "\n");
    product
        .cli("device", "enroll", "--from", fleet.toString(), "--out", folder.toString())
        .expecting(0);
    product.stop();
    forge(StolenAuthority.of(data));
    product.restart();
  }

  private static void forge(StolenAuthority thief) throws Exception {
    var now = Instant.now();
    var day = Duration.ofDays(1);
    var forged =
        Map.of(
            "expired",
            thief.device("expired").forClients().valid(now.minus(YEAR), now.minus(day)),
            "too-early",
            thief.device("too-early").forClients().valid(now.plus(day), now.plus(YEAR)),
            "for-servers",
            thief.device("for-servers").forServers(),
            "nothing-wrong",
            thief.device("nothing-wrong").forClients());
    for (var one : forged.entrySet()) {
      var identity = one.getValue().sign();
      identity.writePem(folder.resolve(one.getKey()));
      thief.register(one.getKey(), identity);
    }
    // Nobody of that name can be enrolled, so the certificate is all there is of him.
    wildcards(thief).sign().writePem(folder.resolve("wildcards"));
  }

  private static TestLeaf wildcards(StolenAuthority thief) {
    return thief.device(WILDCARDS).forClients();
  }

  @AfterAll
  static void stop() {
    product.close();
  }

  /** Else all the others would be refused for being forged at all. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void certificateWithNothingWrong(String version) {
    Tool.need(Tool.OPENSSL);
    assertThat(talk("nothing-wrong", version)).endsWith("connack: accepted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void expiredCertificate(String version) {
    assertRefused("expired", 21, version, "certificate expired", "it has expired");
  }

  /** TLS has no alert of its own for those who come too early. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void certificateThatIsNotYetValid(String version) {
    assertRefused("too-early", 22, version, "certificate expired", "it is not valid yet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void certificateForServersOnly(String version) {
    assertRefused("for-servers", 23, version, "unsupported certificate", "lacks clientAuth");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void commonNameWithWildcardCharacters(String version) {
    assertRefused("wildcards", 24, version, "unsupported certificate", "is not an id");
  }

  @Test
  void halfAHandshakeHeldOpen() throws IOException {
    var held = new ArrayList<Socket>();
    try {
      var begun = System.nanoTime();
      for (var number = 0; number < 40; number++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), product.mqttPort());
        socket.setSoTimeout(20_000);
        if (number % 2 == 0) {
          socket.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1});
        }
        held.add(socket);
      }
      assertHonestIsServed();
      assertThat(since(begun)).as("others are served meanwhile").isLessThan(HANDSHAKE_TIMEOUT);
      for (var socket : held) {
        assertEnds(socket);
      }
      assertThat(since(begun))
          .isBetween(HANDSHAKE_TIMEOUT.minusMillis(200), HANDSHAKE_TIMEOUT.multipliedBy(3));
    } finally {
      for (var socket : held) {
        socket.close();
      }
    }
    ledger.expect("handshake-refused", "127.0.0.1", "timeout");
  }

  /** Its header alone is enough: nobody waits for what would never be taken. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void oversizedPacket(int level) throws IOException {
    var id = "large-" + level;
    try (var client = connected(id, level)) {
      client.send(new Bytes().u8(0x30).varint(256 << 10).raw(new byte[100]).done());
      if (level == 5) {
        var farewell = client.receive();
        assertThat(farewell.type()).isEqualTo(14);
        assertThat(farewell.at(0)).isEqualTo(0x95);
      }
      assertThat(client.isEnded()).isTrue();
    }
    ledger.expect("protocol-violation", id, "larger than is taken");
    assertHonestIsServed();
  }

  @Test
  void garbageAfterTheHandshake() throws IOException {
    var random = new SplittableRandom(11);
    for (var round = 0; round < 40; round++) {
      var garbage = new byte[random.nextInt(16, 2_000)];
      random.nextBytes(garbage);
      // A second byte like this ends the length there: what follows is all there is to read.
      garbage[1] = (byte) random.nextInt(1, 14);
      try (var client = round % 2 == 0 ? silent("noisy", 5) : connected("noisy", 5)) {
        // Reserved flags after CONNECT; before it, anything that is not one.
        garbage[0] = (byte) (round % 2 == 0 ? random.nextInt(0x20, 0x100) : 0x6F);
        client.send(garbage);
        assertEnds(client.socket());
      }
    }
    ledger.expect("protocol-violation", "noisy", "the first packet is not CONNECT");
    connected("noisy", 5).close();
    assertHonestIsServed();
  }

  /** From an address of its own, because equal refusals of one source are counted together. */
  private static void assertRefused(
      String id, int host, String version, String alert, String reason) {
    Tool.need(Tool.OPENSSL);
    var from = "127.0.0." + host;

    var said = talk(id, version + " -bind " + from + ":0");

    assertThat(said).contains("alert " + alert).endsWith("connack: refused");
    ledger.expect("handshake-refused", from, reason, "claimed");
  }

  private static String talk(String id, String options) {
    return OpensslSession.talk(endpoint(id), options + " -cert client.crt -key client.key").said();
  }

  private static Endpoint endpoint(String id) {
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, folder.resolve(id)));
  }

  private static void assertHonestIsServed() throws IOException {
    try (var client = connected("honest", 5)) {
      assertThat(client.publishAcknowledged("devices/honest/telemetry", "x").type()).isEqualTo(4);
    }
  }

  private static MqttClient silent(String id, int level) throws IOException {
    var tls = endpoint(id).bundle().identity().sslContext();
    return MqttClient.over(MqttClient.socket(tls, product.mqttPort()), level);
  }

  private static MqttClient connected(String id, int level) throws IOException {
    var client = silent(id, level);
    assertThat(client.connect(id).at(1)).isZero();
    return client;
  }

  /** With a last word or without one, within the patience of the socket. */
  private static void assertEnds(Socket socket) {
    try {
      assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the gate holds the connection open", e);
    } catch (IOException e) {
      // A reset is an end, too.
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
