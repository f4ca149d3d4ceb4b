package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import org.junit.jupiter.api.Test;

class MaintenanceRoutesTest {
  private static final String DRAIN = "/api/v1/drain";

  @Test
  void aReloadTellsWhatChangedAndWhatWaits() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      var reply = desk.admin.post("/api/v1/reload", "{}");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().at("/changed/0").asString()).isEqualTo("log.level");
      assertThat(reply.json().at("/waiting/0").asString()).isEqualTo("mqtt.port");

      desk.maintenance.refusing = true;
      var refused = desk.admin.post("/api/v1/reload", "{}");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.json().get("detail").asString()).contains("s.yaml:3:9: mqtt.port");
      var status = desk.admin.get("/api/v1/status").json();
      assertThat(status.at("/reload/failed").asBoolean()).isTrue();
    }
  }

  @Test
  void aDrainIsToldToLoadBalancersUntilItEnds() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE);
        var nobody = desk.anonymous()) {
      var body = "{\"to\":\"gate2.example.org:8883\",\"moved\":true,\"rate\":20}";
      assertThat(desk.admin.post(DRAIN, body).status()).isEqualTo(200);
      assertThat(desk.maintenance.told)
          .singleElement()
          .asString()
          .contains("gate2.example.org:8883", "moved=true", "perSecond=20");
      assertThat(desk.admin.get(DRAIN).json().get("draining").asBoolean()).isTrue();
      assertThat(nobody.get("/health").json().get("status").asString()).isEqualTo("draining");

      assertThat(desk.admin.post("/api/v1/undrain", "{}").status()).isEqualTo(200);
      assertThat(nobody.get("/health").json().get("status").asString()).isEqualTo("up");
      assertThat(desk.admin.post("/api/v1/undrain", "{}").status()).isEqualTo(409);
    }
  }

  @Test
  void whatCannotBeToldToADeviceIsRefused() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      for (var body :
          new String[] {
            "{\"to\":\"\"}",
            "{\"to\":\"two hosts\"}",
            "{\"to\":\"" + "x".repeat(256) + "\"}",
            "{\"moved\":true}",
            "{\"rate\":0}",
            "{\"rate\":100001}",
            "{\"speed\":1}"
          }) {
        assertThat(desk.admin.post(DRAIN, body).status()).as(body).isEqualTo(400);
      }
      assertThat(desk.maintenance.told).isEmpty();
    }
  }
}
