package io.sallyport.conformance.publication;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A product that publishes revocation over plain HTTP, and openssl beside it. */
final class Published implements AutoCloseable {
  final Path folder;
  final String url;
  final ProductProcess product;

  Published(Path folder) {
    this.folder = folder;
    url = "http://localhost:" + freePort();
    var configuration = folder.resolve("sallyport.yaml");
    write(
        configuration,
        """
        pki:
          public-url: %s
          http-listen: %s
          crl-delay: 1s
        """
            .formatted(url, url.substring("http://".length())));
    product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
    var ca = product.data().resolve("ca");
    copy(ca.resolve("root.crt"), "root.crt");
    copy(ca.resolve("devices.crt"), "devices.crt");
    copy(ca.resolve("servers.crt"), "servers.crt");
    write(
        folder.resolve("chain.crt"),
        read(folder.resolve("root.crt")) + read(folder.resolve("devices.crt")));
  }

  /** Enrols a device; where its certificate is. */
  Path device(String id) {
    var bundle = folder.resolve(id);
    product.cli("device", "enroll", id, "--bundle", bundle.toString()).expecting(0);
    return new Bundle(id, bundle).folder().resolve("device.crt");
  }

  void revoke(String id, String reason) {
    product.cli("device", "revoke", id, "--reason", reason).expecting(0);
  }

  /** A shell line in this folder; {@code $URL} is where revocation is published. */
  Ran line(String line) {
    return Program.runLine(folder, line.replace("$URL", url));
  }

  /** The status that openssl believes, after it verified the answer. */
  String status(Path certificate, String options) {
    return line("openssl ocsp -issuer devices.crt -CAfile chain.crt -url $URL/ocsp "
            + options
            + " -cert "
            + certificate)
        .expecting(0)
        .said();
  }

  private void copy(Path from, String to) {
    write(folder.resolve(to), read(from));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Known before the start, because certificates name it. */
  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    product.close();
  }
}
