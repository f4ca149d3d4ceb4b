package io.sallyport.control.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.Introduced;
import io.sallyport.control.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class TemplateRoutesTest {
  private static Desk desk;

  @BeforeAll
  static void open() {
    desk = Desk.open(TestDatabase.SQLITE);
    desk.api().templates().put("lamps", Introduced.TEMPLATE, false, "admin");
    desk.api().templates().put("asked", Introduced.TEMPLATE, true, "admin");
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static int post(String path, String body) {
    try {
      return desk.admin.post(path, body).status();
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void templatesAreNamedKeptAndInUse() throws Exception {
    var at = "/api/v1/provisioning-templates";
    Line.of(desk, 1, "lamp-*", "lamps");

    assertThat(desk.admin.put(at + "/a.b", Introduced.TEMPLATE).status()).isEqualTo(400);
    assertThat(desk.admin.put(at + "/x", "{}").status()).isEqualTo(400);
    assertThat(
            desk.admin
                .put(at + "/x", Introduced.TEMPLATE.replace("default-device", "nobody"))
                .status())
        .isEqualTo(404);
    assertThat(
            desk.admin
                .put(
                    at + "/x",
                    Introduced.TEMPLATE.replace(
                        "\"ThingTypeName\"", "\"ThingGroups\": [\"none\"], \"ThingTypeName\""))
                .status())
        .isEqualTo(404);
    assertThat(
            desk.admin
                .put(at + "/lamp_?hook=true", Introduced.TEMPLATE)
                .json()
                .path("hook")
                .asBoolean())
        .isTrue();
    assertThat(desk.admin.get(at + "?limit=1").json().get("templates")).hasSize(1);
    assertThat(desk.admin.get(at + "/lamps").json().at("/body/Resources").isObject()).isTrue();
    assertThat(desk.admin.get(at + "/nobody").status()).isEqualTo(404);
    assertThat(desk.admin.delete(at + "/lamps").status()).isEqualTo(409);
    assertThat(desk.admin.delete(at + "/lamp_").status()).isEqualTo(200);
    assertThat(desk.admin.delete(at + "/lamp_").status()).isEqualTo(404);
  }

  @Test
  void aClaimForTemplatesHasNoTermsOfItsOwn() {
    var claims = "/api/v1/claims";

    assertThat(post(claims, Introduced.claim("t1", "bt", ",\"templates\":[\"nobody\"]")))
        .isEqualTo(404);
    assertThat(
            post(
                claims,
                Introduced.claim("t2", "bt", ",\"templates\":[\"lamps\"],\"thingType\":\"x\"")))
        .isEqualTo(400);
    assertThat(post(claims, Introduced.claim("t3", "bt", ",\"templates\":[\"lamps\",\"lamps\"]")))
        .isEqualTo(400);
  }

  @Test
  void itIsCounted() throws Exception {
    var line = Line.of(desk, 1, "lamp-*", "lamps");
    line.create("x");

    assertThat(desk.admin.text("/metrics"))
        .contains(
            "sallyport_provisioning_requests_total{operation=\"create-certificate-from-csr\",outcome=\"rejected\"}",
            "sallyport_provisioning_hook_total{outcome=\"failed\"}",
            "sallyport_provisioning_pending_certificates");
    assertThat(new ProvisioningAnswer.Created("secret", "id", "pem").toString())
        .doesNotContain("secret");
  }

  @Test
  void withoutAHookItsTemplatesLetNobodyIn() {
    var line = Line.of(desk, 2, "lamp-*", "asked");
    var serial = "h1";

    assertThat(
            line.register("asked", line.token("lamp-" + serial), Map.of("SerialNumber", serial))
                .path("errorCode")
                .asString())
        .isEqualTo("InternalServerError");
  }
}
