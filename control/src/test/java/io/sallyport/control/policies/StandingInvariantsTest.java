package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Control;
import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingInvariantsTest {
  private static final String PATH = "/api/v1/invariants";
  private static final String OWN =
      "{\"invariants\":[{\"name\":\"own\",\"who\":\"devices\",\"never\":\"write\","
          + "\"topic\":\"devices/{other}/#\"}]}";
  private static final String GREEDY = policy("Allow", "devices/*");
  private static final String FENCE = policy("Deny", "devices/*");

  private static String policy(String effect, String topic) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\""
        + effect
        + "\",\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/"
        + topic
        + "\"}}";
  }

  private static void enrol(Desk desk, String id) throws Exception {
    var enrolled = desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id)));
    assertThat(enrolled.status()).isEqualTo(201);
  }

  private static String attachment(String id) {
    return "{\"principal\":\"" + id + "\"}";
  }

  @ParameterizedTest
  @EnumSource
  void noChangeTakesEffectThatBreaksOneAndTheCounterexampleIsTold(TestDatabase kind)
      throws Exception {
    try (var desk = Desk.open(kind)) {
      enrol(desk, "d1");
      desk.admin.put(PATH, OWN);
      desk.admin.put("/api/v1/policies/greedy", GREEDY);

      var refused = desk.admin.post("/api/v1/policies/greedy/attachments", attachment("d1"));

      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.json().get("reason").asString()).isEqualTo("invariant-broken");
      assertThat(refused.json().get("detail").asString())
          .contains("own", "this-device with", "greedy v1", "can publish to 'devices/");
      assertThat(desk.admin.get("/api/v1/devices/d1").json().get("policies")).hasSize(1);

      var forced =
          desk.admin.post("/api/v1/policies/greedy/attachments?allowBreach=true", attachment("d1"));
      assertThat(forced.status()).isEqualTo(200);
      var told = desk.admin.get("/api/v1/ledger?last=1").json().at("/records/0");
      assertThat(told.get("type").asString()).isEqualTo("policy-attached");
      assertThat(told.at("/facts/breach").asString()).contains("own");
      var proof = desk.admin.get("/api/v1/analysis/invariants").json();
      assertThat(proof.at("/invariants/0/holds").asBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewVersionOfWhatSomebodyHasIsCheckedAndALostDenyToo(TestDatabase kind) throws Exception {
    try (var desk = Desk.open(kind)) {
      enrol(desk, "d1");
      desk.admin.put("/api/v1/policies/more", policy("Allow", "x"));
      desk.admin.put("/api/v1/policies/fence", FENCE);
      for (var name : new String[] {"more", "fence"}) {
        desk.admin.post("/api/v1/policies/" + name + "/attachments", attachment("d1"));
      }
      desk.admin.put(PATH, OWN);

      assertThat(desk.admin.put("/api/v1/policies/more", GREEDY).status()).isEqualTo(200);
      var detached = desk.admin.delete("/api/v1/policies/fence/attachments/d1");
      var replaced = desk.admin.put("/api/v1/policies/fence", policy("Deny", "y"));

      assertThat(detached.status()).isEqualTo(422);
      assertThat(replaced.status()).isEqualTo(422);
      assertThat(desk.admin.get("/api/v1/policies/fence").json().get("version").asInt())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theySurviveARestartAndAreClearedByCommandOnly(TestDatabase kind) throws Exception {
    try (var desk = Desk.open(kind)) {
      enrol(desk, "d1");
      assertThat(desk.admin.put(PATH, "{\"invariants\":7}").status()).isEqualTo(400);
      assertThat(desk.admin.put(PATH, OWN).status()).isEqualTo(200);
      desk.admin.put("/api/v1/policies/greedy", GREEDY);

      try (var again =
          Control.open(Desk.CONFIGURATION, desk.database, desk.authorities, desk.clock)) {
        assertThat(again.policies().attach("greedy", "d1", "admin"))
            .isInstanceOf(PolicyAnswer.Refused.class);
      }
      assertThat(desk.admin.get(PATH).json().at("/document/invariants")).hasSize(1);
      assertThat(desk.admin.delete(PATH).json().at("/document/invariants")).isEmpty();
      assertThat(desk.admin.post("/api/v1/policies/greedy/attachments", attachment("d1")).status())
          .isEqualTo(200);
      // What is broken already is not stored by accident.
      assertThat(desk.admin.put(PATH, OWN).status()).isEqualTo(422);
      assertThat(desk.admin.put(PATH + "?allowBreach=true", OWN).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooComplexToProveIsRefused(TestDatabase kind) throws Exception {
    try (var desk = Desk.open(kind)) {
      enrol(desk, "d1");
      desk.admin.put(PATH, OWN);
      var stars = new StringBuilder("devices/");
      IntStream.range(0, 40).forEach(i -> stars.append('*').append((char) ('a' + i % 26)));
      desk.admin.put("/api/v1/policies/wild", policy("Allow", stars + "?????????????????"));

      var refused = desk.admin.post("/api/v1/policies/wild/attachments", attachment("d1"));

      assertThat(refused.status()).isEqualTo(422);
    }
  }
}
