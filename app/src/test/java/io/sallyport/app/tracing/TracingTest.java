package io.sallyport.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.OperationKeys;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.gateway.observation.ObservedConnection;
import io.sallyport.identity.Pem;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Traces of connections, as a collector gets them. */
@Timeout(60)
class TracingTest {
  private static final Machine MACHINE =
      new Machine(
          InstantSource.system(),
          System::nanoTime,
          Map.of(),
          new Terminal(
              new PrintStream(OutputStream.nullOutputStream()),
              new PrintStream(OutputStream.nullOutputStream()),
              InputStream.nullInputStream(),
              false,
              false));

  @TempDir private Path directory;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final CountDownLatch open = new CountDownLatch(1);
  private @Nullable HttpServer collector;

  @AfterEach
  void stop() {
    open.countDown();
    if (collector != null) {
      collector.stop(0);
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private Configuration plainCollector(boolean answering) throws IOException {
    return started(HttpServer.create(anyPort(), 0), answering, "http");
  }

  private Configuration started(HttpServer server, boolean answering, String scheme) {
    collector = server;
    server.createContext("/v1/traces", exchange -> take(exchange, answering));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return Configuration.defaults()
        .with(
            OperationKeys.TRACING_ENDPOINT,
            scheme + "://localhost:" + server.getAddress().getPort() + "/v1/traces");
  }

  private void take(HttpExchange exchange, boolean answering) throws IOException {
    try (exchange) {
      if (!answering) {
        open.await();
      }
      var request =
          ExportTraceServiceRequest.parseFrom(new GZIPInputStream(exchange.getRequestBody()));
      request
          .getResourceSpansList()
          .forEach(r -> r.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList())));
      tokens.add(
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse(""));
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static Tracing tracing(Configuration configuration) {
    return Optional.ofNullable(Tracing.of(configuration, MACHINE)).orElseThrow();
  }

  private static ObservedConnection begun(Tracing tracing) {
    var connection = tracing.begun(new InetSocketAddress("192.0.2.7", 4711), "mqtt");
    return Optional.ofNullable(connection).orElseThrow();
  }

  private static Map<String, Double> outcomes(Tracing tracing) {
    var outcomes = new HashMap<String, Double>();
    tracing.collect(m -> outcomes.put(m.labels().get("outcome"), m.value()));
    return outcomes;
  }

  private static Map<String, String> attributes(Span span) {
    var attributes = new HashMap<String, String>();
    span.getAttributesList()
        .forEach(
            a ->
                attributes.put(
                    a.getKey(),
                    a.getValue().hasStringValue()
                        ? a.getValue().getStringValue()
                        : a.getValue().toString().replaceAll("\\s", "")));
    return attributes;
  }

  @Test
  void nothingIsLoadedWhereNoEndpointIsConfigured() {
    assertThat(Tracing.of(Configuration.defaults(), MACHINE)).isNull();
  }

  @Test
  void theLifeOfAConnectionIsOneTrace() throws Exception {
    var configuration = plainCollector(true).with(OperationKeys.TRACING_PUBLISHES, 2);
    try (var tracing = tracing(configuration)) {
      var connection = begun(tracing);
      connection.handshake("pump-7", true, null, 3_000_000);
      connection.connect("pump-7", null, 20_000);
      connection.subscribe("a/#", "no statement allows it", 10_000);
      for (int i = 0; i < 4; i++) {
        if (connection.samplesPublish()) {
          connection.publish("a/b", 1, null, 5_000);
        }
      }
      connection.disconnected("DISCONNECT");
    }

    assertThat(spans)
        .extracting(Span::getName)
        .containsExactly(
            "TLS handshake", "CONNECT", "SUBSCRIBE", "PUBLISH", "PUBLISH", "DISCONNECT");
    var root = spans.getFirst();
    assertThat(root.getParentSpanId().isEmpty()).isTrue();
    assertThat(root.getEndTimeUnixNano() - root.getStartTimeUnixNano()).isEqualTo(3_000_000);
    assertThat(spans.subList(1, 6))
        .allSatisfy(
            span -> {
              assertThat(span.getTraceId()).isEqualTo(root.getTraceId());
              assertThat(span.getParentSpanId()).isEqualTo(root.getSpanId());
              assertThat(attributes(span)).containsEntry("sallyport.principal", "pump-7");
            });
    assertThat(attributes(root))
        .containsEntry("client.address", "192.0.2.7")
        .containsEntry("tls.resumed", "bool_value:true");
    assertThat(attributes(spans.get(2))).containsEntry("mqtt.filter", "a/#");
    assertThat(spans.get(2).getStatus().getMessage()).isEqualTo("no statement allows it");
    assertThat(attributes(spans.get(5))).containsEntry("mqtt.reason", "DISCONNECT");
  }

  @Test
  void oneConnectionOfSoManyIsTraced() throws Exception {
    try (var tracing = tracing(plainCollector(true).with(OperationKeys.TRACING_CONNECTIONS, 3))) {
      var traced = 0;
      for (int i = 0; i < 9; i++) {
        traced += tracing.begun(null, "mqtt") == null ? 0 : 1;
      }
      assertThat(traced).isEqualTo(3);
    }
  }

  @Test
  void aCollectorThatHangsCostsSpansAndNothingElse() throws Exception {
    try (var tracing = tracing(plainCollector(false))) {
      var connection = begun(tracing);
      long start = System.nanoTime();
      int many = 3 * OtlpTracing.QUEUE_MAX;
      for (int i = 0; i < many; i++) {
        connection.connect("pump-7", null, 1);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(outcomes(tracing).get("dropped"))
          .isBetween((double) OtlpTracing.QUEUE_MAX, (double) many);
      assertThat(outcomes(tracing)).containsEntry("exported", 0.0);
      open.countDown();
    }
  }

  @Test
  void aCollectorThatIsNotThereIsCounted() throws Exception {
    var nowhere =
        Configuration.defaults()
            .with(OperationKeys.TRACING_ENDPOINT, "http://127.0.0.1:9/v1/traces");
    var tracing = tracing(nowhere);
    begun(tracing).handshake("pump-7", false, null, 1);
    tracing.close();
    assertThat(outcomes(tracing)).containsEntry("failed", 1.0).containsEntry("exported", 0.0);
  }

  @Test
  void overTlsTheCollectorIsVerifiedAndGetsTheHeaders() throws Exception {
    var ca = TestCa.create(Instant.now());
    var server = ca.server();
    var secure = HttpsServer.create(anyPort(), 0);
    secure.setHttpsConfigurator(new HttpsConfigurator(tls(server.privateKey(), server.chain())));
    var trusted = Files.writeString(directory.resolve("ca.pem"), Pem.of(ca.root()));
    var headers = Files.writeString(directory.resolve("headers"), "Authorization: Bearer s3cret\n");
    Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("rw-------"));
    var unverified =
        started(secure, true, "https").with(OperationKeys.TRACING_HEADERS_FILE, headers.toString());

    var refusing = tracing(unverified);
    begun(refusing).handshake("pump-7", false, null, 1);
    refusing.close();
    assertThat(outcomes(refusing)).containsEntry("failed", 1.0);
    assertThat(tokens).isEmpty();

    var taking = tracing(unverified.with(OperationKeys.TRACING_CA_FILE, trusted.toString()));
    begun(taking).handshake("pump-7", false, null, 1);
    taking.close();
    assertThat(outcomes(taking)).containsEntry("exported", 1.0);
    assertThat(tokens).containsExactly("Bearer s3cret");
    assertThat(spans.toString()).doesNotContain("s3cret");
  }

  private static SSLContext tls(java.security.PrivateKey key, List<X509Certificate> chain)
      throws Exception {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, new char[0]);
    own.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, new char[0]);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void inClearTracesLeaveForThisMachineOnly() {
    refused("http://collector.example.org:4318/v1/traces", "https is needed");
    refused("ftp://localhost/v1/traces", "https is needed");
    refused("not an address", "not an address");
    refused("https://user:secret@collector.example.org/", "an address such as");
  }

  private static void refused(String endpoint, String why) {
    var configuration = Configuration.defaults().with(OperationKeys.TRACING_ENDPOINT, endpoint);
    assertThatThrownBy(() -> Tracing.of(configuration, MACHINE))
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
  }

  @Test
  void headersThatOthersCanReadOrThatAreNoneAreRefused() throws Exception {
    var file = Files.writeString(directory.resolve("headers"), "Authorization: Bearer s3cret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    var configuration =
        Configuration.defaults()
            .with(OperationKeys.TRACING_ENDPOINT, "https://localhost/v1/traces")
            .with(OperationKeys.TRACING_HEADERS_FILE, file.toString());
    assertThatThrownBy(() -> Tracing.of(configuration, MACHINE)).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "s3cret\n");
    assertThatThrownBy(() -> Tracing.of(configuration, MACHINE))
        .hasMessageContaining("headers:1: not a header")
        .hasMessageNotContaining("s3cret");
  }
}
