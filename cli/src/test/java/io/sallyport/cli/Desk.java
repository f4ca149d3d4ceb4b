package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.RequestRefused;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The other end of the REST contract, over real mutual TLS with a real CA, in a few hundred lines:
 * what the command line must do when control says anything that control may say.
 */
public final class Desk implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final char[] NO_PASSWORD = {};

  private final Authorities authorities = Authorities.create(Desk::serial, Instant.now());
  private final HttpsServer server;
  private final Map<String, Said> said = new ConcurrentHashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final Map<String, X509Certificate> issued = new TreeMap<>();
  private final Map<String, JsonNode> requests = new TreeMap<>();
  private final ObjectNode commandKeys = newCommandKeys();
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private final Map<String, Busy> busy = new ConcurrentHashMap<>();
  private String lastAnswer = "";

  private record Busy(AtomicInteger times, String retryAfter) {}

  /** A fixed answer to one call. */
  record Said(int status, String body) {}

  public Desk() throws IOException, GeneralSecurityException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls()) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext("/api/v1/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public URI address() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /** From now on this call is answered so: with that query, or with any where none is given. */
  void says(String call, int status, String body) {
    said.put(call, new Said(status, body));
  }

  /** The certificate of that id. */
  X509Certificate issued(String id) {
    return Optional.ofNullable(issued().get(id)).orElseThrow();
  }

  /** From now on this call is done and its answer gets lost, or arrives again. */
  void loses(String call, boolean answerLost) {
    if (answerLost) {
      lost.add(call);
    } else {
      lost.remove(call);
    }
  }

  /** The next so many of these calls are answered with 503, and when to come back. */
  void isBusyFor(String call, int times, String retryAfter) {
    busy.put(call, new Busy(new AtomicInteger(times), retryAfter));
  }

  /** The body of the last answer to something that was sent. */
  synchronized String lastAnswer() {
    return lastAnswer;
  }

  void refuses(String call, int status, String detail) {
    says(call, status, JSON.createObjectNode().put("detail", detail).toString());
  }

  /** The calls so far, with their queries. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** The certificates so far by the id that they are for. */
  synchronized Map<String, X509Certificate> issued() {
    return new TreeMap<>(issued);
  }

  /** The last request to enrol that id. */
  synchronized JsonNode request(String id) {
    return Optional.ofNullable(requests.get(id)).orElseThrow();
  }

  X509Certificate root() {
    return authorities.root();
  }

  /** A data directory whose operator this desk knows. */
  public Path dataDirectory(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("operator"));
    operatorFiles(directory.resolve("operator"));
    Files.writeString(
        directory.resolve("endpoint.json"), "{\"https\":\"" + address() + "\",\"pid\":1}");
    return directory;
  }

  private void operatorFiles(Path directory) throws IOException {
    var name = new PrincipalId("admin");
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, name)) {
      var request =
          CertificateRequest.parse(
              keys.requestPem().getBytes(US_ASCII), PrincipalKind.OPERATOR, name);
      var leaf = sign(PrincipalKind.OPERATOR, name, request);
      var key = directory.resolve("operator.key");
      Files.write(key, keys.privateKeyPem());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      var profile = new LeafProfile.Client(PrincipalKind.OPERATOR, name);
      Files.writeString(
          directory.resolve("operator.crt"), Pem.of(authorities.chain(leaf, profile)));
      Files.writeString(directory.resolve("ca.crt"), Pem.of(authorities.root()));
    } catch (RequestRefused e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(PrincipalKind kind, PrincipalId id, CertificateRequest request) {
    var profile = new LeafProfile.Client(kind, id);
    return authorities
        .issuerOf(profile)
        .sign(profile, request.publicKey(), serial(), Instant.now(), Duration.ofDays(365));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var path = exchange.getRequestURI().getRawPath().substring("/api/v1/".length());
      var call = exchange.getRequestMethod() + " " + path;
      String whole;
      synchronized (this) {
        var query = exchange.getRequestURI().getRawQuery();
        whole = query == null ? call : call + "?" + query;
        calls.add(whole);
      }
      var later = busy.get(call);
      if (later != null && later.times().getAndDecrement() > 0) {
        exchange.getResponseHeaders().add("Retry-After", later.retryAfter());
        send(exchange, new Said(503, "{\"detail\":\"busy\"}"));
        return;
      }
      var fixed = said.getOrDefault(whole, said.get(call));
      var answer = fixed == null ? enrol(call, body) : fixed;
      send(exchange, lost.contains(call) ? new Said(500, "{}") : answer);
    }
  }

  private void send(HttpExchange exchange, Said answer) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      synchronized (this) {
        lastAnswer = answer.body();
      }
    }
    var bytes = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Said enrol(String call, String body) {
    return switch (call) {
      case "POST devices" -> one(PrincipalKind.DEVICE, JSON.readTree(body));
      case "POST backends" -> one(PrincipalKind.BACKEND, JSON.readTree(body));
      case "POST operators" -> one(PrincipalKind.OPERATOR, JSON.readTree(body));
      case "POST devices/batch" -> batch(JSON.readTree(body));
      case "GET ca" -> authorities();
      case "GET command-keys" -> new Said(200, commandKeys.toString());
      case String show when show.matches("GET (devices|operators)/[^/]+") ->
          show(show.substring(show.indexOf('/') + 1));
      default -> new Said(404, "{\"title\":\"Not Found\",\"detail\":\"no such thing\"}");
    };
  }

  /** The keys that sign commands: one that does no more, one that does, and the one after it. */
  ObjectNode commandKeys() {
    return commandKeys;
  }

  private static ObjectNode newCommandKeys() {
    var answer = JSON.createObjectNode().put("tenant", "sallyport");
    var keys = answer.putArray("keys");
    for (var standing : List.of("next", "active", "retired")) {
      var key = KeyPairs.p256().getPublic();
      var one = keys.addObject().put("standing", standing);
      one.put("id", PublicKeyHash.of(key).hex()).put("generation", 4 - keys.size());
      one.put("publicKey", new String(Pem.encode("PUBLIC KEY", key.getEncoded()), US_ASCII));
    }
    return answer;
  }

  private Said one(PrincipalKind kind, JsonNode request) {
    var answer = installation(certificate(kind, request), kind);
    var refused = answer.get("status").stringValue().equals("refused");
    return new Said(refused ? 409 : 201, answer.toString());
  }

  private Said batch(JsonNode request) {
    var answer = installation(JSON.createObjectNode(), PrincipalKind.DEVICE);
    var results = answer.putArray("results");
    for (var device : request.get("devices")) {
      results.add(certificate(PrincipalKind.DEVICE, device));
    }
    return new Said(200, answer.toString());
  }

  private synchronized ObjectNode certificate(PrincipalKind kind, JsonNode request) {
    var name = request.has("id") ? "id" : "name";
    var id = new PrincipalId(request.get(name).stringValue());
    var answer = JSON.createObjectNode().put("id", id.value()).put("kind", kind.word());
    try {
      requests.put(id.value(), request);
      var csr = request.get("csr").stringValue().getBytes(US_ASCII);
      var checked = CertificateRequest.parse(csr, kind, id);
      if (issued.containsKey(id.value())) {
        return answer.put("status", "refused").put("detail", "the id exists: '" + id + "'");
      }
      var leaf = sign(kind, id, checked);
      issued.put(id.value(), leaf);
      answer.put("status", "issued").set("certificate", described(leaf));
      return answer;
    } catch (RequestRefused e) {
      return answer.put("status", "refused").put("detail", e.getMessage());
    }
  }

  private static ObjectNode described(X509Certificate leaf) {
    return JSON.createObjectNode()
        .put("serial", leaf.getSerialNumber().toString(16))
        .put("status", "active")
        .put("notAfter", leaf.getNotAfter().toInstant().toString())
        .put("pem", Pem.of(leaf));
  }

  private ObjectNode installation(ObjectNode answer, PrincipalKind kind) {
    var profile = new LeafProfile.Client(kind, new PrincipalId("any"));
    answer.putArray("chain").add(Pem.of(authorities.issuerOf(profile).certificate()));
    answer.put("ca", Pem.of(authorities.root()));
    answer.putObject("gateway").put("host", "gate.example").put("port", 8883);
    return answer;
  }

  private synchronized Said show(String id) {
    var leaf = issued.get(id);
    if (leaf == null) {
      return new Said(404, "{\"detail\":\"no device '" + id + "'\"}");
    }
    var answer = JSON.createObjectNode().put("id", id);
    var role = request(id).get("role");
    if (role != null) {
      answer.put("role", role.stringValue());
    }
    answer.putArray("certificates").add(described(leaf));
    return new Said(200, answer.toString());
  }

  private Said authorities() {
    var answer = installation(JSON.createObjectNode(), PrincipalKind.DEVICE);
    answer.put("root", Pem.of(authorities.root()));
    var certificates = answer.putArray("certificates");
    authority(certificates.addObject(), "devices", authorities.devices().certificate());
    authority(certificates.addObject(), "servers", authorities.servers().certificate());
    return new Said(200, answer.toString());
  }

  private static void authority(ObjectNode view, String name, X509Certificate certificate) {
    view.put("name", name)
        .put("subject", certificate.getSubjectX500Principal().getName())
        .put("pem", Pem.of(certificate));
  }

  private SSLContext tls() throws GeneralSecurityException, IOException {
    var keys = KeyPairs.p256();
    var profile = new LeafProfile.Server(List.of("localhost"), List.of("127.0.0.1"));
    var leaf =
        authorities
            .issuerOf(profile)
            .sign(profile, keys.getPublic(), serial(), Instant.now(), Duration.ofDays(1));
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, NO_PASSWORD);
    own.setKeyEntry(
        "server",
        keys.getPrivate(),
        NO_PASSWORD,
        authorities.chain(leaf, profile).toArray(X509Certificate[]::new));
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, NO_PASSWORD);
    var anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, NO_PASSWORD);
    anchors.setCertificateEntry("root", authorities.root());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Serial serial() {
    return new Serial(new BigInteger(127, new SecureRandom()).setBit(64));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
