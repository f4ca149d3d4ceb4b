package io.sallyport.conformance.product;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The operators' API with the first operator's certificate: where a command line is too slow. */
public final class OperatorApi implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient client;
  private final String base;

  /** That of a running product. */
  public OperatorApi(ProductProcess product) {
    var operator = new Bundle("operator", product.data().resolve("operator"));
    client = HttpClient.newBuilder().sslContext(operator.identity().sslContext()).build();
    base = "https://localhost:" + product.httpsPort() + "/api/v1/";
  }

  /** What is there. */
  public JsonNode get(String path) {
    return answer(HttpRequest.newBuilder(URI.create(base + path)).GET());
  }

  /** What became of a body in JSON. */
  public JsonNode post(String path, String body) {
    return answer(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private JsonNode answer(HttpRequest.Builder request) {
    try {
      var answer = client.send(request.timeout(LIMIT).build(), BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(answer.statusCode() + " " + answer.body() + " to " + answer.uri());
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError("no answer from " + base, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
