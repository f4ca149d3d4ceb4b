package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.policy.analysis.PolicyClass;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class FleetAnalysisTest {
  /** The server's own client is a class by itself. */
  private static final long SERVICES = 1;

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

      assertThat(desk.api().policies().list()).hasSize(4);
      assertThat(new FleetAnalysis(desk.api().database()).classes())
          .extracting(PolicyClass::members)
          .containsExactly(2L, 1L, 1L);
      var classes = reach(desk, "write", "devices/f-1/telemetry");
      assertThat(classes.get(0).get("others").get("possible").asBoolean()).isFalse();
      assertThat(classes.get(0).get("named").get(0).get("principal").asString()).isEqualTo("f-1");
      assertThat(classes.get(1).get("others").get("possible").asBoolean()).isTrue();
      assertThat(reach(desk, "read", "devices/nobody/commands").get(0).get("named")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theWayToAPolicyMakesNoClassButWhatItAsksForDoes(TestDatabase database) throws Exception {
    try (var desk = Desk.open(database)) {
      for (var id : new String[] {"f-1", "f-2", "F-3", "f-4", "f-5"}) {
        enrol(desk, id);
      }
      desk.admin.put("/api/v1/policies/Plain", allow("x"));
      desk.admin.put("/api/v1/policies/typed", allow("${iot:Connection.Thing.ThingTypeName}/x"));
      desk.admin.put("/api/v1/policies/sited", allow("${iot:Connection.Thing.Attributes[site]}/x"));
      var groups = desk.control.groups();
      groups.create("g", "test");
      groups.create("h", "test");
      groups.add("g", List.of("f-1", "f-2"), "test");
      groups.add("h", List.of("f-2", "F-3"), "test");
      groups.attach("Plain", "g", "test");
      groups.attach("Plain", "h", "test");
      desk.admin.post("/api/v1/policies/Plain/attachments", "{\"principal\":\"f-1\"}");
      describe(desk, "f-1", "pump", "north");
      describe(desk, "f-4", "pump", "north");
      describe(desk, "f-5", "pump", "south");
      var fleet = new FleetAnalysis(desk.api().database());

      assertThat(fleet.classes())
          .extracting(PolicyClass::members)
          .containsExactlyInAnyOrder(3L, 2L, SERVICES);

      desk.admin.post("/api/v1/policies/typed/attachments", "{\"principal\":\"f-4\"}");
      desk.admin.post("/api/v1/policies/typed/attachments", "{\"principal\":\"f-5\"}");
      assertThat(fleet.classOf("f-4").orElseThrow())
          .isEqualTo(fleet.classOf("f-5").orElseThrow())
          .matches(one -> "pump".equals(one.thingType()) && Map.of().equals(one.attributes()));
      assertThat(fleet.classes())
          .extracting(PolicyClass::members)
          .containsExactlyInAnyOrder(3L, 2L, SERVICES);

      desk.admin.post("/api/v1/policies/sited/attachments", "{\"principal\":\"f-4\"}");
      desk.admin.post("/api/v1/policies/sited/attachments", "{\"principal\":\"f-5\"}");
      assertThat(fleet.classes())
          .extracting(PolicyClass::attributes)
          .containsExactlyInAnyOrder(
              Map.of(), Map.of(), Map.of("site", "north"), Map.of("site", "south"));
    }
  }

  private static String allow(String topic) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
        + "\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/"
        + topic
        + "\"}}";
  }

  private static void describe(Desk desk, String id, String type, String site) throws Exception {
    var body = "{\"thingType\":\"" + type + "\",\"attributes\":{\"site\":\"" + site + "\"}}";
    assertThat(desk.admin.post("/api/v1/devices/" + id + "/thing", body).status()).isEqualTo(200);
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
