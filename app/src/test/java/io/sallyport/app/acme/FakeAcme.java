package io.sallyport.app.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** An ACME server without scruples: it issues what the test says, floods, drips and limits. */
final class FakeAcme implements AutoCloseable {
  /** What a path answers instead of its own answer. */
  interface Trick {
    void play(HttpExchange exchange) throws IOException;
  }

  final List<String> asked = new CopyOnWriteArrayList<>();
  final Map<String, Trick> tricks = new ConcurrentHashMap<>();
  volatile String chain = "";
  volatile boolean renewals;
  private final HttpsServer server;

  FakeAcme(SSLContext tls) {
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI directory() {
    return URI.create(base() + "/dir");
  }

  private String base() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    asked.add(path);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Replay-Nonce", "bm9uY2U" + asked.size());
    var trick = tricks.get(path);
    if (trick != null) {
      trick.play(exchange);
      return;
    }
    switch (path) {
      case "/dir" -> json(exchange, 200, directoryText());
      case "/nonce" -> {
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
      }
      case "/account" -> {
        exchange.getResponseHeaders().set("Location", base() + "/account/1");
        json(exchange, 201, "{\"status\": \"valid\"}");
      }
      case "/order" -> {
        exchange.getResponseHeaders().set("Location", base() + "/order/1");
        json(exchange, 201, order("ready"));
      }
      case "/order/1", "/finalize" -> json(exchange, 200, order(finalized() ? "valid" : "ready"));
      case "/cert" -> send(exchange, 200, "application/pem-certificate-chain", chain);
      default -> {
        if (path.startsWith("/renewal/")) {
          json(
              exchange,
              200,
              "{\"suggestedWindow\": {\"start\": \"2026-01-01T00:00:00Z\","
                  + " \"end\": \"2026-01-01T01:00:00Z\"}}");
        } else {
          json(exchange, 404, "{}");
        }
      }
    }
  }

  private boolean finalized() {
    return asked.contains("/finalize");
  }

  private String directoryText() {
    var resources = new ArrayList<String>();
    resources.add("\"newNonce\": \"%s/nonce\"".formatted(base()));
    resources.add("\"newAccount\": \"%s/account\"".formatted(base()));
    resources.add("\"newOrder\": \"%s/order\"".formatted(base()));
    if (renewals) {
      resources.add("\"renewalInfo\": \"%s/renewal\"".formatted(base()));
    }
    return "{" + String.join(",", resources) + "}";
  }

  private String order(String status) {
    return ("{\"status\": \"%s\", \"identifiers\": [], \"authorizations\": [],"
            + " \"finalize\": \"%s/finalize\", \"certificate\": \"%s/cert\"}")
        .formatted(status, base(), base());
  }

  static void json(HttpExchange exchange, int status, String body) throws IOException {
    var type = status >= 400 ? "application/problem+json" : "application/json";
    send(exchange, status, type, body);
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
