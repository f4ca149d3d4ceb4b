package io.sallyport.control.enrolment.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.CertificateRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class EnrolmentDeskTest {
  private static final String SOURCE = "192.0.2.1";
  private static final ApprovalSettings APPROVAL =
      new ApprovalSettings(true, 20, Duration.ofHours(1), Duration.ofSeconds(5));
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static Desk desk;

  EnrolmentDeskTest(TestDatabase database) {
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

  private static EnrolmentDesk enrolment() {
    return desk.control.desk();
  }

  private static String fresh(String prefix) {
    return prefix + NUMBER.incrementAndGet();
  }

  private static byte[] csr(String id) {
    try {
      return Pem.decode(Desk.csr(id), "CERTIFICATE REQUEST");
    } catch (MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  private static String token(String id) {
    return token(id, NewcomerTerms.DEFAULTS);
  }

  private static String token(String id, NewcomerTerms terms) {
    var made = enrolment().tokens().create(id, terms, Duration.ofHours(1), "admin");
    assertThat(made).isInstanceOf(AuthorityAnswer.TokenMade.class);
    return ((AuthorityAnswer.TokenMade) made).secret();
  }

  private static DeskAnswer enrol(String id, String secret, byte[] csr) {
    return enrolment().enrolWithToken(SOURCE, id, secret.getBytes(StandardCharsets.US_ASCII), csr);
  }

  private static DeskAnswer.Why why(DeskAnswer answer) {
    assertThat(answer).isInstanceOf(DeskAnswer.Refused.class);
    return ((DeskAnswer.Refused) answer).why();
  }

  private static Fingerprint issued(DeskAnswer answer) {
    assertThat(answer).isInstanceOf(DeskAnswer.Issued.class);
    return ((DeskAnswer.Issued) answer).certificate().fingerprint();
  }

  @Test
  void aTokenGivesTheDeviceWhatTheOperatorSaid() {
    var id = fresh("dev-");
    var terms = new NewcomerTerms("lamp", Map.of("room", "hall"), List.of(), 7);

    var fingerprint = issued(enrol(id, token(id, terms), csr(id)));

    var told = desk.enforcement.lastOf(id);
    assertThat(told.activeCertificates()).containsExactly(fingerprint);
    assertThat(told.thingType()).isEqualTo("lamp");
    assertThat(told.attributes()).containsEntry("room", "hall");
    assertThat(told.policies()).isEmpty();
    assertThat(told.certificates().getFirst().notAfter())
        .isBefore(desk.clock.instant().plus(Duration.ofDays(8)));
  }

  @Test
  void ofManyAtOnceOneSpendsTheToken() throws Exception {
    var id = fresh("dev-");
    var secret = token(id);
    var requests = IntStream.range(0, 8).mapToObj(_ -> csr(id)).toList();

    var answers = new ArrayList<DeskAnswer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<DeskAnswer>>();
      requests.forEach(csr -> running.add(threads.submit(() -> enrol(id, secret, csr))));
      for (var one : running) {
        answers.add(one.get());
      }
    }

    assertThat(answers).filteredOn(DeskAnswer.Issued.class::isInstance).hasSize(1);
    assertThat(answers)
        .filteredOn(DeskAnswer.Refused.class::isInstance)
        .hasSize(7)
        .allMatch(answer -> why(answer) == DeskAnswer.Why.FORBIDDEN);
  }

  @Test
  void aTokenThatEnrolledNobodyIsNotSpent() {
    var id = fresh("dev-");
    var secret = token(id, new NewcomerTerms("", Map.of(), List.of("no-such-policy"), null));
    var csr = csr(id);

    assertThat(why(enrol(id, secret, csr))).isEqualTo(DeskAnswer.Why.FORBIDDEN);
    assertThat(why(enrol(id, secret, csr(id)))).isEqualTo(DeskAnswer.Why.FORBIDDEN);

    assertThat(enrolment().tokens().page("", 1_000))
        .filteredOn(token -> token.id().value().equals(id))
        .singleElement()
        .satisfies(token -> assertThat(token.state()).isEqualTo(TokenRecord.State.OPEN));
  }

  @Test
  void aTokenThatACrashLeftSpentServesTheSameKeyAndNoOther() throws Exception {
    var id = fresh("dev-");
    var secret = token(id);
    var csr = csr(id);
    var token =
        enrolment().tokens().find(new PrincipalId(id), secret.getBytes(StandardCharsets.US_ASCII));
    var key =
        CertificateRequest.parse(csr, PrincipalKind.DEVICE, new PrincipalId(id)).publicKeyHash();
    desk.database.change(
        handle ->
            assertThat(
                    OneTimeTokens.warrant(token.orElseThrow())
                        .spend(handle, new PrincipalId(id), key, desk.clock.instant()))
                .isEmpty());

    assertThat(why(enrol(id, secret, csr(id)))).isEqualTo(DeskAnswer.Why.FORBIDDEN);
    var fingerprint = issued(enrol(id, secret, csr));
    assertThat(issued(enrol(id, secret, csr))).isEqualTo(fingerprint);
  }

  @Test
  void anotherNameAnotherSecretOrAnotherTimeOpensNothing() {
    var id = fresh("dev-");
    var secret = token(id);
    var short1 = enrolment().tokens().create(id, NewcomerTerms.DEFAULTS, Duration.ofMillis(1), "a");
    var over = ((AuthorityAnswer.TokenMade) short1).secret();

    assertThat(why(enrol("not an id", secret, csr(id))))
        .isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    assertThat(why(enrol(id + "x", secret, csr(id + "x"))))
        .isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    assertThat(why(enrol(id, secret.substring(1), csr(id))))
        .isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    assertThat(why(enrol(id, "", csr(id)))).isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    assertThat(why(enrol(id, secret, csr("other")))).isEqualTo(DeskAnswer.Why.MALFORMED);
    assertThat(why(enrol(id, secret, new byte[] {0x30}))).isEqualTo(DeskAnswer.Why.MALFORMED);
    desk.clock.advance(Duration.ofSeconds(1));
    assertThat(why(enrol(id, over, csr(id)))).isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    issued(enrol(id, secret, csr(id)));
  }

  @Test
  void thePlaceForApplicationsIsBoundedInAllAndForEachSource() {
    var settings = new ApprovalSettings(true, 10, Duration.ofHours(1), Duration.ofSeconds(5));
    desk.clock.advance(Duration.ofDays(30));
    for (int number = 0; number < 10; number++) {
      var id = fresh("app-");
      assertThat(enrolment().enrolByApproval("192.0.2." + number, csr(id), settings))
          .isInstanceOf(DeskAnswer.Pending.class);
      if (number == 0) {
        var more = fresh("app-");
        assertThat(why(enrolment().enrolByApproval("192.0.2.0", csr(more), settings)))
            .isEqualTo(DeskAnswer.Why.BUSY);
      }
    }
    var late = csr(fresh("app-"));
    assertThat(why(enrolment().enrolByApproval("192.0.2.99", late, settings)))
        .isEqualTo(DeskAnswer.Why.BUSY);

    // Whoever nobody decided about makes room in the end.
    desk.clock.advance(Duration.ofHours(2));
    assertThat(enrolment().enrolByApproval("192.0.2.99", late, settings))
        .isInstanceOf(DeskAnswer.Pending.class);
  }

  @Test
  void anApprovalServesOnceAndTheRejectedKeyStaysRejected() {
    desk.clock.advance(Duration.ofDays(30));
    var id = fresh("app-");
    var csr = csr(id);
    assertThat(enrolment().enrolByApproval(SOURCE, csr, APPROVAL))
        .isInstanceOf(DeskAnswer.Pending.class);
    assertThat(desk.enforcement.trust).doesNotContainKey(new PrincipalId(id));
    assertThat(enrolment().applications().approve(id, NewcomerTerms.DEFAULTS, "admin"))
        .isInstanceOf(AuthorityAnswer.Decided.class);

    var fingerprint = issued(enrolment().enrolByApproval(SOURCE, csr, APPROVAL));
    assertThat(issued(enrolment().enrolByApproval(SOURCE, csr, APPROVAL))).isEqualTo(fingerprint);
    assertThat(desk.enforcement.lastOf(id).activeCertificates()).containsExactly(fingerprint);
    assertThat(enrolment().applications().approve(id, NewcomerTerms.DEFAULTS, "admin"))
        .isInstanceOf(AuthorityAnswer.Refused.class);

    var other = fresh("app-");
    var refused = csr(other);
    enrolment().enrolByApproval(SOURCE, refused, APPROVAL);
    enrolment().applications().reject(other, "admin");
    assertThat(why(enrolment().enrolByApproval(SOURCE, refused, APPROVAL)))
        .isEqualTo(DeskAnswer.Why.FORBIDDEN);
  }

  @Test
  void ofManyWhoRenewAtOnceNoMoreThanTheBoundGetOne() throws Exception {
    var id = fresh("dev-");
    var shown = issued(enrol(id, token(id), csr(id)));
    var requests = IntStream.range(0, 8).mapToObj(_ -> csr(id)).toList();

    long got = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<DeskAnswer>>();
      requests.forEach(csr -> running.add(threads.submit(() -> renew(id, shown, csr))));
      for (var one : running) {
        got += one.get() instanceof DeskAnswer.Issued ? 1 : 0;
      }
    }

    assertThat(got).isEqualTo(2);
    assertThat(desk.enforcement.lastOf(id).activeCertificates()).hasSize(3).contains(shown);
  }

  @Test
  void onlyAnActiveCertificateOfAnActiveDeviceHasASuccessor() throws Exception {
    var id = fresh("dev-");
    var shown = issued(enrol(id, token(id), csr(id)));
    var other = fresh("dev-");
    var foreign = issued(enrol(other, token(other), csr(other)));

    assertThat(why(renew(id, foreign, csr(id)))).isEqualTo(DeskAnswer.Why.FORBIDDEN);
    desk.admin.post("/api/v1/devices/" + id + "/quarantine", "{}");
    assertThat(why(renew(id, shown, csr(id)))).isEqualTo(DeskAnswer.Why.FORBIDDEN);
    desk.admin.post("/api/v1/devices/" + id + "/reinstate", "{}");
    issued(renew(id, shown, csr(id)));
    desk.admin.post("/api/v1/devices/" + id + "/revoke", "{}");
    assertThat(why(renew(id, shown, csr(id)))).isEqualTo(DeskAnswer.Why.FORBIDDEN);
    assertThat(why(renew(fresh("nobody-"), shown, csr("nobody"))))
        .isEqualTo(DeskAnswer.Why.MALFORMED);
  }

  private static DeskAnswer renew(String id, Fingerprint shown, byte[] csr) {
    return enrolment().succeed(SOURCE, PrincipalKind.DEVICE, new PrincipalId(id), shown, csr);
  }

  @Test
  void operatorsSeeAndEndTokensAndOnlyOperatorsMakeThem() throws Exception {
    var id = fresh("dev-");
    var made =
        desk.admin.post(
            "/api/v1/enrolment/tokens", "{\"id\":\"" + id + "\",\"goodForSeconds\":60}");
    assertThat(made.status()).isEqualTo(201);
    var secret = made.json().get("token").asString();
    var name = made.json().get("name").asString();
    assertThat(secret).hasSize(43);

    var listed = desk.admin.get("/api/v1/enrolment/tokens?limit=1000").json();
    assertThat(listed.toString()).contains(name).doesNotContain(secret);
    assertThat(desk.admin.post("/api/v1/enrolment/tokens/" + name + "/revoke", "{}").status())
        .isEqualTo(200);
    assertThat(desk.admin.post("/api/v1/enrolment/tokens/" + name + "/revoke", "{}").status())
        .isEqualTo(404);
    assertThat(why(enrol(id, secret, csr(id)))).isEqualTo(DeskAnswer.Why.NOT_AUTHENTICATED);
    for (var bad :
        List.of(
            "{}",
            "{\"id\":\"a b\"}",
            "{\"id\":\"a\",\"goodForSeconds\":0}",
            "{\"id\":\"a\",\"goodForSeconds\":9000000}",
            "{\"id\":\"a\",\"validityDays\":0}",
            "{\"id\":\"a\",\"thingType\":\"no way\"}",
            "{\"id\":\"a\",\"policies\":[\"a,b\"]}",
            "{\"id\":\"a\",\"more\":1}")) {
      assertThat(desk.admin.post("/api/v1/enrolment/tokens", bad).status()).as(bad).isEqualTo(400);
    }
    try (var stranger = desk.anonymous()) {
      assertThat(stranger.post("/api/v1/enrolment/tokens", "{\"id\":\"a\"}").status())
          .isEqualTo(401);
    }
    assertThat(desk.admin.get("/api/v1/ledger?last=50").json().toString())
        .contains("enrolment-token-created", "enrolment-token-revoked")
        .doesNotContain(secret);
  }
}
