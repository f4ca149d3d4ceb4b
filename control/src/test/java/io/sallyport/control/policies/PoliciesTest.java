package io.sallyport.control.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class PoliciesTest {
  private static final String ALLOW_ALL =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
      """;
  private static final String DENY_ALL = ALLOW_ALL.replace("Allow", "Deny");

  private static Desk desk;

  PoliciesTest(TestDatabase database) {
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

  private static List<String> policiesOf(String id) {
    return desk.enforcement.lastOf(id).policies().stream()
        .map(policy -> policy.name() + " " + policy.version())
        .toList();
  }

  @Test
  void theDefaultsAreThereToSee() throws Exception {
    var list = desk.admin.get("/api/v1/policies").json().get("policies");
    var shown = desk.admin.get("/api/v1/policies/default-device").json();

    assertThat(list.valueStream().map(policy -> policy.get("name").asString()))
        .contains("default-backend", "default-device");
    assertThat(shown.get("document").get("Statement").isArray()).isTrue();
    assertThat(shown.get("version").asInt()).isEqualTo(1);
  }

  @Test
  void aNewVersionReachesEveryoneItIsAttachedTo() throws Exception {
    desk.admin.put("/api/v1/policies/shared", ALLOW_ALL);
    var devices = new ArrayList<String>();
    for (int index = 0; index < 210; index++) {
      devices.add(Desk.enrolment("p-" + index, Desk.csr("p-" + index)));
    }
    var body =
        "{\"devices\":["
            + String.join(",", devices).replace("\"}", "\",\"policies\":[\"shared\"]}")
            + "]}";
    assertThat(desk.admin.post("/api/v1/devices/batch", body).status()).isEqualTo(200);
    enrol("p-other");
    desk.enforcement.told.clear();

    var put = desk.admin.put("/api/v1/policies/shared", DENY_ALL);

    assertThat(put.json().get("version").asInt()).isEqualTo(2);
    assertThat(desk.enforcement.told).hasSize(210).doesNotContain("trust p-other ACTIVE");
    assertThat(policiesOf("p-209")).containsExactly("shared 2");
  }

  @Test
  void theSameDocumentIsTheSameVersionAndOldVersionsStay() throws Exception {
    desk.admin.put("/api/v1/policies/kept", ALLOW_ALL);
    var same = desk.admin.put("/api/v1/policies/kept", ALLOW_ALL);
    var next = desk.admin.put("/api/v1/policies/kept", DENY_ALL);
    var old = desk.admin.get("/api/v1/policies/kept?version=1").json();

    assertThat(same.json().get("version").asInt()).isEqualTo(1);
    assertThat(next.json().get("version").asInt()).isEqualTo(2);
    assertThat(old.at("/document/Statement/0/Effect").asString()).isEqualTo("Allow");
    assertThat(old.get("versions").valueStream().map(version -> version.asInt()))
        .containsExactly(1, 2);
    assertThat(desk.admin.get("/api/v1/policies/kept?version=3").status()).isEqualTo(404);
  }

  @Test
  void whatIsNoPolicyIsRefusedWithItsPlace() throws Exception {
    var reply =
        desk.admin.put(
            "/api/v1/policies/broken",
            ALLOW_ALL.replace("\"Effect\"", "\"Condition\":{},\"Effect\""));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().get("detail").asString()).contains("line 1");
    assertThat(desk.admin.get("/api/v1/policies/broken").status()).isEqualTo(404);
    assertThat(desk.admin.put("/api/v1/policies/bad%20name", ALLOW_ALL).status()).isEqualTo(400);
  }

  @Test
  void isAttachedAndDetachedAtOnce() throws Exception {
    desk.admin.put("/api/v1/policies/extra", ALLOW_ALL);
    enrol("attached");

    var attached =
        desk.admin.post("/api/v1/policies/extra/attachments", "{\"principal\":\"attached\"}");
    var with = policiesOf("attached");
    var detached = desk.admin.delete("/api/v1/policies/extra/attachments/attached");

    assertThat(attached.json().get("policies")).hasSize(2);
    assertThat(with).containsExactly("default-device 1", "extra 1");
    assertThat(detached.json().get("policies")).hasSize(1);
    assertThat(policiesOf("attached")).containsExactly("default-device 1");
    assertThat(desk.admin.delete("/api/v1/policies/extra/attachments/attached").status())
        .isEqualTo(404);
    assertThat(
            desk.admin
                .post("/api/v1/policies/extra/attachments", "{\"principal\":\"nobody\"}")
                .status())
        .isEqualTo(404);
    assertThat(
            desk.admin
                .post("/api/v1/policies/nope/attachments", "{\"principal\":\"attached\"}")
                .status())
        .isEqualTo(404);
  }

  @Test
  void noMoreThanTenAreAttachedToOne() throws Exception {
    enrol("greedy");
    for (int index = 0; index < 10; index++) {
      desk.admin.put("/api/v1/policies/greed-" + index, ALLOW_ALL);
      int expected = index < 9 ? 200 : 409;
      assertThat(
              desk.admin
                  .post(
                      "/api/v1/policies/greed-" + index + "/attachments",
                      "{\"principal\":\"greedy\"}")
                  .status())
          .isEqualTo(expected);
    }
    assertThat(desk.enforcement.lastOf("greedy").policies())
        .extracting(PolicyVersion::name)
        .hasSize(10);
  }
}
