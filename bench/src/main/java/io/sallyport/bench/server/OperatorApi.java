package io.sallyport.bench.server;

import io.sallyport.bench.load.LoadFailure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sallyport's REST interface with the first operator's certificate. Not the command line, because
 * starting a JVM per command would be most of what is measured.
 */
public final class OperatorApi implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
  private static final char[] NO_PASSWORD = new char[0];

  private final JsonMapper json = new JsonMapper();
  private final HttpClient client;
  private final String base;

  OperatorApi(int httpsPort, Path operator) throws IOException {
    this.base = "https://localhost:" + httpsPort;
    try {
      this.client =
          HttpClient.newBuilder()
              .sslContext(security(operator))
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(10))
              .build();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use the operator's certificate in " + operator, e);
    }
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

  private static SSLContext security(Path operator) throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    var key = new PKCS8EncodedKeySpec(privateKey(operator.resolve("operator.key")));
    keys.setKeyEntry(
        "operator",
        KeyFactory.getInstance("EC").generatePrivate(key),
        NO_PASSWORD,
        certificates(operator.resolve("operator.crt")));
    var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(keys, NO_PASSWORD);

    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    for (var certificate : certificates(operator.resolve("ca.crt"))) {
      anchors.setCertificateEntry(certificate.toString(), certificate);
    }
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);

    var context = SSLContext.getInstance("TLS");
    context.init(identity.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static byte[] privateKey(Path file) throws IOException {
    try {
      return Pem.decode(Files.readString(file), "PRIVATE KEY");
    } catch (MalformedPem e) {
      throw new IOException("not a private key: " + file, e);
    }
  }

  private static Certificate[] certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(Certificate[]::new);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
