package io.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Pending;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpkeepTest {
  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatHasExpiredIsMarkedAndTold(TestDatabase kind) throws Exception {
    try (var desk = Desk.open(kind)) {
      var csr = Desk.csr("short").replace("\n", "\\n");
      desk.admin.post(
          "/api/v1/devices", "{\"id\":\"short\",\"csr\":\"" + csr + "\",\"validityDays\":1}");
      desk.admin.post("/api/v1/devices", Desk.enrolment("long", Desk.csr("long")));
      assertThat(desk.enforcement.lastOf("short").activeCertificates()).hasSize(1);

      desk.clock.advance(Duration.ofDays(1).plusSeconds(1));
      desk.control.sweep();

      assertThat(desk.enforcement.lastOf("short").certificates())
          .extracting(certificate -> certificate.status())
          .containsExactly(CertificateStatus.EXPIRED);
      assertThat(desk.enforcement.lastOf("long").activeCertificates()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasInterruptedLongAgoIsGivenUpAndRecorded(TestDatabase kind) {
    try (var desk = Desk.open(kind)) {
      var serial = Serials.random().next();
      var begun =
          new Pending(
              serial,
              PrincipalKind.DEVICE,
              new PrincipalId("half"),
              new PublicKeyHash("ab".repeat(32)),
              desk.clock.instant(),
              1);
      desk.database.change(handle -> Certificates.insertPending(handle, List.of(begun)));

      desk.control.sweep();
      var soon = desk.control.ledger().last(1).getFirst().event().type();
      desk.clock.advance(Duration.ofMinutes(11));
      desk.control.sweep();

      var last = desk.control.ledger().last(1).getFirst().event();
      assertThat(soon).isNotEqualTo(EventType.ENROLMENT_REFUSED);
      assertThat(last.type()).isEqualTo(EventType.ENROLMENT_REFUSED);
      assertThat(last.facts())
          .containsEntry("reason", "interrupted")
          .containsEntry("serial", serial.hex());
    }
  }
}
