package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient;
import io.sallyport.control.TestDatabase;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.policy.PolicyDocument;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class RestAttacksTest {
  private static Desk desk;

  RestAttacksTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) {
    desk = Desk.open(database);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  @Test
  void onlyHealthAnswersWithoutACertificate() throws Exception {
    try (var nobody = desk.anonymous()) {
      assertThat(nobody.get("/health").status()).isEqualTo(200);
      assertThat(nobody.get("/health").json().get("status").asString()).isEqualTo("up");
      for (var path : List.of("/metrics", "/openapi.json", "/api/v1/ca", "/no/such", "/")) {
        var reply = nobody.get(path);
        assertThat(reply.status()).as(path).isEqualTo(401);
        assertThat(reply.json().get("reason").asString()).isEqualTo("no-certificate");
      }
      assertThat(nobody.post("/api/v1/devices/x/revoke", "{}").status()).isEqualTo(401);
    }
  }

  @Test
  void aDevicesCertificateOpensNothing() throws Exception {
    var id = new PrincipalId("sneaky");
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, id)) {
      var reply =
          desk.admin.post("/api/v1/devices", Desk.enrolment("sneaky", keys.requestPem())).json();
      var certificate = Desk.certificate(reply.at("/certificate/pem").asString());
      try (var device =
          OperatorClient.with(
              desk.port,
              desk.authorities.root(),
              keys,
              List.of(certificate, desk.authorities.devices().certificate()))) {
        assertRefusedOrUnauthorised(device);
      }
    }
  }

  @Test
  void aCertificateThatIsNotInTheRegistryOpensNothing() throws Exception {
    // The authority's key alone must not be enough to make an operator.
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("admin"));
        var forged = desk.client(keys, signed(keys, new PrincipalId("admin")))) {
      var reply = forged.get("/api/v1/status");

      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.json().get("reason").asString()).isEqualTo("certificate-refused");
    }
  }

  @Test
  void aViewerReadsAndChangesNothing() throws Exception {
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("watcher"));
        var viewer = operator("watcher", "viewer", keys)) {
      desk.admin.post("/api/v1/devices", Desk.enrolment("watched", Desk.csr("watched")));

      assertThat(viewer.get("/api/v1/devices/watched").status()).isEqualTo(200);
      var revoke = viewer.post("/api/v1/devices/watched/revoke", "{\"reason\":\"unspecified\"}");
      assertThat(revoke.status()).isEqualTo(403);
      assertThat(revoke.json().get("reason").asString()).isEqualTo("role");
      assertThat(viewer.get("/api/v1/operators").status()).isEqualTo(403);
      assertThat(desk.admin.get("/api/v1/devices/watched").json().get("standing").asString())
          .isEqualTo("active");
      eventuallyRecorded("operator-refused", "watcher");
    }
  }

  @Test
  void anOperatorChangesNoPolicy() throws Exception {
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("hand"));
        var operator = operator("hand", "operator", keys)) {
      assertThat(operator.put("/api/v1/policies/default-device", "{}").status()).isEqualTo(403);
      assertThat(
              operator
                  .post("/api/v1/devices", Desk.enrolment("by-hand", Desk.csr("by-hand")))
                  .status())
          .isEqualTo(201);
    }
  }

  @Test
  void aRevokedOperatorIsOutAtOnceOnAnOpenConnection() throws Exception {
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("gone"));
        var operator = operator("gone", "security", keys)) {
      assertThat(operator.get("/api/v1/status").status()).isEqualTo(200);

      assertThat(desk.admin.post("/api/v1/operators/gone/revoke", "{}").status()).isEqualTo(200);

      assertThat(operator.get("/api/v1/status").status()).isEqualTo(401);
    }
  }

  @Test
  void theLastSecurityOperatorStays() throws Exception {
    var reply = desk.admin.post("/api/v1/operators/admin/revoke", "{}");

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("reason").asString()).isEqualTo("last-security-operator");
  }

  @Test
  void bodiesAreBounded() throws Exception {
    var large = "{\"id\":\"" + "x".repeat(Route.BODY_MAX) + "\"}";
    var huge = "{\"devices\":[\"" + "x".repeat(Route.BATCH_BODY_MAX) + "\"]}";

    assertThat(desk.admin.post("/api/v1/devices", large).status()).isEqualTo(413);
    var policy = "{\"Version\":\"" + "x".repeat(PolicyDocument.BYTES_MAX) + "\"}";
    assertThat(desk.admin.put("/api/v1/policies/large", policy).status()).isEqualTo(413);
    assertThat(statusOrClosed("/api/v1/devices/batch", huge)).isIn(413, -1);
    assertThat(desk.admin.get("/api/v1/status").status()).isEqualTo(200);
  }

  @Test
  void jsonIsReadStrictlyAndTheMemberNamed() throws Exception {
    var unknown = desk.admin.post("/api/v1/devices", "{\"id\":\"a\",\"csr\":\"b\",\"idd\":1}");
    var nested =
        desk.admin.post("/api/v1/devices/batch", "{\"devices\":[{\"id\":\"a\",\"kind\":\"b\"}]}");
    var twice = desk.admin.post("/api/v1/devices", "{\"id\":\"a\",\"id\":\"b\",\"csr\":\"c\"}");
    var number = desk.admin.post("/api/v1/devices", "{\"id\":1,\"csr\":\"c\"}");
    var missing = desk.admin.post("/api/v1/devices", "{\"id\":\"a\"}");

    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.json().get("detail").asString()).contains("idd");
    assertThat(nested.json().get("detail").asString()).contains("devices.0.kind");
    assertThat(twice.status()).isEqualTo(400);
    assertThat(number.json().get("detail").asString()).contains("'id'");
    assertThat(missing.json().get("detail").asString()).contains("'csr'");
    for (var broken : List.of("{", "[]", "null", "\"x\"", "{} {}", "{\"id\":null,}", "")) {
      assertThat(desk.admin.post("/api/v1/devices", broken).status()).as(broken).isEqualTo(400);
    }
    var deep = "{\"id\":" + "[".repeat(20_000);
    assertThat(desk.admin.post("/api/v1/devices", deep).status()).isEqualTo(400);
  }

  @Test
  void idsInPathsAreOnlyEverIds() throws Exception {
    for (var hostile :
        List.of("a'; drop table principal; --", "../../etc/passwd", "..", "a b", "é", "a%00b")) {
      var path = "/api/v1/devices/" + URLEncoder.encode(hostile, StandardCharsets.UTF_8);
      assertThat(desk.admin.get(path).status()).as(hostile).isIn(400, 404);
      assertThat(desk.admin.post(path + "/revoke", "{}").status()).as(hostile).isIn(400, 404);
    }
    assertThat(desk.admin.get("/api/v1/devices?after=%27%20or%201%3D1--").status()).isEqualTo(200);
    assertThat(desk.admin.get("/api/v1/policies/%27%20or%201%3D1--").status()).isEqualTo(404);
    assertThat(desk.admin.get("/api/v1/devices?limit=1001").status()).isEqualTo(400);
    assertThat(desk.admin.get("/api/v1/devices?limit=x").status()).isEqualTo(400);
    assertThat(desk.admin.get("/api/v1/nothing").status()).isEqualTo(404);
    assertThat(desk.admin.delete("/api/v1/devices").status()).isEqualTo(405);
  }

  @Test
  void everyAnswerForbidsWhatABrowserCouldDoWithIt() throws Exception {
    var headers = desk.admin.get("/api/v1/status").headers();

    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Cache-Control")).contains("no-store");
    assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
    assertThat(headers.firstValue("Strict-Transport-Security")).isPresent();
    assertThat(headers.firstValue("Server")).isEmpty();
  }

  private static OperatorClient operator(String name, String role, DeviceKeys keys)
      throws Exception {
    var body =
        "{\"name\":\""
            + name
            + "\",\"role\":\""
            + role
            + "\",\"csr\":\""
            + keys.requestPem().replace("\n", "\\n")
            + "\"}";
    var reply = desk.admin.post("/api/v1/operators", body);
    assertThat(reply.status()).isEqualTo(201);
    var certificate = Desk.certificate(reply.json().at("/certificate/pem").asString());
    return desk.client(keys, certificate);
  }

  private static X509Certificate signed(DeviceKeys keys, PrincipalId name) throws Exception {
    var request =
        io.sallyport.identity.issuance.CertificateRequest.parse(
            keys.requestPem().getBytes(StandardCharsets.US_ASCII), PrincipalKind.OPERATOR, name);
    return desk.authorities
        .servers()
        .sign(
            new LeafProfile.Client(PrincipalKind.OPERATOR, name),
            request.publicKey(),
            Serials.random().next(),
            desk.clock.instant(),
            Duration.ofDays(1));
  }

  /** A client that keeps its certificate to itself gets 401; one that shows it, no handshake. */
  private static void assertRefusedOrUnauthorised(OperatorClient device) throws Exception {
    try {
      assertThat(device.get("/api/v1/status").status()).isEqualTo(401);
    } catch (IOException e) {
      assertThatThrownBy(() -> device.get("/api/v1/status")).isInstanceOf(IOException.class);
    }
  }

  private static int statusOrClosed(String path, String body) throws InterruptedException {
    try {
      return desk.admin.post(path, body).status();
    } catch (IOException e) {
      return -1;
    }
  }

  private static void eventuallyRecorded(String type, String actor) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      var records = desk.admin.get("/api/v1/ledger?last=1000").json().get("records");
      if (records
          .valueStream()
          .anyMatch(
              record ->
                  record.get("type").asString().equals(type)
                      && record.get("actor").asString().equals(actor))) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the ledger never heard of it: " + type + " by " + actor);
  }
}
