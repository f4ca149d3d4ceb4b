package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.control.rotation.RotationAnswer.Issued;
import io.sallyport.control.rotation.RotationAnswer.Refused;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Standing;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nobody gets a certificate by, and what a crash or a race leaves, on both databases. */
class RotationAttacksTest {
  private static final PrincipalId DEVICE = new PrincipalId("dev-1");

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anothersNameAnothersNonceAndAnOldKeyGetNothing(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol("dev-1");
      fleet.enrol("dev-2");
      var nonce = fleet.asked("dev-1");
      var other = fleet.of("dev-2").nonce();

      fleet.answer("dev-1", nonce, Desk.csr("dev-2"));
      assertThat(fleet.desired("dev-1")).containsEntry("refused", "foreign-subject");
      fleet.answer("dev-1", other, Desk.csr("dev-1"));
      fleet.answer("dev-1", "never-given", Desk.csr("dev-1"));
      fleet.answer("dev-1", nonce, "-----BEGIN PRIVATE KEY-----\nMIG\n-----END PRIVATE KEY-----");
      assertThat(fleet.desired("dev-1")).containsEntry("refused", "private-key");
      // Too long to be looked at.
      fleet.report(
          "dev-1", "{\"nonce\":\"" + "n".repeat(200) + "\",\"csr\":\"x\",\"state\":\"failed\"}");
      fleet.tick();
      assertThat(fleet.active("dev-1")).hasSize(1);
      assertThat(fleet.active("dev-2")).hasSize(1);
      assertThat(fleet.of("dev-1").state()).isEqualTo(RotationState.ASKED);
      fleet.sink.close();
      assertThat(fleet.events(EventType.ROTATION_REFUSED))
          .extracting(event -> event.facts().get("reason"))
          .contains("foreign-subject", "nonce-unknown");
      // What is right is taken still.
      fleet.answer("dev-1", nonce, Desk.csr("dev-1"));
      assertThat(fleet.active("dev-1")).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aKeyThatWasSeenAndANonceThatWasSpentGetNothing(TestDatabase kind) {
    try (var fleet = new Fleet(kind);
        var keys = DeviceKeys.generate(PrincipalKind.DEVICE, DEVICE)) {
      fleet.enrol("dev-1");
      var first = keys.requestPem();
      assertThat(certify(fleet, first, null)).isInstanceOf(Issued.class);
      fleet.arrive("dev-1", fleet.successor("dev-1"));
      fleet.pass(Duration.ofHours(25));
      // Of its own key that is in use now, and of no other that ever was.
      assertThat(reason(certify(fleet, first, null))).isEqualTo("key-seen");

      var nonce = fleet.asked("dev-1");
      fleet.answer("dev-1", nonce, first);
      assertThat(fleet.desired("dev-1")).containsEntry("refused", "key-seen");
      fleet.answer("dev-1", nonce, Desk.csr("dev-1"));
      assertThat(fleet.of("dev-1").state()).isEqualTo(RotationState.ISSUED);
      var pem = fleet.desired("dev-1").get("certificate");
      // Replayed with another key: one certificate for each nonce.
      assertThat(reason(certify(fleet, Desk.csr("dev-1"), nonce))).isEqualTo("nonce-spent");
      fleet.answer("dev-1", nonce, Desk.csr("dev-1"));
      assertThat(fleet.active("dev-1")).hasSize(2);
      assertThat(fleet.desired("dev-1")).containsEntry("certificate", pem);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoIsPutOutGetsNothing(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol("dev-1");
      var nonce = fleet.asked("dev-1");
      standing(fleet, Standing.ACTIVE, Standing.QUARANTINED);
      var asks = fleet.of("dev-1").asks();
      fleet.pass(Duration.ofHours(3));
      assertThat(fleet.of("dev-1").asks()).isEqualTo(asks);
      assertThat(reason(certify(fleet, Desk.csr("dev-1"), nonce))).isEqualTo("not-active");
      assertThat(reason(certify(fleet, Desk.csr("dev-1"), null))).isEqualTo("not-active");
      standing(fleet, Standing.QUARANTINED, Standing.REVOKED);
      fleet.database.change(
          handle ->
              Certificates.revokeAll(
                  handle,
                  PrincipalKind.DEVICE,
                  DEVICE,
                  RevocationReason.KEY_COMPROMISE,
                  fleet.clock.instant()));
      assertThat(reason(certify(fleet, Desk.csr("dev-1"), null)))
          .isEqualTo("certificate-not-active");
      fleet.tick();
      assertThat(fleet.of("dev-1").why()).isEqualTo("revoked");
      assertThat(fleet.events(EventType.ROTATION_STUCK)).isEmpty();
    }
  }

  private static void standing(Fleet fleet, Standing from, Standing to) {
    boolean changed =
        fleet.database.write(
            handle ->
                Principals.changeStanding(
                    handle, DEVICE, List.of(from), to, fleet.clock.instant()));
    assertThat(changed).isTrue();
  }

  /** Two desks, many requests, one nonce. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void ofManyAnswersAtOnceOneGetsACertificate(TestDatabase kind) throws Exception {
    try (var fleet = new Fleet(kind);
        var other = Fleet.beside(fleet);
        var threads = Executors.newFixedThreadPool(8)) {
      fleet.enrol("dev-1");
      var nonce = fleet.asked("dev-1");
      var calls = new ArrayList<Callable<RotationAnswer>>();
      for (int i = 0; i < 8; i++) {
        var desk = i % 2 == 0 ? fleet : other;
        var csr = Desk.csr("dev-1");
        var answers = i < 4 ? nonce : null;
        calls.add(() -> certify(desk, csr, answers));
      }
      var issued = 0;
      for (var one : threads.invokeAll(calls)) {
        issued += one.get() instanceof Issued ? 1 : 0;
      }
      // A device that comes by itself once it is answered gets one more; never two for the nonce.
      assertThat(issued).isBetween(1, 2);
      assertThat(fleet.active("dev-1")).hasSize(1 + issued);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void ofTheSameAnswerTwiceAtOnceThereIsOneCertificate(TestDatabase kind) throws Exception {
    try (var fleet = new Fleet(kind);
        var other = Fleet.beside(fleet);
        var threads = Executors.newFixedThreadPool(4)) {
      fleet.enrol("dev-1");
      var nonce = fleet.asked("dev-1");
      var csr = Desk.csr("dev-1");
      threads
          .invokeAll(
              List.<Callable<RotationAnswer>>of(
                  () -> certify(fleet, csr, nonce),
                  () -> certify(other, csr, nonce),
                  () -> certify(fleet, csr, nonce),
                  () -> certify(other, csr, nonce)))
          .forEach(one -> assertThat(one).isDone());
      assertThat(fleet.active("dev-1").size()).isLessThanOrEqualTo(2);
      // Whoever was first has it, or the next one who asks.
      assertThat(certify(fleet, csr, nonce)).isInstanceOf(Issued.class);
      assertThat(fleet.active("dev-1")).hasSize(2);
    }
  }

  /** Killed between the serial and the certificate: the same key may come again. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aCrashBeforeTheSignatureCostsNothing(TestDatabase kind) throws Exception {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol("dev-1");
      var nonce = fleet.asked("dev-1");
      var csr = Desk.csr("dev-1");
      var key =
          CertificateRequest.parse(
                  csr.getBytes(StandardCharsets.UTF_8), PrincipalKind.DEVICE, DEVICE)
              .publicKeyHash();
      var now = fleet.clock.instant();
      fleet.database.change(
          handle -> {
            SeenKeys.claimNew(handle, key, PrincipalKind.DEVICE, DEVICE, now);
            assertThat(RotationTable.take(handle, nonce, key, now, now)).isTrue();
            Certificates.insertPending(
                handle,
                List.of(
                    new Certificates.Pending(
                        Serials.random().next(), PrincipalKind.DEVICE, DEVICE, key, now, 1)));
          });
      // Another key waits until the first is surely gone.
      assertThat(reason(certify(fleet, Desk.csr("dev-1"), nonce))).isEqualTo("nonce-spent");
      assertThat(certify(fleet, csr, nonce)).isInstanceOf(Issued.class);
      assertThat(fleet.active("dev-1")).hasSize(2);
    }
  }

  /** Killed after the device's answer was stored: another process works on it. */
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatADeadProcessTookIsWorkedOnByTheNext(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol("dev-1");
      var nonce = fleet.asked("dev-1");
      var now = fleet.clock.instant();
      fleet.database.change(
          handle -> {
            AnswerTable.put(handle, new AnswerTable.Answer(DEVICE, nonce, Desk.csr("dev-1")));
            assertThat(AnswerTable.take(handle, now, now.plusSeconds(60), 10)).hasSize(1);
          });
      try (var other = Fleet.beside(fleet)) {
        other.rotations.work();
        assertThat(fleet.of("dev-1").state()).isEqualTo(RotationState.ASKED);
        fleet.clock.advance(Duration.ofSeconds(61));
        other.rotations.work();
        assertThat(fleet.of("dev-1").state()).isEqualTo(RotationState.ISSUED);
        // And every later step, too: nothing of it is in a process.
        other.arrive("dev-1", fleet.successor("dev-1"));
        fleet.clock.advance(Duration.ofHours(25));
        fleet.tick();
        other.tick();
        assertThat(fleet.of("dev-1").state()).isEqualTo(RotationState.RETIRED);
        assertThat(fleet.events(EventType.CERTIFICATE_RETIRED)).hasSize(1);
      }
    }
  }

  private static RotationAnswer certify(Fleet fleet, String csr, @Nullable String nonce) {
    return fleet.rotations.desk().certify(DEVICE, csr, nonce, fleet.clock.instant());
  }

  private static String reason(RotationAnswer answer) {
    assertThat(answer).isInstanceOf(Refused.class);
    return ((Refused) answer).reason();
  }
}
