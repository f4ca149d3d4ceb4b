package io.sallyport.bench.server;

import io.sallyport.bench.load.LoadFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sallyport's REST interface with the first operator's certificate. Not the command line, because
 * starting a JVM per command would be most of what is measured.
 */
public final class OperatorApi implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private final JsonMapper json = new JsonMapper();
  private final HttpClient client;
  private final String base;

  OperatorApi(int httpsPort, Path operator) throws IOException {
    this.base = "https://localhost:" + httpsPort;
    this.client =
        HttpClient.newBuilder()
            .sslContext(
                ClientSecurity.context(
                    operator.resolve("operator.crt"),
                    operator.resolve("operator.key"),
                    operator.resolve("ca.crt")))
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  public JsonNode post(String path, Object body) throws IOException, InterruptedException {
    var publisher = HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body));
    return send(request(path).header("Content-Type", "application/json").POST(publisher).build());
  }

  public JsonNode put(String path, JsonNode body) throws IOException, InterruptedException {
    var publisher = HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body));
    return send(request(path).header("Content-Type", "application/json").PUT(publisher).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER_MAX);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    var response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new LoadFailure(
          "%s %s: %d %s"
              .formatted(request.method(), request.uri(), response.statusCode(), response.body()));
    }
    return json.readTree(response.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
