package io.sallyport.control.provisioning;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

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

  /** Sent one byte at a time, with a pause after each, instead of the answer. */
  volatile Duration dripping = Duration.ZERO;

  private final HttpServer server;
  private final String scheme;

  /** By plain HTTP. */
  Hooked() {
    this(null);
  }

  /** By TLS, showing that identity. */
  Hooked(@Nullable TestIdentity identity) {
    scheme = identity == null ? "http" : "https";
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (identity == null) {
        server = HttpServer.create(address, 0);
      } else {
        var secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()));
        server = secured;
      }
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
          if (dripping.isPositive()) {
            drip(exchange);
            return;
          }
          var body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(status, 0);
    try (exchange;
        var out = exchange.getResponseBody()) {
      for (byte one : answer.getBytes(StandardCharsets.UTF_8)) {
        out.write(one);
        out.flush();
        Thread.sleep(dripping);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  URI url() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  HookSettings settings(Duration timeout, X509Certificate... anchors) {
    return new HookSettings(url(), SECRET, List.of(anchors), timeout);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
