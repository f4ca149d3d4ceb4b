package io.sallyport.conformance.oracle;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's mosquitto with a TLS listener and a throw-away CA: what others take as right. */
final class MosquittoBroker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Program broker;

  private MosquittoBroker(Path folder, int port, Program broker) {
    this.folder = folder;
    this.port = port;
    this.broker = broker;
  }

  /** Starts one in a folder of its own. */
  static MosquittoBroker start(Path folder) {
    Tool.need(Tool.MOSQUITTO, Tool.OPENSSL);
    makeCertificates(folder);
    var port = freePort();
    write(
        folder.resolve("mosquitto.conf"),
        """
        listener %d 127.0.0.1
        cafile ca.crt
        certfile server.crt
        keyfile server.key
        require_certificate true
        allow_anonymous true
        persistence false
        max_queued_messages 0
        allow_duplicate_messages false
        set_tcp_nodelay true
        user %s
        """
            .formatted(port, System.getProperty("user.name")));
    var broker =
        Program.start(folder, List.of(Tool.MOSQUITTO.path().toString(), "-c", "mosquitto.conf"));
    Patience.until("a mosquitto that listens: " + broker, () -> accepts(port));
    return new MosquittoBroker(folder, port, broker);
  }

  /** A client of it; every client has the same certificate, for mosquitto decides nothing here. */
  Endpoint client(String id) {
    return new Endpoint("localhost", port, new Bundle(id, folder));
  }

  @Override
  public void close() {
    broker.close();
  }

  private static void makeCertificates(Path folder) {
    var request = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    write(folder.resolve("san.txt"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    for (var line :
        List.of(
            request + "-x509 -days 2 -subj /CN=oracle-ca -keyout ca.key -out ca.crt",
            request + "-subj /CN=localhost -keyout server.key -out server.csr",
            "openssl x509 -req -days 2 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial"
                + " -extfile san.txt -out server.crt",
            request + "-subj /CN=oracle -keyout device.key -out device.csr",
            "openssl x509 -req -days 2 -in device.csr -CA ca.crt -CAkey ca.key -CAcreateserial"
                + " -out device.crt")) {
      Program.runLine(folder, line).expecting(0);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean accepts(int port) {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
