package io.sallyport.app.stapling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.identity.issuance.MalformedOcspRequest;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.OcspResponder;
import io.sallyport.identity.issuance.Serials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An OCSP responder of another authority, on this machine, that answers as the test says. */
final class FakeResponder implements AutoCloseable {
  /** Answers one question. */
  interface Answering {
    void answer(HttpExchange exchange, byte[] question) throws IOException;
  }

  final AtomicInteger asked = new AtomicInteger();
  volatile OcspStatus status = new OcspStatus.Good();
  volatile Duration lifetime = Duration.ofHours(1);

  volatile Answering otherwise = this::honestly;

  private final OcspResponder honest;
  private final HttpServer server;

  FakeResponder(CertificateAuthority authority) throws IOException {
    honest = new OcspResponder(authority, Serials.random());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try (exchange) {
            otherwise.answer(exchange, exchange.getRequestBody().readAllBytes());
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  URI address() {
    return URI.create(url() + "/ocsp");
  }

  void honestly(HttpExchange exchange, byte[] question) throws IOException {
    try {
      var now = Instant.now();
      send(
          exchange,
          200,
          honest.answer(OcspRequest.parse(question), _ -> status, now, now.plus(lifetime)));
    } catch (MalformedOcspRequest e) {
      send(exchange, 400, new byte[0]);
    }
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
