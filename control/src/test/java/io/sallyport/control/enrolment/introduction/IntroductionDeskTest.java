package io.sallyport.control.enrolment.introduction;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.authority.DeskAnswer;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.claim.ClaimAbuse;
import io.sallyport.control.enrolment.claim.ClaimAnswer;
import io.sallyport.control.enrolment.claim.ClaimRecord;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.claim.IdPatterns;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer;
import io.sallyport.control.enrolment.manufacturer.ManufacturerRecord;
import io.sallyport.control.enrolment.manufacturer.Manufacturers;
import io.sallyport.control.enrolment.manufacturer.SerialRecord;
import io.sallyport.control.enrolment.manufacturer.SerialWarrant;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.manufacturer.SerialSource;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class IntroductionDeskTest {
  private static final String SOURCE = "192.0.2.1";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static Desk desk;

  IntroductionDeskTest(TestDatabase database) {
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

  private static IntroductionDesk introductions() {
    return desk.control.introductions();
  }

  private static Manufacturers manufacturers() {
    return introductions().manufacturers();
  }

  private static String fresh(String prefix) {
    return prefix + NUMBER.incrementAndGet();
  }

  /** A manufacturer whose devices have their serial number as common name. */
  private record Maker(String name, TestCa ca) {
    static Maker register(boolean open, @Nullable String group) {
      var maker = new Maker(fresh("maker-"), TestCa.create(desk.clock.instant()));
      var added =
          manufacturers()
              .add(
                  new Manufacturers.Registration(
                      maker.name,
                      Pem.of(maker.ca.devices()),
                      SerialSource.COMMON_NAME,
                      open,
                      NewcomerTerms.DEFAULTS,
                      group),
                  "admin");
      assertThat(added).isInstanceOf(ManufacturerAnswer.Shown.class);
      return maker;
    }

    void lists(String serial, @Nullable String device, NewcomerTerms terms) {
      var row =
          new SerialRecord(
              serial,
              SerialRecord.State.OPEN,
              device == null ? null : new PrincipalId(device),
              terms,
              null,
              null);
      assertThat(manufacturers().addSerials(name, List.of(row), "admin"))
          .isEqualTo(new ManufacturerAnswer.Changed(1));
    }

    TestIdentity device(String serial) {
      return ca.draft().commonName(serial).sign();
    }

    ManufacturerRecord record() {
      return manufacturers().find(name).orElseThrow();
    }

    SerialRecord serial(String serial) {
      return manufacturers().serial(name, serial).orElseThrow();
    }
  }

  private static byte[] csr(String id) {
    try {
      return Pem.decode(Desk.csr(id), "CERTIFICATE REQUEST");
    } catch (MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  private static DeskAnswer enrol(TestIdentity shown, byte[] csr) {
    return introductions().enrol(SOURCE, shown.chain(), csr);
  }

  private static void issued(DeskAnswer answer) {
    assertThat(answer).isInstanceOf(DeskAnswer.Issued.class);
  }

  private static void refused(DeskAnswer answer, DeskAnswer.Why why, String words) {
    assertThat(answer).isInstanceOf(DeskAnswer.Refused.class);
    assertThat(((DeskAnswer.Refused) answer).why()).isEqualTo(why);
    assertThat(((DeskAnswer.Refused) answer).detail()).contains(words);
  }

  private static void forbidden(DeskAnswer answer, String words) {
    refused(answer, DeskAnswer.Why.FORBIDDEN, words);
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    var answers = new ArrayList<T>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<T>>();
      calls.forEach(call -> running.add(threads.submit(call)));
      for (var one : running) {
        answers.add(one.get());
      }
    }
    return answers;
  }

  private static PublicKeyHash key(byte[] csr, String id) throws Exception {
    return CertificateRequest.parse(csr, PrincipalKind.DEVICE, new PrincipalId(id)).publicKeyHash();
  }

  @Test
  void aListedDeviceBecomesWhatItsRowSays() {
    var group = fresh("hall-");
    desk.control.groups().create(group, "admin");
    var maker = Maker.register(false, null);
    var id = fresh("lamp-");
    var row =
        new SerialRecord(
            "SN-1",
            SerialRecord.State.OPEN,
            new PrincipalId(id),
            new NewcomerTerms("lamp", Map.of("room", "hall"), null, 7),
            group,
            null);
    manufacturers().addSerials(maker.name(), List.of(row), "admin");

    issued(enrol(maker.device("SN-1"), csr(id)));

    var told = desk.enforcement.lastOf(id);
    assertThat(told.thingType()).isEqualTo("lamp");
    assertThat(told.attributes()).containsEntry("room", "hall");
    assertThat(desk.control.groups().members(group, "", 10).orElseThrow()).containsExactly(id);
    assertThat(maker.serial("SN-1").state()).isEqualTo(SerialRecord.State.SPENT);
    assertThat(maker.record().spent()).isEqualTo(1);
    assertThat(desk.control.ledger().last(10))
        .anyMatch(record -> record.event().type().word().equals("manufacturer-serial-used"));
  }

  @Test
  void ofManyWithOneSerialNumberAtOnceOneGetsIn() throws Exception {
    var maker = Maker.register(false, null);
    var id = fresh("dev-");
    maker.lists("SN-1", id, NewcomerTerms.DEFAULTS);
    var shown = maker.device("SN-1");
    var calls =
        IntStream.range(0, 8)
            .mapToObj(_ -> csr(id))
            .map(csr -> (Callable<DeskAnswer>) () -> enrol(shown, csr))
            .toList();

    assertThat(atOnce(calls)).filteredOn(DeskAnswer.Issued.class::isInstance).hasSize(1);
    assertThat(maker.record().spent()).isEqualTo(1);
  }

  @Test
  void whatACrashLeftSpentServesTheSameKeyAndNoOther() throws Exception {
    var maker = Maker.register(false, null);
    var id = fresh("dev-");
    maker.lists("SN-1", id, NewcomerTerms.DEFAULTS);
    var shown = maker.device("SN-1");
    var csr = csr(id);
    var initialKey = PublicKeyHash.of(shown.certificate().getPublicKey());
    var key = key(csr, id);
    var warrant = new SerialWarrant(maker.record(), maker.serial("SN-1"), initialKey);
    desk.database.change(
        handle ->
            assertThat(warrant.spend(handle, new PrincipalId(id), key, desk.clock.instant()))
                .isEmpty());

    forbidden(enrol(shown, csr(id)), "used already");
    issued(enrol(shown, csr));
    issued(enrol(shown, csr));
    assertThat(maker.record().spent()).isEqualTo(1);
  }

  @Test
  void aRefusedRequestSpendsNothing() {
    var maker = Maker.register(false, null);
    var id = fresh("dev-");
    maker.lists("SN-1", id, new NewcomerTerms("", Map.of(), List.of("no-such-policy"), null));

    forbidden(enrol(maker.device("SN-1"), csr(id)), "no policy");
    refused(enrol(maker.device("SN-1"), csr("other")), DeskAnswer.Why.MALFORMED, "CN=" + id);

    assertThat(maker.serial("SN-1").state()).isEqualTo(SerialRecord.State.OPEN);
  }

  @Test
  void anOpenManufacturersDevicesComeUnlistedOnceAndNotWhenRevoked() {
    var maker = Maker.register(true, null);
    var serial = fresh("SN-");
    var stolen = fresh("SN-");
    manufacturers().revokeSerials(maker.name(), List.of(stolen), "admin");

    issued(enrol(maker.device(serial), csr(serial)));
    forbidden(enrol(maker.device(serial), csr(serial)), "already");
    forbidden(enrol(maker.device(stolen), csr(stolen)), "revoked");
    assertThat(maker.record().serials()).isEqualTo(2);
  }

  @Test
  void whoExistsIsNeverTakenOver() {
    var maker = Maker.register(true, null);
    var id = fresh("dev-");
    issued(enrol(maker.device(id), csr(id)));
    var other = Maker.register(true, null);

    forbidden(enrol(other.device(id), csr(id)), "already");
  }

  @Test
  void afterItsRemovalAManufacturerIntroducesNobody() {
    var maker = Maker.register(true, null);
    var id = fresh("dev-");
    manufacturers().remove(maker.name(), "admin");

    forbidden(enrol(maker.device(id), csr(id)), "no manufacturer");
    assertThat(manufacturers().find(maker.name())).isEmpty();
  }

  @Test
  void aGroupThatIsGoneLetsNobodyInAndLeavesNothing() {
    var group = fresh("gone-");
    desk.control.groups().create(group, "admin");
    var maker = Maker.register(true, group);
    desk.control.groups().delete(group, true, "admin", false);
    var id = fresh("dev-");

    forbidden(enrol(maker.device(id), csr(id)), "no group");
    boolean exists =
        desk.database.read(
            handle -> io.sallyport.control.registry.Principals.exists(handle, new PrincipalId(id)));
    assertThat(exists).isFalse();
  }

  @Test
  void listsAreBoundedAndTakeNoRubbish() {
    var maker = Maker.register(false, null);
    var row =
        new SerialRecord("a b", SerialRecord.State.OPEN, null, NewcomerTerms.DEFAULTS, null, null);
    var dotted =
        new SerialRecord("a.b", SerialRecord.State.OPEN, null, NewcomerTerms.DEFAULTS, null, null);

    assertThat(manufacturers().addSerials(maker.name(), List.of(row), "admin"))
        .isInstanceOf(ManufacturerAnswer.Refused.class);
    assertThat(manufacturers().addSerials(maker.name(), List.of(dotted), "admin"))
        .isInstanceOf(ManufacturerAnswer.Refused.class);
    assertThat(manufacturers().addSerials(maker.name(), List.of(), "admin"))
        .isInstanceOf(ManufacturerAnswer.Refused.class);
    var many =
        IntStream.range(0, Manufacturers.SERIALS_AT_ONCE_MAX + 1).mapToObj(n -> "s" + n).toList();
    assertThat(manufacturers().removeSerials(maker.name(), many, "admin"))
        .isInstanceOf(ManufacturerAnswer.Refused.class);
    assertThat(manufacturers().removeSerials("nobody", List.of("x"), "admin"))
        .isInstanceOf(ManufacturerAnswer.Refused.class);
  }

  // Claims.

  private static ClaimRecord claim(String batch, long count, long perMinute, String... ids) {
    var made = introductions().claims().create(draft(batch, count, perMinute, ids), "admin");
    assertThat(made).isInstanceOf(ClaimAnswer.Shown.class);
    return ((ClaimAnswer.Shown) made).claim();
  }

  private static Claims.Draft draft(String batch, long count, long perMinute, String... ids) {
    var name = fresh("line-");
    return new Claims.Draft(
        name,
        Desk.csr(name),
        batch,
        new IdPatterns(Arrays.asList(ids)),
        count,
        perMinute,
        null,
        Duration.ofDays(30),
        NewcomerTerms.DEFAULTS,
        null,
        List.of());
  }

  private static DeskAnswer enrol(ClaimRecord claim, String id) {
    return enrol(claim, csr(id));
  }

  private static DeskAnswer enrol(ClaimRecord claim, byte[] csr) {
    return introductions().enrol(SOURCE, List.of(certificate(claim)), csr);
  }

  private static X509Certificate certificate(ClaimRecord claim) {
    try {
      return Pem.certificate(claim.pem());
    } catch (MalformedPem e) {
      throw new AssertionError(e);
    }
  }

  private static long abuses(ClaimAbuse why) {
    return introductions().claims().abuses().getOrDefault(why, 0L);
  }

  @Test
  void aClaimNeverEnrolsMoreThanItsCount() throws Exception {
    var claim = claim("b1", 3, 100, "*");
    var prefix = fresh("many-");
    var calls =
        IntStream.range(0, 12)
            .mapToObj(n -> (Callable<DeskAnswer>) () -> enrol(claim, prefix + "-" + n))
            .toList();

    assertThat(atOnce(calls)).filteredOn(DeskAnswer.Issued.class::isInstance).hasSize(3);

    var after = introductions().claims().find(claim.name().value()).orElseThrow();
    assertThat(after.uses()).isEqualTo(3);
    assertThat(introductions().claims().devices(claim.name().value(), "", 10)).hasSize(3);
    assertThat(abuses(ClaimAbuse.OVER_COUNT)).isPositive();
  }

  @Test
  void theSameRequestAgainIsNoSecondUse() {
    var claim = claim("b2", 1, 100, "*");
    var csr = csr(fresh("dev-"));

    issued(enrol(claim, csr));
    issued(enrol(claim, csr));
    forbidden(enrol(claim, fresh("dev-")), "used up");
  }

  @Test
  void aClaimIsForItsIdsOnly() {
    var claim = claim("b3", 9, 100, "lamp-??", "exact", "a*b*c");
    long before = abuses(ClaimAbuse.FOREIGN_ID);

    issued(enrol(claim, "lamp-42"));
    issued(enrol(claim, "exact"));
    issued(enrol(claim, "aXbYc"));
    for (var id : List.of("lamp-4", "lamp-421", "exactly", "aXbY", "Exact")) {
      forbidden(enrol(claim, id), "not for this id");
    }
    assertThat(abuses(ClaimAbuse.FOREIGN_ID)).isEqualTo(before + 5);
  }

  @Test
  void aBatchDiesInOneTransaction() {
    var one = claim("b4", 9, 100, "*");
    var two = claim("b4", 9, 100, "*");
    var other = claim("b5", 9, 100, "*");
    var csr = csr(fresh("dev-"));
    issued(enrol(one, csr));

    var killed =
        desk.database.write(
            handle -> Claims.killBatch(handle, "b4", "admin", desk.clock.instant()));

    assertThat(killed).containsExactlyInAnyOrder(one.name().value(), two.name().value());
    forbidden(enrol(one, csr), "ended");
    forbidden(enrol(two, fresh("dev-")), "ended");
    issued(enrol(other, fresh("dev-")));
    assertThat(introductions().claims().killBatch("no-such", "admin"))
        .isInstanceOf(ClaimAnswer.Refused.class);
  }

  /** What a leaked claim let in goes with the batch, and so does the claim. */
  @Test
  void killingABatchEndsItsClaimsAndWhomTheyLetIn() throws Exception {
    var one = claim("k6", 2, 100, "*");
    var two = claim("k6", 3, 100, "*");
    var id = fresh("dev-");
    issued(enrol(one, id));
    var shown = desk.admin.get("/api/v1/batches/k6").json();
    assertThat(shown.get("wanted").asInt()).isEqualTo(5);
    assertThat(shown.get("members").asInt()).isEqualTo(1);

    var killed = desk.admin.post("/api/v1/batches/k6/kill", "{\"reason\":\"keyCompromise\"}");

    assertThat(killed.status()).as(killed.json().toString()).isEqualTo(200);
    assertThat(desk.admin.get("/api/v1/devices/" + id).json().get("standing").asString())
        .isEqualTo("revoked");
    forbidden(enrol(one, fresh("dev-")), "ended");
    forbidden(enrol(two, fresh("dev-")), "ended");
    assertThat(introductions().claims().create(draft("k6", 1, 100, "*"), "admin"))
        .isInstanceOfSatisfying(
            ClaimAnswer.Refused.class,
            refused -> assertThat(refused.detail()).contains("no longer open"));
  }

  @Test
  void aClosedBatchTakesNobodyByAClaimEither() throws Exception {
    var one = claim("k7", 2, 100, "*");
    assertThat(desk.admin.post("/api/v1/batches/k7/close", "{}").status()).isEqualTo(200);

    refused(enrol(one, csr(fresh("dev-"))), DeskAnswer.Why.FORBIDDEN, "closed");
    assertThat(introductions().claims().find(one.name().value()).orElseThrow().uses()).isZero();
  }

  @Test
  void aClaimIsHeldToItsRate() {
    var claim = claim("b6", 9, 2, "*");

    issued(enrol(claim, fresh("dev-")));
    issued(enrol(claim, fresh("dev-")));
    refused(enrol(claim, fresh("dev-")), DeskAnswer.Why.BUSY, "too fast");
    desk.clock.advance(Duration.ofMinutes(1));
    issued(enrol(claim, fresh("dev-")));
  }

  @Test
  void theWordOfAClaimIsItsCertificateAndNoOther() {
    var claim = claim("b7", 9, 100, "*");
    var forged =
        TestCa.create(desk.clock.instant())
            .draft()
            .commonName(claim.name().value())
            .uri("urn:sallyport:claim:" + claim.name())
            .sign();
    var name = claim.name().value();

    forbidden(enrol(forged, csr(fresh("dev-"))), "no manufacturer");
    assertThat(
            introductions()
                .claims()
                .create(
                    new Claims.Draft(
                        name,
                        Desk.csr(name),
                        "b7",
                        new IdPatterns(List.of("*")),
                        1,
                        1,
                        null,
                        Duration.ofDays(1),
                        NewcomerTerms.DEFAULTS,
                        null,
                        List.of()),
                    "admin"))
        .isInstanceOf(ClaimAnswer.Refused.class);
  }
}
