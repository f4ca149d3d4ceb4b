package io.sallyport.control.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.Chain;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class RevocationTest {
  private static Desk desk;

  RevocationTest(TestDatabase database) {
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

  private static void enrol(String id) throws Exception {
    var reply = desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id)));
    assertThat(reply.status()).isEqualTo(201);
  }

  @Test
  void changesTrustBeforeItCutsAndKeepsTheReceipt() throws Exception {
    enrol("lost");

    var reply = desk.admin.post("/api/v1/devices/lost/revoke", "{\"reason\":\"keyCompromise\"}");

    assertThat(reply.status()).isEqualTo(200);
    var receipt = reply.json();
    assertThat(receipt.get("action").asString()).isEqualTo("revoke");
    assertThat(receipt.get("reason").asString()).isEqualTo("keyCompromise");
    assertThat(receipt.get("certificates")).hasSize(1);
    assertThat(receipt.at("/steps/0/what").asString()).isEqualTo("sockets");
    assertThat(receipt.at("/steps/0/count").asInt()).isEqualTo(1);
    assertThat(desk.enforcement.toldOf("lost"))
        .containsExactly("trust lost ACTIVE", "trust lost REVOKED", "cut lost REVOKED");
    assertThat(desk.enforcement.lastOf("lost").activeCertificates()).isEmpty();
    assertThat(desk.enforcement.lastOf("lost").certificates())
        .extracting(certificate -> certificate.status())
        .containsExactly(CertificateStatus.REVOKED);
    long sequence = receipt.get("ledgerSequence").asLong();
    var record = desk.control.ledger().after(sequence - 1, 1).getFirst().event();
    assertThat(record.type().word()).isEqualTo("sessions-ended");
    assertThat(record.facts()).containsKey("sockets@gateway").containsEntry("action", "revoke");
  }

  @Test
  void aSecondRevocationIsRefusedAndCutsAgain() throws Exception {
    enrol("twice");
    var first = desk.admin.post("/api/v1/devices/twice/revoke", "{}").json().get("at").asString();

    var again = desk.admin.post("/api/v1/devices/twice/revoke", "{}");

    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().get("detail").asString()).contains(first);
    assertThat(desk.enforcement.toldOf("twice")).filteredOn("cut twice REVOKED"::equals).hasSize(2);
  }

  @Test
  void aRevocationIsNeverUndone() throws Exception {
    enrol("final");
    desk.admin.post("/api/v1/devices/final/revoke", "{}");

    assertThat(desk.admin.post("/api/v1/devices/final/reinstate", "{}").status()).isEqualTo(409);
    assertThat(desk.admin.post("/api/v1/devices/final/quarantine", "{}").status()).isEqualTo(409);
    assertThat(desk.enforcement.lastOf("final").standing()).isEqualTo(Standing.REVOKED);
  }

  @Test
  void aQuarantineCutsAndIsUndone() throws Exception {
    enrol("suspect");

    var receipt = desk.admin.post("/api/v1/devices/suspect/quarantine", "{}");
    var cut = desk.enforcement.lastOf("suspect");
    var back = desk.admin.post("/api/v1/devices/suspect/reinstate", "{}");

    assertThat(receipt.status()).isEqualTo(200);
    assertThat(receipt.json().get("certificates")).isEmpty();
    assertThat(cut.standing()).isEqualTo(Standing.QUARANTINED);
    assertThat(cut.activeCertificates()).hasSize(1);
    assertThat(back.status()).isEqualTo(200);
    assertThat(back.json().get("standing").asString()).isEqualTo("active");
    assertThat(desk.enforcement.toldOf("suspect"))
        .endsWith("cut suspect QUARANTINED", "trust suspect ACTIVE");
    assertThat(desk.admin.post("/api/v1/devices/suspect/reinstate", "{}").status()).isEqualTo(409);
  }

  @Test
  void whoIsNotThereCannotBePutOut() throws Exception {
    enrol("device-only");

    assertThat(desk.admin.post("/api/v1/devices/nobody/revoke", "{}").status()).isEqualTo(404);
    assertThat(desk.admin.post("/api/v1/backends/device-only/revoke", "{}").status())
        .isEqualTo(404);
    assertThat(
            desk.admin
                .post("/api/v1/devices/device-only/revoke", "{\"reason\":\"because\"}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void exactlyOneOfManyRevocationsGetsTheReceipt() throws Exception {
    enrol("contested");
    var replies = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int index = 0; index < 6; index++) {
        replies.add(
            threads.submit(
                () -> desk.admin.post("/api/v1/devices/contested/revoke", "{}").status()));
      }
    }

    assertThat(replies).extracting(Future::get).containsOnlyOnce(200);
    assertThat(desk.control.ledger().verify().verdict()).isInstanceOf(Chain.Intact.class);
  }
}
