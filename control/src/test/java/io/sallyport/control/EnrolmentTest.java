package io.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.OperatorClient.Reply;
import io.sallyport.identity.CertificateIdentity;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class EnrolmentTest {
  private static Desk desk;

  EnrolmentTest(TestDatabase database) {
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

  private static Reply enrol(String id, String csr) throws Exception {
    return desk.admin.post("/api/v1/devices", Desk.enrolment(id, csr));
  }

  @Test
  void issuesACertificateThatNamesTheDeviceAndTellsTheGate() throws Exception {
    var reply = enrol("dev-1", Desk.csr("dev-1"));

    assertThat(reply.status()).isEqualTo(201);
    var certificate = Desk.certificate(reply.json().at("/certificate/pem").asString());
    assertThat(CertificateIdentity.of(certificate))
        .isEqualTo(
            new CertificateIdentity.Identified(PrincipalKind.DEVICE, new PrincipalId("dev-1")));
    certificate.verify(desk.authorities.devices().certificate().getPublicKey());
    assertThat(reply.json().at("/certificate/status").asString()).isEqualTo("active");
    assertThat(reply.json().at("/gateway/host").asString()).isEqualTo("gate.example");
    assertThat(reply.json().at("/gateway/port").asInt()).isEqualTo(8883);
    assertThat(Desk.certificate(reply.json().at("/ca").asString()))
        .isEqualTo(desk.authorities.root());
    assertThat(desk.enforcement.lastOf("dev-1").activeCertificates())
        .extracting(Object::toString)
        .containsExactly(reply.json().at("/certificate/fingerprint").asString());
    assertThat(desk.enforcement.lastOf("dev-1").policies())
        .extracting(policy -> policy.name())
        .containsExactly("default-device");
  }

  @Test
  void refusesAnIdThatExistsEvenAsTheOtherKind() throws Exception {
    assertThat(enrol("dev-2", Desk.csr("dev-2")).status()).isEqualTo(201);

    var again = enrol("dev-2", Desk.csr("dev-2"));
    var backend =
        desk.admin.post(
            "/api/v1/backends", Desk.enrolment("dev-2", Desk.csr(PrincipalKind.BACKEND, "dev-2")));

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().get("reason").asString()).isEqualTo("id-exists");
    assertThat(backend.status()).isEqualTo(409);
  }

  @Test
  void refusesAKeyEverSeenBefore() throws Exception {
    var csr = TestRequests.withoutSubject();
    assertThat(enrol("dev-3", csr).status()).isEqualTo(201);

    var reply = enrol("dev-3b", csr);

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.json().get("reason").asString()).isEqualTo("key-seen");
  }

  @Test
  void refusesWhatIsNoRequestOrSomebodyElses() throws Exception {
    var garbage = enrol("dev-4", "not a csr");
    var foreign = enrol("dev-4", Desk.csr("dev-5"));

    assertThat(garbage.status()).isEqualTo(400);
    assertThat(garbage.json().get("reason").asString()).isEqualTo("malformed");
    assertThat(foreign.status()).isEqualTo(422);
    assertThat(foreign.json().get("reason").asString()).isEqualTo("foreign-subject");
    assertThat(desk.admin.get("/api/v1/devices/dev-4").status()).isEqualTo(404);
  }

  @Test
  void refusesAPolicyThatDoesNotExistAndAttributesOutOfTheirAlphabet() throws Exception {
    var csr = Desk.csr("dev-6").replace("\n", "\\n");
    var policy =
        desk.admin.post(
            "/api/v1/devices",
            "{\"id\":\"dev-6\",\"csr\":\"" + csr + "\",\"policies\":[\"nope\"]}");
    var attribute =
        desk.admin.post(
            "/api/v1/devices",
            "{\"id\":\"dev-6\",\"csr\":\"" + csr + "\",\"attributes\":{\"a\":\"x*\"}}");
    var validity =
        desk.admin.post(
            "/api/v1/devices", "{\"id\":\"dev-6\",\"csr\":\"" + csr + "\",\"validityDays\":3651}");

    assertThat(policy.status()).isEqualTo(422);
    assertThat(policy.json().get("reason").asString()).isEqualTo("policy-unknown");
    assertThat(attribute.status()).isEqualTo(400);
    assertThat(validity.status()).isEqualTo(400);
  }

  @Test
  void keepsWhatWasSaidOfTheDevice() throws Exception {
    var csr = Desk.csr("dev-7").replace("\n", "\\n");
    desk.admin.post(
        "/api/v1/devices",
        "{\"id\":\"dev-7\",\"csr\":\""
            + csr
            + "\",\"thingType\":\"sensor\",\"attributes\":{\"site\":\"north\"},\"policies\":[],"
            + "\"validityDays\":10}");

    var shown = desk.admin.get("/api/v1/devices/dev-7").json();

    assertThat(shown.get("thingType").asString()).isEqualTo("sensor");
    assertThat(shown.at("/attributes/site").asString()).isEqualTo("north");
    assertThat(shown.get("policies")).isEmpty();
    assertThat(shown.get("certificates")).hasSize(1);
    assertThat(shown.get("online").asBoolean()).isFalse();
  }

  @Test
  void exactlyOneOfManyWinsTheSameId() throws Exception {
    var requests =
        IntStream.range(0, 8).mapToObj(_ -> Desk.enrolment("wanted", Desk.csr("wanted"))).toList();
    var replies = new ArrayList<Future<Reply>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      requests.forEach(
          body -> replies.add(threads.submit(() -> desk.admin.post("/api/v1/devices", body))));
    }

    assertThat(replies).extracting(reply -> reply.get().status()).containsOnlyOnce(201);
    var shown = desk.admin.get("/api/v1/devices/wanted").json();
    assertThat(shown.get("certificates").valueStream())
        .filteredOn(certificate -> certificate.get("status").asString().equals("active"))
        .hasSize(1);
  }

  @Test
  void enrolsABatchEachOnItsOwn() throws Exception {
    assertThat(enrol("batch-taken", Desk.csr("batch-taken")).status()).isEqualTo(201);
    var devices = new ArrayList<String>();
    IntStream.range(0, 40)
        .forEach(
            index -> devices.add(Desk.enrolment("batch-" + index, Desk.csr("batch-" + index))));
    devices.add(Desk.enrolment("batch-taken", Desk.csr("batch-taken")));
    devices.add(Desk.enrolment("bad id", Desk.csr("x")));
    devices.add(Desk.enrolment("batch-1", Desk.csr("batch-1")));

    var reply =
        desk.admin.post(
            "/api/v1/devices/batch", "{\"devices\":[" + String.join(",", devices) + "]}");

    assertThat(reply.status()).isEqualTo(200);
    var results = reply.json().get("results");
    assertThat(results).hasSize(43);
    assertThat(results.valueStream().limit(40))
        .allMatch(result -> result.get("status").asString().equals("issued"));
    assertThat(results.valueStream().skip(40))
        .extracting(result -> result.get("reason").asString())
        .containsExactly("id-exists", "malformed-id", "id-exists");
    assertThat(desk.control.ledger().verify().verdict())
        .isInstanceOf(io.sallyport.ledger.Chain.Intact.class);
  }

  /** A common name has no more characters, so a longer id could be signed for nobody. */
  @Test
  void refusesAnIdThatNoCertificateCanHold() throws Exception {
    var longest = "y".repeat(64);
    assertThat(enrol(longest, Desk.csr(longest)).status()).isEqualTo(201);

    var reply = enrol("y".repeat(65), TestRequests.withoutSubject());

    assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
    assertThat(reply.json().get("reason").asString()).isEqualTo("malformed-id");
  }

  @Test
  void refusesABatchOverItsBound() throws Exception {
    var one = Desk.enrolment("many", "x");
    var devices = String.join(",", java.util.Collections.nCopies(501, one));

    assertThat(desk.admin.post("/api/v1/devices/batch", "{\"devices\":[" + devices + "]}").status())
        .isEqualTo(400);
  }

  @Test
  void listsInPagesByKind() throws Exception {
    for (var id : new String[] {"page-a", "page-b", "page-c"}) {
      assertThat(enrol(id, Desk.csr(id)).status()).isEqualTo(201);
    }

    var first = desk.admin.get("/api/v1/devices?after=page-&limit=2").json();
    var second =
        desk.admin.get("/api/v1/devices?limit=2&after=" + first.get("next").asString()).json();

    assertThat(first.get("devices").valueStream().map(device -> device.get("id").asString()))
        .containsExactly("page-a", "page-b");
    assertThat(second.at("/devices/0/id").asString()).isEqualTo("page-c");
    var backends = desk.admin.get("/api/v1/backends?after=page-").json().get("backends");
    assertThat(backends.valueStream().map(backend -> backend.get("id").asString()))
        .containsExactly("sallyport-services");
  }
}
