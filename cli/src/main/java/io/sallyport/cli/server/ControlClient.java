package io.sallyport.cli.server;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Calls control's REST API; every answer that is not a success ends as a {@link Failure}. */
public final class ControlClient implements AutoCloseable {
  private static final String API = "/api/v1/";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  // Revocation answers only when everything is cut, and a batch signs hundreds of certificates.
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);
  // Bound: the longest answer, a page of devices or of the ledger, stays far below.
  private static final long ANSWER_BYTES_MAX = 32L << 20;

  // A server says when to come back (RFC 9110, section 10.2.3) only where it has done nothing, or
  // where doing it twice is doing it once. Bound: how often we do, and how long we wait each time.
  private static final int RETRIES_MAX = 4;
  private static final int RETRY_AFTER_MAX = 5;
  private static final int UNAVAILABLE = 503;

  private final URI address;
  private final SSLContext tls;
  private final HttpClient http;
  private final Surroundings.Pause pause;
  private final @Nullable Ending server;

  /** What happens to the server when the command ends. */
  @FunctionalInterface
  interface Ending {
    void close();
  }

  ControlClient(URI address, SSLContext tls, Surroundings.Pause pause, @Nullable Ending server) {
    this.pause = pause;
    this.address = address;
    this.tls = tls;
    this.server = server;
    this.http =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
  }

  /** The server that is called. */
  public URI address() {
    return address;
  }

  /** Whether the server runs for this command only. */
  public boolean temporary() {
    return server != null;
  }

  /** One segment of a path, encoded. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Asks; the path is relative to the API. */
  public Answer get(String path) {
    return call("GET", path, BodyPublishers.noBody());
  }

  /** Tells. */
  public Answer post(String path, JsonNode body) {
    return call("POST", path, BodyPublishers.ofByteArray(Json.mapper().writeValueAsBytes(body)));
  }

  /** Tells a document, byte for byte as given. */
  public Answer post(String path, String document) {
    return call("POST", path, BodyPublishers.ofString(document));
  }

  /** Puts a document, byte for byte as given. */
  public Answer put(String path, String document) {
    return call("PUT", path, BodyPublishers.ofString(document));
  }

  /** Takes away. */
  public Answer delete(String path) {
    return call("DELETE", path, BodyPublishers.noBody());
  }

  @Override
  public void close() {
    http.shutdownNow();
    if (server != null) {
      server.close();
    }
  }

  /** Fetches a file from outside the API, byte for byte. */
  public byte[] download(String path) {
    return send(
        HttpRequest.newBuilder(address.resolve(path)).timeout(ANSWER_TIMEOUT).GET().build());
  }

  private Answer call(String method, String path, BodyPublisher body) {
    var request =
        HttpRequest.newBuilder(address.resolve(API + path))
            .timeout(ANSWER_TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, application/problem+json")
            .method(method, body)
            .build();
    return parse(send(request));
  }

  private byte[] send(HttpRequest request) {
    try {
      var response = answered(request);
      for (int retry = 0; retry < RETRIES_MAX && retryAfter(response).isPresent(); retry++) {
        pause.of(retryAfter(response).orElseThrow());
        response = answered(request);
      }
      if (response.statusCode() / 100 != 2) {
        throw Problem.of(response.statusCode(), response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw unanswered(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable("interrupted before " + address + " answered");
    }
  }

  private HttpResponse<byte[]> answered(HttpRequest request)
      throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
  }

  /** How long the server wants us to wait before we ask again, if it does. */
  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response.statusCode() == UNAVAILABLE
        ? response
            .headers()
            .firstValue("Retry-After")
            .filter(seconds -> seconds.matches("\\d{1,9}"))
            .map(Integer::parseInt)
            .filter(seconds -> seconds <= RETRY_AFTER_MAX)
            .map(Duration::ofSeconds)
        : Optional.empty();
  }

  private Answer parse(byte[] body) {
    try {
      var json = Json.mapper().readTree(body);
      if (json.isObject()) {
        return new Answer(json);
      }
    } catch (JacksonException e) {
      // Said below.
    }
    throw Failure.unavailable("the server at " + address + " did not answer with a JSON object");
  }

  private Failure unanswered(IOException broken) {
    return switch (broken) {
      case ConnectException e -> Connection.noServer(address, e);
      case HttpConnectTimeoutException e -> Connection.noServer(address, e);
      case HttpTimeoutException _ ->
          Failure.unavailable(
              "the server at "
                  + address
                  + " did not answer within "
                  + ANSWER_TIMEOUT.toSeconds()
                  + " s");
      case SSLException alert when Door.isAlert(alert) -> refusedCertificate();
      case SSLHandshakeException untrusted ->
          Failure.unreachable(
              "the server at "
                  + address
                  + " is not one that these operator files trust: "
                  + message(untrusted),
              untrusted);
      case IOException _ when Door.refuses(address, tls) -> refusedCertificate();
      default ->
          Failure.unavailable(
              "the connection to " + address + " broke: " + message(broken), broken);
    };
  }

  private Failure refusedCertificate() {
    return Failure.refused("the server at " + address + " refuses this operator certificate");
  }

  private static String message(Throwable broken) {
    var message = broken.getMessage();
    return message == null ? broken.getClass().getSimpleName() : message;
  }
}
