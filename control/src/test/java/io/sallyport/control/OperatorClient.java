package io.sallyport.control;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real HTTPS client, with the certificate of an operator, of somebody else, or with none. */
public final class OperatorClient implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http;
  private final SSLContext tls;
  private final int port;

  private OperatorClient(HttpClient http, SSLContext tls, int port) {
    this.http = http;
    this.tls = tls;
    this.port = port;
  }

  /** An answer, its JSON read. */
  public record Reply(int status, JsonNode json, HttpHeaders headers) {}

  /** A client that shows this chain. */
  public static OperatorClient with(
      int port, X509Certificate root, DeviceKeys keys, List<X509Certificate> chain) {
    return of(port, root, privateKey(keys), chain);
  }

  /** A client that shows nothing. */
  public static OperatorClient anonymous(int port, X509Certificate root) {
    return of(port, root, null, List.of());
  }

  private static OperatorClient of(
      int port, X509Certificate root, @Nullable PrivateKey key, List<X509Certificate> chain) {
    try {
      var context = SSLContext.getInstance("TLS");
      var nothing = new char[0];
      var own = KeyStore.getInstance("PKCS12");
      own.load(null, nothing);
      if (key != null) {
        own.setKeyEntry("own", key, nothing, chain.toArray(Certificate[]::new));
      }
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, nothing);
      var anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, nothing);
      anchors.setCertificateEntry("root", root);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors);
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      var http =
          HttpClient.newBuilder()
              .sslContext(context)
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(20))
              .build();
      return new OperatorClient(http, context, port);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Reply get(String path) throws IOException, InterruptedException {
    return send("GET", path, null);
  }

  public Reply post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  public Reply put(String path, String body) throws IOException, InterruptedException {
    return send("PUT", path, body);
  }

  public Reply delete(String path) throws IOException, InterruptedException {
    return send("DELETE", path, null);
  }

  /** A connection of its own, shown the certificate, on which nothing was asked. */
  public SSLSocket connect() throws IOException {
    var socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(20_000);
    socket.startHandshake();
    return socket;
  }

  /** The answer as text. */
  public String text(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path)).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  public Reply send(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    var response = http.send(request.build(), BodyHandlers.ofString());
    var text = response.body();
    return new Reply(
        response.statusCode(),
        JSON.readTree(text.startsWith("{") || text.startsWith("[") ? text : "{}"),
        response.headers());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private URI uri(String path) {
    return URI.create("https://localhost:" + port + path);
  }

  static PrivateKey privateKey(DeviceKeys keys) {
    try {
      var pem = new String(keys.privateKeyPem(), StandardCharsets.US_ASCII);
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Pem.decode(pem, "PRIVATE KEY")));
    } catch (GeneralSecurityException | MalformedPem e) {
      throw new IllegalStateException(e);
    }
  }
}
