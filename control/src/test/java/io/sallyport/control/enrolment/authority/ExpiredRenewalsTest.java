package io.sallyport.control.enrolment.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enforcement.MetricsSource.Metric;
import io.sallyport.control.enrolment.authority.DeskAnswer.Why;
import io.sallyport.control.enrolment.authority.ExpiredRenewalSettings.Mode;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.SeenKeys;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is given a successor of a certificate that has expired, and who is not. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class ExpiredRenewalsTest {
  private static final String SOURCE = "192.0.2.1";
  private static final Duration DAY = Duration.ofDays(1);
  private static final ApprovalSettings APPROVAL =
      new ApprovalSettings(false, 1_000, Duration.ofDays(7), Duration.ofSeconds(5));
  private static final ExpiredRenewalSettings ALLOW = settings(Mode.ALLOW, 60);
  private static final ExpiredRenewalSettings APPROVE = settings(Mode.APPROVE, 60);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static Desk desk;

  ExpiredRenewalsTest(TestDatabase database) {
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

  private static ExpiredRenewalSettings settings(Mode mode, int perMinuteMax) {
    return new ExpiredRenewalSettings(mode, Duration.ofDays(30), perMinuteMax, APPROVAL);
  }

  /** What other tests did is not counted. */
  @BeforeEach
  void later() {
    desk.clock.advance(DAY.plusHours(1));
    desk.control.desk().sweep();
  }

  private static byte[] csr(String id) {
    try {
      return Pem.decode(Desk.csr(id), "CERTIFICATE REQUEST");
    } catch (MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Written once, compared with nothing.
  private record Device(String id, Fingerprint shown, byte[] csr) {
    DeskAnswer renews(byte[] request, ExpiredRenewalSettings settings) {
      return desk.control
          .desk()
          .expired()
          .renew(SOURCE, new PrincipalId(id), shown, request, settings);
    }
  }

  private static Device enrolled() {
    var id = "sleeper-" + NUMBER.incrementAndGet();
    var csr = csr(id);
    var made =
        (AuthorityAnswer.TokenMade)
            desk.control
                .desk()
                .tokens()
                .create(
                    id,
                    new NewcomerTerms("", Map.of(), List.of(), 1),
                    Duration.ofHours(1),
                    "admin");
    var secret = made.secret().getBytes(StandardCharsets.US_ASCII);
    return new Device(id, issued(desk.control.desk().enrolWithToken(SOURCE, id, secret, csr)), csr);
  }

  /** One whose certificate expired a day ago. */
  private static Device sleeper() {
    var device = enrolled();
    desk.clock.advance(Duration.ofDays(2));
    return device;
  }

  private static Fingerprint issued(DeskAnswer answer) {
    assertThat(answer).isInstanceOf(DeskAnswer.Issued.class);
    return ((DeskAnswer.Issued) answer).certificate().fingerprint();
  }

  private static void refused(DeskAnswer answer, Why why, String detail) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            DeskAnswer.Refused.class,
            refused -> {
              assertThat(refused.why()).isEqualTo(why);
              assertThat(refused.detail()).contains(detail);
            });
  }

  private static String ledger() throws Exception {
    return desk.admin.get("/api/v1/ledger?last=100").json().toString();
  }

  @Test
  void whoSleptIsRenewedAndTheLedgerSaysSo() throws Exception {
    var device = sleeper();
    var next = issued(device.renews(csr(device.id()), ALLOW));

    assertThat(desk.enforcement.lastOf(device.id()).activeCertificates()).contains(next);
    assertThat(ledger()).contains("expired-certificate-renewed", device.shown().hex());
  }

  @Test
  void theSweepThatMarksItExpiredChangesNothing() {
    var device = sleeper();
    desk.database.change(handle -> Certificates.expire(handle, desk.clock.instant(), 500));

    issued(device.renews(csr(device.id()), ALLOW));
  }

  @Test
  void theSameRequestGetsTheSameCertificateAndAnotherNone() {
    var device = sleeper();
    var request = csr(device.id());
    var next = issued(device.renews(request, ALLOW));

    assertThat(issued(device.renews(request, ALLOW))).isEqualTo(next);
    refused(device.renews(csr(device.id()), ALLOW), Why.FORBIDDEN, "has a successor already");
  }

  @Test
  void theOldKeyIsNoNewOne() {
    var device = sleeper();

    refused(device.renews(device.csr(), ALLOW), Why.FORBIDDEN, "seen before");
  }

  @Test
  void oneThatExpiredTooLongAgoIsRefused() throws Exception {
    var device = sleeper();
    desk.clock.advance(Duration.ofDays(30));

    refused(device.renews(csr(device.id()), ALLOW), Why.FORBIDDEN, "too long ago");
    refused(device.renews(csr(device.id()), APPROVE), Why.FORBIDDEN, "too long ago");
    awaitLedger("expired-renewal-refused");
  }

  private static void awaitLedger(String word) throws Exception {
    for (int attempt = 0; attempt < 200 && !ledger().contains(word); attempt++) {
      Thread.sleep(50);
    }
    assertThat(ledger()).contains(word);
  }

  @Test
  void quarantineAndRevocationHoldHereToo() throws Exception {
    var device = sleeper();
    var request = csr(device.id());
    desk.admin.post("/api/v1/devices/" + device.id() + "/quarantine", "{}");
    refused(device.renews(request, ALLOW), Why.FORBIDDEN, "not active");
    refused(device.renews(request, APPROVE), Why.FORBIDDEN, "not active");
    desk.admin.post("/api/v1/devices/" + device.id() + "/reinstate", "{}");
    desk.admin.post("/api/v1/devices/" + device.id() + "/revoke", "{}");
    refused(device.renews(request, ALLOW), Why.FORBIDDEN, "not active");
  }

  @Test
  void aCertificateThatWasRevokedAloneIsRefused() {
    var device = sleeper();
    desk.database.change(
        handle ->
            handle.execute(
                "update certificate set status = 'revoked', revocation_reason = 'superseded',"
                    + " revoked_at = 1 where fingerprint = ?",
                device.shown().hex()));

    refused(device.renews(csr(device.id()), ALLOW), Why.FORBIDDEN, "is revoked");
  }

  @Test
  void onlyItsOwnCertificateStandsForADevice() {
    var device = sleeper();
    var other = sleeper();

    refused(
        new Device(device.id(), other.shown(), other.csr()).renews(csr(device.id()), ALLOW),
        Why.FORBIDDEN,
        "is not one of it");
    refused(
        new Device("nobody", other.shown(), other.csr()).renews(csr("nobody"), ALLOW),
        Why.FORBIDDEN,
        "not active");
    refused(device.renews(csr(other.id()), ALLOW), Why.MALFORMED, "");
  }

  /** The device never had it: it was taken back. */
  @Test
  void aSuccessorThatWasTakenBackDoesNotLockItsDeviceOut() {
    var device = enrolled();
    var lost =
        issued(
            desk.control
                .desk()
                .succeed(
                    SOURCE,
                    PrincipalKind.DEVICE,
                    new PrincipalId(device.id()),
                    device.shown(),
                    csr(device.id())));
    desk.clock.advance(Duration.ofDays(2));
    refused(device.renews(csr(device.id()), ALLOW), Why.FORBIDDEN, "has a successor already");
    desk.database.change(
        handle ->
            handle.execute(
                "update certificate set status = 'revoked', revocation_reason = 'superseded',"
                    + " revoked_at = 1 where fingerprint = ?",
                lost.hex()));

    issued(device.renews(csr(device.id()), ALLOW));
  }

  @Test
  void ofManyAtOnceOneIsRenewed() throws Exception {
    var device = sleeper();
    var requests = IntStream.range(0, 6).mapToObj(_ -> csr(device.id())).toList();

    long got = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<DeskAnswer>>();
      requests.forEach(csr -> running.add(threads.submit(() -> device.renews(csr, ALLOW))));
      for (var one : running) {
        got += one.get() instanceof DeskAnswer.Issued ? 1 : 0;
      }
    }

    assertThat(got).isOne();
  }

  @Test
  void oneDeviceIsRenewedSoOftenADayAndItsKeyIsGoodTheNextDay() {
    var device = sleeper();
    for (int number = 0; number < ExpiredRenewalSettings.OF_DEVICE_PER_DAY_MAX; number++) {
      var taken = issued(device.renews(csr(device.id()), ALLOW));
      desk.database.change(
          handle ->
              handle.execute(
                  "update certificate set status = 'revoked', revocation_reason = 'superseded',"
                      + " revoked_at = 1 where fingerprint = ?",
                  taken.hex()));
    }
    var request = csr(device.id());
    refused(device.renews(request, ALLOW), Why.BUSY, "too often today");
    refused(device.renews(request, ALLOW), Why.BUSY, "too often today");

    desk.clock.advance(DAY);
    issued(device.renews(request, ALLOW));
  }

  @Test
  void inAMinuteSoManyAreRenewedAndTheNextOneAfterIt() {
    var two = settings(Mode.ALLOW, 2);
    var devices = IntStream.range(0, 3).mapToObj(_ -> enrolled()).toList();
    desk.clock.advance(Duration.ofDays(2));
    issued(devices.get(0).renews(csr(devices.get(0).id()), two));
    issued(devices.get(1).renews(csr(devices.get(1).id()), two));
    var request = csr(devices.get(2).id());
    refused(devices.get(2).renews(request, two), Why.BUSY, "try later");

    desk.clock.advance(Duration.ofMinutes(1));
    issued(devices.get(2).renews(request, two));
  }

  @Test
  void aCrashBetweenSerialAndCertificateCostsNeitherKeyNorPlace() throws Exception {
    var device = sleeper();
    var request = csr(device.id());
    var id = new PrincipalId(device.id());
    var key = CertificateRequest.parse(request, PrincipalKind.DEVICE, id).publicKeyHash();
    // What the transaction before the signing leaves behind.
    desk.database.change(
        handle -> {
          var now = desk.clock.instant();
          SeenKeys.claimNew(handle, key, PrincipalKind.DEVICE, id, now);
          ExpiredRenewalTable.insert(handle, id, key, device.shown(), now);
        });

    issued(device.renews(request, settings(Mode.ALLOW, 1)));
  }

  @Test
  void whereNoneIsRenewedNoneIs() {
    var device = sleeper();

    refused(
        device.renews(csr(device.id()), settings(Mode.REFUSE, 60)),
        Why.FORBIDDEN,
        "once it has expired");
    assertThat(settings(Mode.REFUSE, 60).doorMax()).isZero();
  }

  @Test
  void anOperatorDecidesAndTheDeviceStaysWhatItIs() throws Exception {
    var device = sleeper();
    var request = csr(device.id());
    assertThat(device.renews(request, APPROVE)).isInstanceOf(DeskAnswer.Pending.class);
    assertThat(device.renews(request, APPROVE)).isInstanceOf(DeskAnswer.Pending.class);
    var listed = desk.admin.get("/api/v1/enrolment/applications?limit=1000").json().toString();
    assertThat(listed).contains("\"renews\":\"" + device.shown().hex() + "\"");

    var path = "/api/v1/enrolment/applications/" + device.id() + "/approve";
    var terms = desk.admin.post(path, "{\"thingType\":\"lamp\"}");
    assertThat(terms.status()).isEqualTo(400);
    assertThat(terms.json().toString()).contains("terms-of-renewal");
    assertThat(desk.admin.post(path, "{}").status()).isEqualTo(200);

    var next = issued(device.renews(request, APPROVE));
    assertThat(issued(device.renews(request, APPROVE))).isEqualTo(next);
    assertThat(desk.enforcement.lastOf(device.id()).thingType()).isEmpty();
    assertThat(ledger()).contains("expired-certificate-renewed", "enrolment-approved");
  }

  @Test
  void whatAnOperatorRejectedStaysRejectedAndAnApprovalServesItsCertificateOnly() {
    var device = sleeper();
    var request = csr(device.id());
    device.renews(request, APPROVE);
    desk.control.desk().applications().reject(device.id(), "admin");
    refused(device.renews(request, APPROVE), Why.FORBIDDEN, "an operator rejected it");

    var newcomer = "new-" + device.id();
    var open = new ApprovalSettings(true, 1_000, Duration.ofDays(7), Duration.ofSeconds(5));
    var other = sleeper();
    var renewal = csr(other.id());
    other.renews(renewal, APPROVE);
    desk.control.desk().applications().approve(other.id(), NewcomerTerms.DEFAULTS, "admin");
    refused(
        desk.control.desk().enrolByApproval(SOURCE, renewal, open), Why.FORBIDDEN, "or to renew");
    var fresh = csr(newcomer);
    assertThat(desk.control.desk().enrolByApproval(SOURCE, fresh, open))
        .isInstanceOf(DeskAnswer.Pending.class);
    var asNewcomer = csr(other.id());
    desk.control.desk().enrolByApproval(SOURCE, asNewcomer, open);
    refused(other.renews(asNewcomer, APPROVE), Why.FORBIDDEN, "something else");
    issued(other.renews(renewal, APPROVE));
  }

  @Test
  void keysOfOneDeviceThatWaitAreBounded() {
    var device = sleeper();
    for (int number = 0; number < ExpiredRenewalSettings.WAITING_OF_DEVICE_MAX; number++) {
      assertThat(device.renews(csr(device.id()), APPROVE)).isInstanceOf(DeskAnswer.Pending.class);
    }

    refused(device.renews(csr(device.id()), APPROVE), Why.BUSY, "too many wait");
  }

  @Test
  void eachAnswerIsCounted() {
    var before = counted();
    var device = sleeper();
    device.renews(csr(device.id()), APPROVE);
    device.renews(device.csr(), ALLOW);
    device.renews(csr(device.id()), settings(Mode.ALLOW, 0));
    device.renews(csr(device.id()), ALLOW);

    assertThat(counted())
        .containsEntry("pending", before.getOrDefault("pending", 0.0) + 1)
        .containsEntry("refused", before.getOrDefault("refused", 0.0) + 1)
        .containsEntry("too-often", before.getOrDefault("too-often", 0.0) + 1)
        .containsEntry("issued", before.getOrDefault("issued", 0.0) + 1);
  }

  private static Map<String, Double> counted() {
    var all = new ArrayList<Metric>();
    desk.control.desk().expired().collect(all::add);
    return all.stream()
        .collect(
            Collectors.toMap(metric -> metric.labels().getOrDefault("outcome", ""), Metric::value));
  }
}
