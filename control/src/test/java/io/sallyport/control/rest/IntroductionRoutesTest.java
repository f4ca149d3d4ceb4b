package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.Introduced;
import io.sallyport.control.TestDatabase;
import io.sallyport.testkit.TestCa;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IntroductionRoutesTest {
  private static final String MANUFACTURERS = "/api/v1/manufacturers";
  private static final String CLAIMS = "/api/v1/claims";
  private static Desk desk;
  private static TestCa ca;

  @BeforeAll
  static void open() throws Exception {
    desk = Desk.open(TestDatabase.SQLITE);
    ca = TestCa.create(desk.clock.instant());
    Introduced.into(desk);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static int post(String path, String body) throws Exception {
    return desk.admin.post(path, body).status();
  }

  @Test
  void showsWhatBecameOfSerialNumbers() throws Exception {
    var shown = desk.admin.get(MANUFACTURERS + "/maker").json();
    var serials = desk.admin.get(MANUFACTURERS + "/maker/serials").json().get("serials");

    assertThat(shown.get("serials").asInt()).isEqualTo(2);
    assertThat(shown.get("spent").asInt()).isEqualTo(1);
    assertThat(shown.get("open").asBoolean()).isFalse();
    assertThat(serials.get(0).get("state").asString()).isEqualTo("spent");
    assertThat(serials.get(0).get("id").asString()).isEqualTo("d-10");
    assertThat(serials.get(0).get("thingType").asString()).isEqualTo("lamp");
    assertThat(serials.get(1).get("id").asString()).isEqualTo("SN-2");
    assertThat(desk.admin.get(MANUFACTURERS + "?limit=1").json().get("manufacturers")).hasSize(1);
  }

  @Test
  void refusesWhatIsNoManufacturer() throws Exception {
    assertThat(post(MANUFACTURERS, Introduced.manufacturer("maker", ca, ""))).isEqualTo(409);
    assertThat(post(MANUFACTURERS, Introduced.manufacturer("a b", ca, ""))).isEqualTo(400);
    assertThat(post(MANUFACTURERS, "{\"name\":\"x\",\"ca\":\"x\"}")).isEqualTo(400);
    assertThat(post(MANUFACTURERS, "{\"name\":\"x\"}")).isEqualTo(400);
    assertThat(post(MANUFACTURERS, Introduced.manufacturer("x", ca, ",\"group\":\"none\"")))
        .isEqualTo(404);
    assertThat(post(MANUFACTURERS + "/nobody/serials", "{\"serials\":[{\"serial\":\"1\"}]}"))
        .isEqualTo(404);
    assertThat(post(MANUFACTURERS + "/maker/serials", "{\"serials\":[{\"serial\":\"a b\"}]}"))
        .isEqualTo(400);
    assertThat(post(MANUFACTURERS + "/maker/serials", "{\"serials\":[]}")).isEqualTo(400);
  }

  @Test
  void listsRemovesAndForgets() throws Exception {
    assertThat(post(MANUFACTURERS, Introduced.manufacturer("other", ca, ",\"open\":true")))
        .isEqualTo(201);
    var at = MANUFACTURERS + "/other";
    var two = "{\"serials\":[{\"serial\":\"1\"},{\"serial\":\"2\"}]}";
    var names = "{\"serials\":[\"1\",\"3\"]}";

    assertThat(desk.admin.post(at + "/serials", two).json().get("changed").asInt()).isEqualTo(2);
    assertThat(desk.admin.post(at + "/serials", two).json().get("changed").asInt()).isZero();
    assertThat(desk.admin.post(at + "/serials/remove", names).json().get("changed").asInt())
        .isEqualTo(1);
    assertThat(desk.admin.post(at + "/serials/revoke", names).json().get("changed").asInt())
        .isEqualTo(2);
    assertThat(desk.admin.get(at).json().get("serials").asInt()).isEqualTo(3);
    assertThat(post(at + "/remove", "{}")).isEqualTo(200);
    assertThat(desk.admin.get(at).status()).isEqualTo(404);
  }

  @Test
  void showsAndEndsClaims() throws Exception {
    assertThat(post(CLAIMS, Introduced.claim("line2", "b2", ",\"perMinute\":5"))).isEqualTo(201);
    assertThat(post(CLAIMS, Introduced.claim("line2", "b2", ""))).isEqualTo(409);
    assertThat(post(CLAIMS, Introduced.claim("line3", "b2", ",\"group\":\"none\""))).isEqualTo(404);
    assertThat(post(CLAIMS, Introduced.claim("line3", "a b", ""))).isEqualTo(400);
    assertThat(post(CLAIMS, Introduced.claim("line3", "b2", ",\"notBefore\":\"soon\"")))
        .isEqualTo(400);
    assertThat(desk.admin.get(CLAIMS + "/line").json().get("used").asInt()).isEqualTo(1);
    assertThat(desk.admin.get(CLAIMS + "/line/devices").json().get("devices").get(0).asString())
        .isEqualTo("d-11");

    assertThat(desk.admin.post(CLAIMS + "/kill", "{\"batch\":\"b2\"}").json().get("killed"))
        .hasSize(1);
    assertThat(post(CLAIMS + "/kill", "{\"batch\":\"none\"}")).isEqualTo(404);
    assertThat(post(CLAIMS + "/nobody/kill", "{}")).isEqualTo(404);
    assertThat(desk.admin.post(CLAIMS + "/line/kill", "{}").json().get("state").asString())
        .isEqualTo("killed");
    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_claim_abuses_total{why=\"over-count\"}")
        .contains("sallyport_manufacturer_refusals_total");
  }
}
