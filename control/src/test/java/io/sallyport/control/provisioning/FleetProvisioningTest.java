package io.sallyport.control.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Control;
import io.sallyport.control.Desk;
import io.sallyport.control.Introduced;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.control.provisioning.template.TemplateAnswer;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.CborText;
import io.sallyport.identity.cose.MalformedCbor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class FleetProvisioningTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SOURCE = "192.0.2.1";
  private static final String CREATE = "$aws/certificates/create-from-csr/json";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static Desk desk;

  FleetProvisioningTest(TestDatabase database) {
    assertThat(database).isNotNull();
  }

  @BeforeParameterizedClassInvocation
  static void open(TestDatabase database) {
    desk = Desk.open(database);
    put("lamps", Introduced.TEMPLATE, false);
    put("asked", Introduced.TEMPLATE, true);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    desk.close();
  }

  private static TemplateAnswer put(String name, String body, boolean hook) {
    return desk.api().templates().put(name, body, hook, "admin");
  }

  private static String serial() {
    return "n" + NUMBER.incrementAndGet();
  }

  private static CborReader cbor(ProvisioningDesk.Message answer, String name)
      throws MalformedCbor {
    var members = CborReader.of(answer.payload(), 65_536, "answer").members();
    return Objects.requireNonNull(members.get(name), name);
  }

  private static Optional<PrincipalRecord> found(String id) {
    return desk.database.read(handle -> desk.api().principals().find(handle, new PrincipalId(id)));
  }

  private static void refused(JsonNode answer, String code) {
    assertThat(answer.path("errorCode").asString("none")).as(answer.toString()).isEqualTo(code);
    assertThat(answer.path("statusCode").asInt()).isGreaterThanOrEqualTo(400);
    assertThat(answer.path("errorMessage").asString()).isNotEmpty();
  }

  @Test
  void aCertificateWaitsUntilItsThingIsRegistered() {
    var line = Line.of(desk, 2, "lamp-*", "lamps");
    var serial = serial();
    var id = "lamp-" + serial;

    var created = line.create(Desk.csr(id));
    assertThat(found(id)).isEmpty();
    var answer = line.register(created.path("certificateOwnershipToken").asString(), serial);

    assertThat(answer.path("thingName").asString()).isEqualTo(id);
    assertThat(answer.path("deviceConfiguration").isObject()).isTrue();
    var device = found(id).orElseThrow();
    assertThat(device.activeCertificates()).hasSize(1);
    assertThat(device.certificates().getFirst().fingerprint().hex())
        .isEqualTo(created.path("certificateId").asString());
    assertThat(device.attributes()).containsEntry("serial", serial);
    assertThat(device.thingType()).isEqualTo("lamp");
    assertThat(line.used()).isEqualTo(1);
  }

  @Test
  void speaksCborAsItSpeaksJson() throws Exception {
    var line = Line.of(desk, 1, "lamp-*", "lamps");
    var serial = serial();
    var csr = Map.of("certificateSigningRequest", Desk.csr("lamp-" + serial));

    var created = line.ask("$aws/certificates/create-from-csr/cbor", CborText.write(csr));
    assertThat(created.topic()).isEqualTo("$aws/certificates/create-from-csr/cbor/accepted");
    var token = cbor(created, "certificateOwnershipToken").text();
    var registered =
        line.ask(
            "$aws/provisioning-templates/lamps/provision/cbor",
            CborText.write(
                Map.of(
                    "certificateOwnershipToken",
                    token,
                    "parameters",
                    Map.of("SerialNumber", serial))));

    assertThat(registered.topic()).endsWith("/lamps/provision/cbor/accepted");
    assertThat(cbor(registered, "thingName").text()).isEqualTo("lamp-" + serial);
    var refused = line.ask("$aws/certificates/create/cbor", new byte[0]);
    assertThat(refused.topic()).isEqualTo("$aws/certificates/create/cbor/rejected");
    assertThat(cbor(refused, "statusCode").number()).isEqualTo(403);
  }

  @Test
  void aTokenIsGoodOnceForItsClaimAndItsTime() {
    var line = Line.of(desk, 5, "lamp-*", "lamps");
    var other = Line.of(desk, 5, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);

    refused(other.register(token, serial), "InvalidCertificateOwnershipToken");
    refused(line.register("", serial), "InvalidCertificateOwnershipToken");
    refused(line.register("x".repeat(43), serial), "InvalidCertificateOwnershipToken");
    assertThat(line.register(token, serial).has("thingName")).isTrue();
    refused(line.register(token, serial), "InvalidCertificateOwnershipToken");

    var late = serial();
    var expiring = line.token("lamp-" + late);
    desk.clock.advance(Duration.ofMinutes(61));
    refused(line.register(expiring, late), "InvalidCertificateOwnershipToken");
    desk.api().provisioning().sweep();
    assertThat(found("lamp-" + late)).isEmpty();
    assertThat(pending("lamp-" + late)).isZero();
    assertThat(pendingSerials("lamp-" + late)).isZero();
  }

  private static long pending(String id) {
    return count("select count(*) from provisioning_certificate where principal = ?", id);
  }

  private static long pendingSerials(String id) {
    return count("select count(*) from certificate where status = 'pending' and principal = ?", id);
  }

  private static long count(String sql, String id) {
    return desk.database.read(handle -> handle.select(sql, id).mapTo(Long.class).one());
  }

  @Test
  void ofManyWithOneTokenOneGetsIn() throws Exception {
    var line = Line.of(desk, 1, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<JsonNode> one = () -> line.register(token, serial);
      var answers = new java.util.ArrayList<Future<JsonNode>>();
      for (int i = 0; i < 6; i++) {
        answers.add(threads.submit(one));
      }
      int in = 0;
      for (var answer : answers) {
        in += answer.get().has("thingName") ? 1 : 0;
      }
      assertThat(in).isEqualTo(1);
    }
    assertThat(found("lamp-" + serial).orElseThrow().activeCertificates()).hasSize(1);
  }

  @Test
  void theThingIsNamedAsTheCertificateOrNotAtAll() {
    var line = Line.of(desk, 9, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);

    for (var evil : List.of("other", "../x", "+", "#", "$aws", "a/b", "", "x\u0000")) {
      refused(line.register(token, evil), "InvalidParameters");
    }
    refused(line.register("lamps", token, Map.of()), "InvalidParameters");
    refused(
        line.register(
            "lamps",
            token,
            Map.of("SerialNumber", serial, "AWS::IoT::Certificate::CommonName", "lamp-x")),
        "InvalidParameters");
    // What was refused cost nothing.
    assertThat(line.register(token, serial).has("thingName")).isTrue();
  }

  @Test
  void aClaimGetsWhatItIsBoundToAndNothingElse() {
    var line = Line.of(desk, 1, "lamp-*", "lamps");
    var elsewhere = Line.of(desk, 1, "lamp-*");
    var serial = serial();
    var token = line.token("lamp-" + serial);

    assertThat(line.rights().requests())
        .containsExactlyInAnyOrder(
            "$aws/certificates/create-from-csr/json",
            "$aws/certificates/create-from-csr/cbor",
            "$aws/certificates/create/json",
            "$aws/certificates/create/cbor",
            "$aws/provisioning-templates/lamps/provision/json",
            "$aws/provisioning-templates/lamps/provision/cbor");
    assertThat(line.rights().replies())
        .contains("$aws/provisioning-templates/lamps/provision/json/accepted")
        .noneMatch(filter -> filter.contains("#"));
    assertThat(elsewhere.rights()).isEqualTo(ProvisioningDesk.Rights.NONE);
    assertThat(desk.control.provisioning().rights(SOURCE, List.of()))
        .isEqualTo(ProvisioningDesk.Rights.NONE);
    assertThat(
            desk.control
                .provisioning()
                .rights(SOURCE, List.of(desk.authorities.devices().certificate())))
        .isEqualTo(ProvisioningDesk.Rights.NONE);
    refused(line.register("asked", token, Map.of("SerialNumber", serial)), "AccessDenied");
    refused(line.ask("$aws/things/x/shadow/get", "{}"), "AccessDenied");
    refused(line.ask("$aws/certificates/create/json", "{}"), "AccessDenied");
    assertThat(
            desk.control
                .introductions()
                .enrol(SOURCE, List.of(line.certificate()), der("lamp-est")))
        .isInstanceOf(DeskAnswer.Refused.class);
  }

  private static byte[] der(String id) {
    try {
      return Pem.decode(Desk.csr(id), "CERTIFICATE REQUEST");
    } catch (io.sallyport.identity.MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theClaimsCountBoundsWhatIsSigned() {
    var line = Line.of(desk, 2, "lamp-*", "lamps");
    var id = "lamp-" + serial();
    var csr = Desk.csr(id);

    var first = line.create(csr);
    var again = line.create(csr);

    // The same key again: the same certificate, another token, no second use.
    assertThat(again.path("certificateId")).isEqualTo(first.path("certificateId"));
    assertThat(again.path("certificateOwnershipToken"))
        .isNotEqualTo(first.path("certificateOwnershipToken"));
    assertThat(line.used()).isEqualTo(1);
    line.token("lamp-" + serial());
    refused(line.create(Desk.csr("lamp-" + serial())), "AccessDenied");
    assertThat(line.used()).isEqualTo(2);
  }

  @Test
  void oneKeyIsNotCertifiedWithoutEnd() {
    var line = Line.of(desk, 1, "lamp-*", "lamps");
    var csr = Desk.csr("lamp-" + serial());
    for (int i = 0; i < FleetProvisioning.SIGNED_MAX; i++) {
      assertThat(line.create(csr).has("certificatePem")).isTrue();
      desk.clock.advance(Duration.ofMinutes(61));
    }

    refused(line.create(csr), "AccessDenied");
    assertThat(line.used()).isEqualTo(1);
  }

  @Test
  void whoIsThereIsNotTakenOver() {
    var line = Line.of(desk, 5, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);
    assertThat(line.register(token, serial).has("thingName")).isTrue();

    refused(line.create(Desk.csr("lamp-" + serial)), "ResourceRegistrationFailure");
    var two = serial();
    var waiting = line.token("lamp-" + two);
    var enrolment = Desk.enrolment("lamp-" + two, Desk.csr("lamp-" + two));
    assertThat(post("/api/v1/devices", enrolment)).isEqualTo(201);
    refused(line.register(waiting, two), "ResourceRegistrationFailure");
  }

  private static int post(String path, String body) {
    try {
      return desk.admin.post(path, body).status();
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void foreignNamesAndBadRequestsAreRefused() {
    var line = Line.of(desk, 3, "lamp-*", "lamps");

    refused(line.create(Desk.csr("pump-1")), "AccessDenied");
    refused(line.create("no request"), "InvalidCsr");
    refused(line.ask(CREATE, "{\"certificateSigningRequest\":\"\"}"), "InvalidPayload");
    refused(line.ask(CREATE, "{"), "InvalidPayload");
    refused(line.ask(CREATE, "[]"), "InvalidPayload");
    refused(line.ask(CREATE, "{\"a\":1,\"a\":2}"), "InvalidPayload");
    refused(line.ask(CREATE, "[".repeat(100)), "InvalidPayload");
    refused(line.ask(CREATE, " ".repeat(RequestPayload.BYTES_MAX + 1)), "InvalidPayload");
    var many = new HashMap<String, String>();
    for (int i = 0; i <= RequestPayload.MEMBERS_MAX; i++) {
      many.put("p" + i, "v");
    }
    refused(line.ask(CREATE, JSON.writeValueAsString(many)), "InvalidPayload");
    refused(line.register("lamps", "t", many), "InvalidPayload");
    refused(
        line.ask("$aws/provisioning-templates/lamps/provision/json", "{\"parameters\":\"x\"}"),
        "InvalidPayload");
    refused(
        line.ask("$aws/provisioning-templates/lamps/provision/json", "{\"parameters\":{\"S\":1}}"),
        "InvalidPayload");
    for (var half : List.of("{\"parameters\":{\"S\":\"\\ud800\"}}", "{\"\\ud800\":\"x\"}")) {
      refused(line.ask("$aws/provisioning-templates/lamps/provision/json", half), "InvalidPayload");
    }
    for (var bad : List.of(new byte[0], new byte[] {(byte) 0xA1}, new byte[] {(byte) 0xF6})) {
      assertThat(line.ask("$aws/certificates/create-from-csr/cbor", bad).topic())
          .endsWith("/rejected");
    }
    var inner = Map.of("parameters", (Object) Map.of("S", 1));
    assertThat(
            line.ask("$aws/provisioning-templates/lamps/provision/cbor", CborText.write(inner))
                .topic())
        .endsWith("/rejected");
    assertThat(line.used()).isZero();
  }

  @Test
  void aClaimThatIsEndedGetsNothingMore() {
    var line = Line.of(desk, 5, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);
    desk.control.introductions().claims().kill(line.name(), "admin");

    refused(line.register(token, serial), "AccessDenied");
    refused(line.create(Desk.csr("lamp-" + serial())), "AccessDenied");
    assertThat(line.rights()).isEqualTo(ProvisioningDesk.Rights.NONE);
    assertThat(found("lamp-" + serial)).isEmpty();
  }

  @Test
  void aBatchThatIsClosedTakesNobodyInLater() {
    var line = Line.of(desk, 5, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);
    assertThat(post("/api/v1/batches/b-" + line.name() + "/close", "{}")).isEqualTo(200);

    refused(line.register(token, serial), "AccessDenied");
    assertThat(found("lamp-" + serial)).isEmpty();
    assertThat(pendingSerials("lamp-" + serial)).isZero();
  }

  @Test
  void whatWaitsSurvivesARestart() {
    var line = Line.of(desk, 2, "lamp-*", "lamps");
    var serial = serial();
    var token = line.token("lamp-" + serial);

    try (var again =
        Control.open(Desk.CONFIGURATION, desk.database, desk.authorities, desk.clock)) {
      assertThat(line.at(again).register(token, serial).has("thingName")).isTrue();
    }
  }

  @Test
  void groupsOfATemplateAreJoined() {
    assertThat(post("/api/v1/groups", "{\"name\":\"halls\"}")).isIn(201, 409);
    assertThat(post("/api/v1/groups", "{\"name\":\"lights\"}")).isIn(201, 409);
    var grouped =
        Introduced.TEMPLATE.replace(
            "\"ThingTypeName\"", "\"ThingGroups\": [\"halls\", \"lights\"], \"ThingTypeName\"");
    assertThat(put("grouped", grouped, false)).isInstanceOf(TemplateAnswer.Shown.class);
    var line = Line.of(desk, 2, "lamp-*", "grouped");
    var serial = serial();

    var in = line.register("grouped", line.token("lamp-" + serial), Map.of("SerialNumber", serial));

    assertThat(in.has("thingName")).as(in.toString()).isTrue();
    assertThat(member("halls", "lamp-" + serial)).isTrue();
    assertThat(member("lights", "lamp-" + serial)).isTrue();
    var byParameter =
        Introduced.TEMPLATE.replace(
            "\"ThingTypeName\"",
            "\"ThingGroups\": [\"halls\", {\"Ref\": \"SerialNumber\"}], \"ThingTypeName\"");
    put("grouped", byParameter, false);
    var other = serial();
    refused(
        line.register("grouped", line.token("lamp-" + other), Map.of("SerialNumber", other)),
        "AccessDenied");
    assertThat(found("lamp-" + other)).isEmpty();
    assertThat(member("halls", "lamp-" + other)).isFalse();
  }

  private static boolean member(String group, String id) {
    return desk.database.read(
        handle ->
            handle
                    .select(
                        "select count(*) from group_member where group_name = ? and principal = ?",
                        group,
                        id)
                    .mapTo(Long.class)
                    .one()
                == 1);
  }

  @Test
  void aPolicyThatIsNotThereIsFoundBeforeAnybodyIsLetIn() {
    var named = Introduced.TEMPLATE.replace("\"default-device\"", "{\"Ref\": \"SerialNumber\"}");
    put("policed", named, false);
    var line = Line.of(desk, 2, "lamp-*", "policed");
    var serial = serial();

    refused(
        line.register("policed", line.token("lamp-" + serial), Map.of("SerialNumber", serial)),
        "ResourceRegistrationFailure");
    assertThat(found("lamp-" + serial)).isEmpty();
  }

  @Test
  void theHookDecidesAndOverrides() {
    try (var hooked = new Hooked();
        var control = hookedControl(hooked.settings(Duration.ofSeconds(5)))) {
      var line = Line.of(desk, 9, "lamp-*", "asked").at(control);
      var serial = serial();
      var token = line.token("lamp-" + serial);
      var said = Map.of("SerialNumber", "what the device says");

      hooked.answer = "{\"allowProvisioning\":false}";
      refused(line.register("asked", token, said), "AccessDenied");
      hooked.answer = "no";
      refused(line.register("asked", token, said), "InternalServerError");
      hooked.answer = "{\"allowProvisioning\":true}";
      refused(line.register("asked", token, said), "InvalidParameters");
      assertThat(found("lamp-" + serial)).isEmpty();
      hooked.answer =
          "{\"allowProvisioning\":true,\"parameterOverrides\":{\"SerialNumber\":\""
              + serial
              + "\"}}";
      assertThat(line.register("asked", token, said).path("thingName").asString())
          .isEqualTo("lamp-" + serial);
    }
  }

  private static Control hookedControl(@Nullable HookSettings hook) {
    var plain = Desk.CONFIGURATION;
    return Control.open(
        plain.with(new ProvisioningSettings(Duration.ofHours(1), hook)),
        desk.database,
        desk.authorities,
        desk.clock);
  }

  @Test
  void whatDidNotReachItIsRefusedInItsOwnFormat() {
    var provisioning = desk.control.provisioning();

    var busy = provisioning.refusal(CREATE, ProvisioningDesk.Trouble.BUSY);
    var broken = provisioning.refusal("$aws/unknown", ProvisioningDesk.Trouble.BROKEN);

    assertThat(busy.topic()).isEqualTo(CREATE + "/rejected");
    refused(JSON.readTree(busy.payload()), "Throttled");
    refused(JSON.readTree(broken.payload()), "InternalServerError");
  }
}
