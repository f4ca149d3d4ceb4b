package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.operators.Role;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import org.junit.jupiter.api.Test;

/** Bans of sources, seen and ended over REST. */
class BansTest {
  private static final String BANS = "/api/v1/gateway/bans";
  private static final String CLEAR = BANS + "/clear";

  @Test
  void aViewerSeesThemAndOnlyAnOperatorEndsThem() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE);
        var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("looks"));
        var otherKeys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("acts"));
        var viewer = operator(desk, "looks", Role.VIEWER, keys);
        var operator = operator(desk, "acts", Role.OPERATOR, otherKeys)) {
      assertThat(viewer.get(BANS).json().get("bans")).hasSize(2);
      assertThat(viewer.get(BANS).json().at("/bans/0/source").asString()).isEqualTo("192.0.2.7");
      assertThat(viewer.post(CLEAR, "{}").status()).isEqualTo(403);
      assertThat(desk.bans.list()).hasSize(2);

      var cleared = operator.post(CLEAR, "{\"source\":\"192.0.2.7\"}");

      assertThat(cleared.status()).isEqualTo(200);
      assertThat(cleared.json().get("bans")).hasSize(1);
      assertThat(operator.post(CLEAR, "{}").json().get("bans")).hasSize(1);
      assertThat(desk.bans.list()).isEmpty();
    }
  }

  @Test
  void theLedgerSaysWhoEndedThem() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      desk.admin.post(CLEAR, "{}");
      desk.control.close();

      assertThat(desk.control.ledger().last(2))
          .allSatisfy(
              record -> {
                assertThat(record.event().type().word()).isEqualTo("source-unbanned");
                assertThat(record.event().actor()).isEqualTo("admin");
                assertThat(record.event().facts()).containsEntry("reason", "cleared");
              });
    }
  }

  @Test
  void whatIsNoSourceIsRefused() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      var answer = desk.admin.post(CLEAR, "{\"source\":\"nonsense\"}");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("reason").asString()).isEqualTo("malformed-source");
      assertThat(desk.admin.post(CLEAR, "{\"sources\":1}").status()).isEqualTo(400);
    }
  }

  private static OperatorClient operator(Desk desk, String name, Role role, DeviceKeys keys)
      throws Exception {
    var body =
        "{\"name\":\"%s\",\"role\":\"%s\",\"csr\":\"%s\"}"
            .formatted(name, role.word(), keys.requestPem().replace("\n", "\\n"));
    var reply = desk.admin.post("/api/v1/operators", body);
    return desk.client(keys, Desk.certificate(reply.json().at("/certificate/pem").asString()));
  }
}
