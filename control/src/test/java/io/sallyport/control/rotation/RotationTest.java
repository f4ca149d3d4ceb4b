package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Certificates;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.ledger.EventType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One device's certificate from one to the next, on both databases. */
class RotationTest {
  private static final String DEVICE = "dev-1";

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theNewCertificateWorksBeforeTheOldOneEnds(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      fleet.pass(Duration.ofDays(59));
      assertThat(fleet.rotations.page(null, "", 10)).isEmpty();
      fleet.clock.advance(Duration.ofDays(59).negated());

      var nonce = fleet.asked(DEVICE);
      assertThat(fleet.desired(DEVICE)).containsOnlyKeys("nonce").containsValue(nonce);
      assertThat(fleet.posted)
          .anySatisfy(
              one -> {
                assertThat(one.topic()).isEqualTo("$aws/things/dev-1/shadow/update/delta");
                assertThat(new String(one.payload(), StandardCharsets.UTF_8)).contains(nonce);
              });
      assertThat(fleet.active(DEVICE)).containsExactly(old);

      fleet.answer(DEVICE, nonce, Desk.csr(DEVICE));
      var issued = fleet.of(DEVICE);
      assertThat(issued.state()).isEqualTo(RotationState.ISSUED);
      var successor = fleet.successor(DEVICE);
      assertThat(fleet.active(DEVICE)).containsExactlyInAnyOrder(old, successor);
      assertThat(fleet.enforcement.lastOf(DEVICE).activeCertificates()).contains(successor);
      var pem = Objects.requireNonNull(fleet.desired(DEVICE).get("certificate"));
      assertThat(Desk.certificate(pem).getSubjectX500Principal().getName()).contains(DEVICE);

      // Whoever comes with the old one has proved nothing.
      fleet.arrive(DEVICE, old);
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.ISSUED);
      fleet.arrive(DEVICE, successor);
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.PROVEN);
      fleet.pass(Duration.ofHours(23));
      assertThat(fleet.active(DEVICE)).containsExactlyInAnyOrder(old, successor);

      fleet.pass(Duration.ofHours(2));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.RETIRED);
      assertThat(fleet.active(DEVICE)).containsExactly(successor);
      // So that the gates end what is connected with the old one.
      assertThat(fleet.enforcement.lastOf(DEVICE).activeCertificates()).containsExactly(successor);
      assertThat(fleet.desired(DEVICE)).isEmpty();
      assertThat(fleet.events(EventType.CERTIFICATE_RETIRED))
          .singleElement()
          .satisfies(event -> assertThat(event.facts()).containsEntry("reason", "superseded"));
      // And nothing more until this one is due.
      fleet.pass(Duration.ofDays(30));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.RETIRED);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aRenewalByEstAnswersTheAsk(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      fleet.asked(DEVICE);
      var warrant = fleet.rotations.desk().successor(PrincipalKind.DEVICE, old);
      var request =
          new EnrolmentRequest(
              PrincipalKind.DEVICE, DEVICE, Desk.csr(DEVICE), Map.of(), "", List.of(), null);
      var answer = fleet.enroller.succeed(request, old, warrant);
      assertThat(answer).isInstanceOf(Enrolment.Issued.class);
      var successor = ((Enrolment.Issued) answer).certificate().fingerprint();
      assertThat(fleet.of(DEVICE).successor()).isEqualTo(successor);
      // It has its certificate: nothing is wanted of it any more.
      assertThat(fleet.desired(DEVICE)).isEmpty();
      fleet.arrive(DEVICE, successor);
      fleet.pass(Duration.ofHours(25));
      assertThat(fleet.active(DEVICE)).containsExactly(successor);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeviceThatComesByItselfRotatesToo(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      var csr = Desk.csr(DEVICE);
      var first = issued(certify(fleet, csr));
      assertThat(fleet.of(DEVICE).cause()).isEqualTo(RotationRecord.BY_DEVICE);
      assertThat(fleet.of(DEVICE).wave()).isZero();
      // Its answer was lost: the same again.
      assertThat(issued(certify(fleet, csr)).serial()).isEqualTo(first.serial());
      // It may take its time: nothing is withdrawn from one that nobody asked.
      fleet.pass(Duration.ofDays(20));
      assertThat(fleet.active(DEVICE)).containsExactlyInAnyOrder(old, first.fingerprint());
      fleet.arrive(DEVICE, first.fingerprint());
      fleet.pass(Duration.ofHours(25));
      assertThat(fleet.active(DEVICE)).containsExactly(first.fingerprint());
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsNeverProvenIsWithdrawnAndAskedForAnew(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      fleet.issued(DEVICE);
      var nonce = fleet.of(DEVICE).nonce();
      fleet.pass(Duration.ofDays(7));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.STUCK);
      assertThat(fleet.of(DEVICE).why()).isEqualTo("unproven");
      assertThat(fleet.active(DEVICE)).containsExactly(old);
      assertThat(fleet.desired(DEVICE)).isEmpty();
      assertThat(fleet.events(EventType.ROTATION_STUCK)).hasSize(1);
      // After a rest, and in a wave of its own: one bad device does not stop a fleet.
      fleet.pass(Duration.ofDays(2));
      assertThat(fleet.rotations.status().pausedBy()).isNull();
      fleet.pass(Duration.ofHours(1));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.ASKED);
      assertThat(fleet.of(DEVICE).nonce()).isNotEqualTo(nonce);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeviceThatSaysItFailedFallsBackAtOnce(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      fleet.issued(DEVICE);
      // Another's word is nothing to it.
      fleet.enrol("dev-2");
      var failed = "{\"nonce\":\"" + fleet.of(DEVICE).nonce() + "\",\"state\":\"failed\"}";
      fleet.report("dev-2", failed);
      fleet.tick();
      assertThat(fleet.active(DEVICE)).hasSize(2);
      fleet.report(DEVICE, failed);
      fleet.tick();
      assertThat(fleet.of(DEVICE).why()).isEqualTo("failed");
      assertThat(fleet.active(DEVICE)).containsExactly(old);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeviceThatCameBackWithTheOldOneKeepsIt(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var old = fleet.enrol(DEVICE).fingerprint();
      var successor = fleet.issued(DEVICE);
      fleet.arrive(DEVICE, successor);
      fleet.arrive(DEVICE, old);
      fleet.pass(Duration.ofHours(25));
      assertThat(fleet.of(DEVICE).why()).isEqualTo("fell-back");
      assertThat(fleet.active(DEVICE)).containsExactly(old);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void nothingIsWithdrawnFromADeviceWhoseOldOneEnds(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol(DEVICE);
      fleet.pass(Duration.ofDays(86));
      fleet.pass(Duration.ofHours(1));
      fleet.answer(DEVICE, fleet.of(DEVICE).nonce(), Desk.csr(DEVICE));
      var successor = fleet.of(DEVICE).successor();
      // The proof is overdue, and the old one has ended.
      fleet.clock.advance(Duration.ofDays(8));
      fleet.database.change(handle -> Certificates.expire(handle, fleet.clock.instant(), 10));
      fleet.tick();
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.RETIRED);
      assertThat(fleet.of(DEVICE).why()).isEqualTo("expired");
      assertThat(fleet.active(DEVICE)).containsExactly(successor);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeviceThatIsOffLineIsAskedAgainAndThenGivenUp(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol(DEVICE);
      fleet.enrol("dev-2");
      var nonce = fleet.asked(DEVICE);
      int before = fleet.of(DEVICE).asks();
      for (int hour = 0; hour < 48; hour++) {
        fleet.pass(Duration.ofHours(1));
      }
      // 1 h, 2 h, 4 h and so on, each up to a half shorter.
      assertThat(fleet.of(DEVICE).asks() - before).isBetween(4, 12);
      assertThat(fleet.of(DEVICE).nonce()).isEqualTo(nonce);
      // It wakes and answers what it was asked first.
      fleet.answer(DEVICE, nonce, Desk.csr(DEVICE));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.ISSUED);

      // The other sleeps on: it keeps what it has, and nobody takes that for a failure.
      fleet.pass(Duration.ofDays(6));
      assertThat(fleet.of("dev-2").why()).isEqualTo("no-answer");
      assertThat(fleet.active("dev-2")).hasSize(1);
      assertThat(fleet.rotations.status().pausedBy()).isNull();
      assertThat(fleet.rotations.status().stuck()).containsExactly(Map.entry("no-answer", 1L));
    }
  }

  private static RotationAnswer certify(Fleet fleet, String csr) {
    return fleet.rotations.desk().certify(new PrincipalId(DEVICE), csr, fleet.clock.instant());
  }

  private static CertificateRecord issued(RotationAnswer answer) {
    assertThat(answer).isInstanceOf(RotationAnswer.Issued.class);
    return ((RotationAnswer.Issued) answer).certificate();
  }
}
