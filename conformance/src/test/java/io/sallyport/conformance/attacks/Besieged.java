package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A running product under attack, its bounds set low enough to be met, and an honest device that
 * has been there since before. Attackers come from addresses of this machine that nobody trusts.
 */
final class Besieged implements AutoCloseable {
  static final String HONEST = "honest";
  static final String KNOWN = "known";
  static final String STRANGER = "stranger";
  static final String CLUMSY = "clumsy";

  static final int HANDSHAKES_OF_SOURCE = 500;
  static final int FULL_HANDSHAKES_OF_SOURCE = 20;

  /** Bound: a heap of 512 MiB, and as much as the runtime itself has been seen to need besides. */
  private static final long RESIDENT_MIB_MAX = 800;

  private static final List<String> FLEET = List.of(HONEST, KNOWN, STRANGER, CLUMSY);

  private final Path folder;
  private final ProductProcess product;
  private final MqttClient honest;
  private int acknowledged;

  private Besieged(Path folder, ProductProcess product) throws IOException {
    this.folder = folder;
    this.product = product;
    enrol();
    honest = connected(HONEST, 5);
  }

  static Besieged open(Path folder) throws IOException {
    var configuration =
        Files.writeString(
            folder.resolve("sallyport.yaml"),
            """
            mqtt:
              handshake-timeout: 60s
              handshakes-max: 12000
              connections-max: 15000
            sources:
              trusted: [127.0.0.1]
              handshakes-max: %d
              full-handshakes-per-second: %d
              ban-after: 0
            exchange:
              session-queue-bytes: 1MiB
              total-queue-bytes: 16MiB
            """
                .formatted(HANDSHAKES_OF_SOURCE, FULL_HANDSHAKES_OF_SOURCE));
    var product =
        ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
    try {
      return new Besieged(folder, product);
    } catch (IOException | RuntimeException | AssertionError e) {
      product.close();
      throw e;
    }
  }

  private void enrol() throws IOException {
    var list = "id\n" + String.join("\n", FLEET) + "\n";
    var fleet = Files.writeString(folder.resolve("fleet.csv"), list);
    product
        .cli("device", "enroll", "--from", fleet.toString(), "--out", folder.toString())
        .expecting(0);
  }

  ProductProcess product() {
    return product;
  }

  SSLContext identity(String id) {
    return new Bundle(id, folder.resolve(id)).identity().sslContext();
  }

  MqttClient connected(String id, int level) throws IOException {
    var client = MqttClient.over(MqttClient.socket(identity(id), product.mqttPort()), level);
    assertThat(client.connect(id).at(1)).isZero();
    return client;
  }

  /** A TCP connection from another address of this machine. */
  Socket from(String address) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), product.mqttPort()));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /** A TLS connection from there, its handshake not begun. */
  SSLSocket from(String address, SSLContext identity) throws IOException {
    var plain = from(address);
    var factory = identity.getSocketFactory();
    return (SSLSocket) factory.createSocket(plain, "localhost", product.mqttPort(), true);
  }

  /** The honest device publishes, and each of its messages is acknowledged. */
  void servesTheHonest(int messages) throws IOException {
    for (var number = 0; number < messages; number++) {
      var puback = honest.publishAcknowledged("devices/" + HONEST + "/telemetry", "x");
      assertThat(puback.type()).as("answer to message %s", acknowledged).isEqualTo(4);
      acknowledged++;
    }
  }

  /** The process has never held more than it may. */
  void staysWithinItsMemory() {
    assertThat(product.residentMib()).as("MiB resident").isLessThan(RESIDENT_MIB_MAX);
  }

  @Override
  public void close() throws IOException {
    try {
      honest.close();
    } finally {
      product.close();
    }
  }
}
