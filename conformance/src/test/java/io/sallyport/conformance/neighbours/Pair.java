package io.sallyport.conformance.neighbours;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import javax.net.ssl.SSLSocket;

/** Two products on one database: made as docs/several-gateways.md says. */
final class Pair implements AutoCloseable {
  private static final String EVERYTHING =
      """
      {"Version": "2012-10-17",
       "Statement": [{"Effect": "Allow", "Action": ["iot:*"], "Resource": ["*"]}]}
      """;

  final Path folder;
  final ProductProcess a;
  final ProductProcess b;

  Pair(Path folder, Postgres postgres, String more) {
    this.folder = folder;
    a = start("gate-a", postgres, more);
    joinFiles(folder.resolve("gate-a"), folder.resolve("gate-b"));
    b = start("gate-b", postgres, more);
    var policy = write(folder.resolve("open.json"), EVERYTHING);
    a.cli("policy", "put", "open", policy.toString()).expecting(0);
  }

  private ProductProcess start(String name, Postgres postgres, String more) {
    var yaml =
        """
        gateway: {name: %s}
        database: {url: '%s', user: postgres}
        %s
        """
            .formatted(name, postgres.url(), more);
    var file = write(folder.resolve(name + ".yaml"), yaml);
    return ProductProcess.start(folder.resolve(name), "--config", file.toString());
  }

  /** What a second gateway needs of the first one: the authorities, and what unseals them. */
  static void joinFiles(Path from, Path to) {
    try {
      Files.createDirectory(
          to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.copy(
          from.resolve("unseal.key"), to.resolve("unseal.key"), StandardCopyOption.COPY_ATTRIBUTES);
      Files.copy(from.resolve("ca"), to.resolve("ca"), StandardCopyOption.COPY_ATTRIBUTES);
      try (var files = Files.newDirectoryStream(from.resolve("ca"))) {
        for (var file : files) {
          Files.copy(
              file,
              to.resolve("ca").resolve(file.getFileName()),
              StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A device that may do everything, enrolled at one of them. */
  Bundle device(ProductProcess at, String id) {
    var bundle = folder.resolve(id);
    at.cli("device", "enroll", id, "--policy", "open", "--bundle", bundle.toString()).expecting(0);
    return new Bundle(id, bundle);
  }

  /** Where a device finds one of them. */
  static Endpoint at(ProductProcess gate, Bundle device) {
    return new Endpoint("localhost", gate.mqttPort(), device);
  }

  /** A client of MQTT 5, its TLS handshake done. */
  static MqttClient client(ProductProcess gate, Bundle device) throws IOException {
    return MqttClient.v5(device.identity().sslContext(), gate.mqttPort());
  }

  /** A client that comes from another address of this machine. */
  static MqttClient clientFrom(String address, ProductProcess gate, Bundle device)
      throws IOException {
    var plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gate.mqttPort()));
    var tls = device.identity().sslContext().getSocketFactory();
    return MqttClient.over(
        (SSLSocket) tls.createSocket(plain, "localhost", gate.mqttPort(), true), 5);
  }

  /** Connected under its own id. */
  static MqttClient connected(ProductProcess gate, Bundle device) throws IOException {
    var client = client(gate, device);
    var connack = client.connect(device.id());
    if (connack.at(1) != 0) {
      throw new AssertionError("refused: " + connack);
    }
    return client;
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    b.close();
    a.close();
  }
}
