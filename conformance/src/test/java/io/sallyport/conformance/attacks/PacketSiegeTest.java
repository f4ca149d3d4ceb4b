package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What enrolled devices may send that no device should, and who is served meanwhile. */
@SuppressWarnings("NullAway.Init")
class PacketSiegeTest {
  @TempDir static Path folder;
  private static Besieged gate;

  @BeforeAll
  static void open() throws IOException {
    gate = Besieged.open(folder);
  }

  @AfterAll
  static void close() throws IOException {
    gate.close();
  }

  /** Sixteen types with every flag but those that they have, and with nothing in them but noise. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void malformedPacketsOfEveryType(int level) throws IOException {
    var identity = gate.identity(Besieged.CLUMSY);
    var random = new SplittableRandom(17);
    for (var type = 0; type < 16; type++) {
      for (var variant = 0; variant < 3; variant++) {
        var body = new byte[variant == 0 ? 0 : random.nextInt(1, 200)];
        random.nextBytes(body);
        var socket = MqttClient.socket(identity, gate.product().mqttPort());
        try (var client = MqttClient.over(socket, level)) {
          client.connect(Besieged.CLUMSY);
          client.packet(type << 4 | (variant == 2 ? random.nextInt(16) : 0), body);
          // Sixteen bytes that no packet begins with.
          client.send(new byte[16]);
          ends(socket, type);
        }
      }
    }
    gate.servesTheHonest(20);
    gate.staysWithinItsMemory();
  }

  @Test
  void bytesThatComeOneByOne() throws IOException {
    var identity = gate.identity(Besieged.CLUMSY);
    try (var wire = Wire.trickling(gate.product().mqttPort());
        var client = MqttClient.over(MqttClient.socket(identity, wire.port()), 5)) {
      assertThat(client.connect(Besieged.CLUMSY).at(1)).isZero();
      gate.servesTheHonest(20);
      for (var number = 0; number < 5; number++) {
        var topic = "devices/" + Besieged.CLUMSY + "/telemetry";
        assertThat(client.publishAcknowledged(topic, "x".repeat(200)).type()).isEqualTo(4);
      }
    }
    gate.staysWithinItsMemory();
  }

  /** In TLS 1.3 the JDK's sockets ask for new keys when they are told to shake hands again. */
  @Test
  void keyUpdatesWithoutEnd() throws IOException {
    var identity = gate.identity(Besieged.CLUMSY);
    var socket = MqttClient.socket(identity, gate.product().mqttPort());
    try (var client = MqttClient.over(socket, 5)) {
      assertThat(client.connect(Besieged.CLUMSY).at(1)).isZero();
      var updates = 0;
      try {
        while (updates < 2_000) {
          socket.startHandshake();
          updates++;
        }
        client.ping();
        assertThat(updates).as("key updates that were taken").isLessThan(2_000);
      } catch (IOException e) {
        assertThat(e).as("sent away, not forgotten").isNotInstanceOf(SocketTimeoutException.class);
      }
    }
    gate.servesTheHonest(20);
    gate.staysWithinItsMemory();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void hugeClientIds(int level) throws IOException {
    var identity = gate.identity(Besieged.CLUMSY);
    for (var number = 0; number < 40; number++) {
      var socket = MqttClient.socket(identity, gate.product().mqttPort());
      try (var client = MqttClient.over(socket, level)) {
        var connack = client.connect(new Connect("c".repeat(65_535)));
        assertThat(connack.type()).isEqualTo(2);
        assertThat(connack.at(1)).isEqualTo(level == 5 ? 0x85 : 0x02);
        assertThat(client.isEnded()).isTrue();
      }
    }
    gate.servesTheHonest(20);
    gate.staysWithinItsMemory();
  }

  /** Asks for answers and reads none of them. */
  @Test
  void aClientThatNeverReads() throws IOException {
    var client = gate.connected(Besieged.CLUMSY, 5);
    var pings = new Bytes();
    for (var number = 0; number < 1_000; number++) {
      pings.raw(Bytes.packet(0xC0, new byte[0]));
    }
    try {
      push(client, pings.done());
      gate.servesTheHonest(100);
    } finally {
      client.drop();
    }
    gate.staysWithinItsMemory();
  }

  /** As much as goes into a connection that is not read from any more. */
  private static void push(MqttClient client, byte[] noise) throws IOException {
    var pusher =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (var round = 0; round < 20_000; round++) {
                      client.send(noise);
                    }
                  } catch (IOException _) {
                    // It was given up.
                  }
                });
    try {
      pusher.join(3_000);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void ends(SSLSocket socket, int type) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("a packet of type " + type + " and noise left it open", e);
    } catch (IOException _) {
      // A reset is an end, too.
    }
  }
}
