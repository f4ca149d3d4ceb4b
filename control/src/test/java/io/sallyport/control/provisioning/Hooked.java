package io.sallyport.control.provisioning;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** A hook on this machine that answers as the test says. */
final class Hooked implements AutoCloseable {
  static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** What it was asked: its headers in lower case, and the body under the empty name. */
  final BlockingQueue<Map<String, String>> asked = new LinkedBlockingQueue<>();

  volatile int status = 200;
  volatile String answer = "{\"allowProvisioning\":true}";
  volatile Duration delay = Duration.ZERO;
  volatile String location = "";
  private final HttpServer server;

  Hooked() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          var headers = new java.util.HashMap<String, String>();
          exchange
              .getRequestHeaders()
              .forEach(
                  (name, values) ->
                      headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
          headers.put(
              "", new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          asked.add(headers);
          try {
            Thread.sleep(delay);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          if (!location.isEmpty()) {
            exchange.getResponseHeaders().set("Location", location);
          }
          var body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  HookSettings settings(Duration timeout) {
    return new HookSettings(url(), SECRET, List.of(), timeout);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
