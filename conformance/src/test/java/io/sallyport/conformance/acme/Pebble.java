package io.sallyport.conformance.acme;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Let's Encrypt's small ACME server for tests, which truly looks whether a name leads here, with a
 * name server that leads every name to this machine.
 */
final class Pebble implements AutoCloseable {
  final Path folder;
  final int httpPort = freePort();
  final int tlsPort = freePort();
  private final int port = freePort();
  private final int managementPort = freePort();
  private final int dnsPort = freePort();
  private final List<String> environment;
  private final Program dns;
  private Program server;

  /**
   * Starts it with a certificate of its own, {@code pebble.crt}.
   *
   * @param options of its configuration, as further JSON members
   * @param environment what it is told besides, such as {@code PEBBLE_WFE_NONCEREJECT=50}
   */
  Pebble(Path folder, String options, String... environment) {
    this.folder = folder;
    this.environment = List.of(environment);
    Program.runLine(
            folder,
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                + " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
                + " -keyout pebble.key -out pebble.crt")
        .expecting(0);
    write(
        folder.resolve("pebble.json"),
        """
        {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "pebble.crt", "privateKey": "pebble.key",
          "httpPort": %d, "tlsPort": %d, "ocspResponderURL": ""%s}}
        """
            .formatted(port, managementPort, httpPort, tlsPort, options));
    dns =
        Program.start(
            folder,
            List.of(
                "pebble-challtestsrv",
                "-defaultIPv6",
                "",
                "-dns01",
                "127.0.0.1:" + dnsPort,
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-management",
                "127.0.0.1:" + freePort()));
    server = boot();
  }

  private Program boot() {
    var command = new java.util.ArrayList<String>(List.of("env", "PEBBLE_VA_NOSLEEP=1"));
    command.addAll(environment);
    command.addAll(
        List.of("pebble", "-config", "pebble.json", "-dnsserver", "127.0.0.1:" + dnsPort));
    var started = Program.start(folder, command);
    Patience.until("pebble listens: " + started, () -> isOpen(port));
    return started;
  }

  /** What the product's configuration says of it. */
  String directory() {
    return "https://localhost:" + port + "/dir";
  }

  Path certificate() {
    return folder.resolve("pebble.crt");
  }

  /** What it has said so far. */
  String said() {
    return server.out() + server.err();
  }

  void kill() {
    server.kill();
  }

  /** Starts it again, with another root and without any memory of before. */
  void restart() {
    server = boot();
  }

  private static boolean isOpen(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
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

  @Override
  public void close() {
    server.close();
    dns.close();
  }
}
