package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.policy.analysis.PolicyClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class FleetAnalysisTest {
  private static void enrol(Desk desk, String id) throws Exception {
    assertThat(desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id))).status())
        .isEqualTo(201);
  }

  private static JsonNode reach(Desk desk, String access, String topic) throws Exception {
    return desk.admin
        .get("/api/v1/analysis/reach?access=" + access + "&topic=" + topic)
        .json()
        .get("classes");
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void principalsOfEqualRightsAreOneClass(TestDatabase database) throws Exception {
    try (var desk = Desk.open(database)) {
      for (var id : new String[] {"f-1", "f-2", "f-3", "f-4"}) {
        enrol(desk, id);
      }
      var open =
          "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
              + "\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/devices/*\"}}";
      desk.admin.put("/api/v1/policies/open", open);
      desk.admin.post("/api/v1/policies/open/attachments", "{\"principal\":\"f-4\"}");
      desk.admin.post("/api/v1/devices/f-3/revoke", "{\"reason\":\"keyCompromise\"}");

      assertThat(desk.api().policies().list()).hasSize(3);
      assertThat(new FleetAnalysis(desk.api().database()).classes())
          .extracting(PolicyClass::members)
          .containsExactly(2L, 1L);
      var classes = reach(desk, "write", "devices/f-1/telemetry");
      assertThat(classes.get(0).get("others").get("possible").asBoolean()).isFalse();
      assertThat(classes.get(0).get("named").get(0).get("principal").asString()).isEqualTo("f-1");
      assertThat(classes.get(1).get("others").get("possible").asBoolean()).isTrue();
      assertThat(reach(desk, "read", "devices/nobody/commands").get(0).get("named")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "SQLITE")
  void whatCannotBeAskedIsRefused(TestDatabase database) throws Exception {
    try (var desk = Desk.open(database)) {
      var reach = "/api/v1/analysis/reach?access=";
      assertThat(desk.admin.get(reach + "read&topic=a%2F%2B").status()).isEqualTo(400);
      assertThat(desk.admin.get(reach + "eat&topic=a").status()).isEqualTo(400);
      assertThat(desk.admin.get(reach + "read&topic=a&principal=nobody").status()).isEqualTo(404);
      assertThat(desk.admin.post("/api/v1/analysis/invariants", "{}").status()).isEqualTo(400);
    }
  }
}
