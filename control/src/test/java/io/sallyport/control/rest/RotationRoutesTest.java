package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.registry.KeyUses;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.rotation.CertificateUse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators ask and order of rotation. */
class RotationRoutesTest {
  private static final String BASE = "/api/v1/rotation";

  private final Desk desk = Desk.open(TestDatabase.SQLITE);

  @AfterEach
  void close() {
    desk.close();
  }

  private void enrol(String id) throws Exception {
    assertThat(desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id))).status())
        .isEqualTo(201);
  }

  private int start(String body) throws Exception {
    return desk.admin.post(BASE + "/start", body).status();
  }

  @Test
  void devicesThatAreNamedAreAskedAtOnce() throws Exception {
    enrol("dev-1");
    var told = desk.admin.post(BASE + "/start", "{\"devices\":[\"dev-1\",\"ghost\"]}").json();
    assertThat(told.at("/devices").asInt()).isEqualTo(1);
    assertThat(told.at("/named/0").asString()).isEqualTo("dev-1");
    assertThat(told.at("/left/0").asString()).isEqualTo("ghost");
    desk.control.rotations().tick(desk.clock.instant());
    var one = desk.admin.get(BASE + "/devices?state=asked").json().at("/devices/0");
    assertThat(one.at("/id").asString()).isEqualTo("dev-1");
    assertThat(one.at("/cause").asString()).isEqualTo("demand");
    assertThat(one.at("/newFingerprint").isNull()).isTrue();
    assertThat(desk.admin.get(BASE).json().at("/causes/demand").asInt()).isEqualTo(1);
    desk.control
        .rotations()
        .desk()
        .certify(new PrincipalId("dev-1"), Desk.csr("dev-1"), desk.clock.instant());
    var status = desk.admin.get(BASE).json();
    assertThat(status.at("/waves/0/namedBy").asString()).isEqualTo("admin");
    assertThat(status.at("/waves/0/states/issued").asInt()).isEqualTo(1);
    assertThat(status.at("/states/issued").asInt()).isEqualTo(1);
    assertThat(desk.admin.get(BASE + "/devices?state=issued").json().at("/devices")).hasSize(1);
    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_rotation_devices{state=\"issued\"} 1")
        .contains("sallyport_certificates_expiring{days=\"30\"} 0");
  }

  @Test
  void whatKeysProtectedIsTold() throws Exception {
    enrol("dev-1");
    enrol("dev-2");
    var path = "/api/v1/devices/";
    var certificate = "/certificates/0/";
    var shown = desk.admin.get(path + "dev-1").json();
    assertThat(shown.at(certificate + "messages").asLong(-1)).isZero();
    var fingerprint = new Fingerprint(shown.at(certificate + "fingerprint").asString());
    var use = new CertificateUse(fingerprint, 7, 5_000_000_000L);
    desk.database.change(
        handle -> KeyUses.add(handle, "gate", 1, List.of(use), desk.clock.instant()));
    shown = desk.admin.get(path + "dev-1").json();
    assertThat(shown.at(certificate + "messages").asLong()).isEqualTo(7);
    assertThat(shown.at(certificate + "bytes").asLong()).isEqualTo(5_000_000_000L);
    assertThat(desk.admin.get(path + "dev-2").json().at(certificate + "bytes").asLong(-1)).isZero();
    var listed = desk.admin.get("/api/v1/devices").json().at("/devices/0" + certificate + "bytes");
    assertThat(listed.isMissingNode()).as("of one only").isTrue();
  }

  @Test
  void everybodyFollowsInWavesAndAPauseHoldsThem() throws Exception {
    enrol("dev-1");
    assertThat(desk.admin.post(BASE + "/pause", "{}").json().at("/changed").asBoolean()).isTrue();
    assertThat(desk.admin.post(BASE + "/start", "{\"all\":true}").json().at("/devices").asInt())
        .isEqualTo(1);
    desk.control.rotations().tick(desk.clock.instant());
    var status = desk.admin.get(BASE).json();
    assertThat(status.at("/paused").asBoolean()).isTrue();
    assertThat(status.at("/pausedBy").asString()).isEqualTo("admin");
    assertThat(status.at("/demanded").asInt()).isEqualTo(1);
    assertThat(desk.admin.post(BASE + "/resume", "{}").json().at("/paused").asBoolean()).isFalse();
    desk.clock.advance(Duration.ofMinutes(1));
    desk.control.rotations().tick(desk.clock.instant());
    assertThat(desk.admin.get(BASE).json().at("/waves/0/devices").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsNoOrderIsRefused() throws Exception {
    assertThat(start("{}")).isEqualTo(400);
    assertThat(start("{\"all\":true,\"group\":\"hall\"}")).isEqualTo(400);
    assertThat(start("{\"all\":false}")).isEqualTo(400);
    assertThat(start("{\"devices\":[\"no id\"]}")).isEqualTo(400);
    assertThat(start("{\"devices\":[]}")).isEqualTo(400);
    assertThat(start("{\"all\":true,\"by\":\"soon\"}")).isEqualTo(400);
    assertThat(start("{\"all\":true,\"by\":\"2020-01-01T00:00:00Z\"}")).isEqualTo(400);
    assertThat(start("{\"group\":\"attic\"}")).isEqualTo(404);
    assertThat(desk.admin.get(BASE + "/devices?state=lost").status()).isEqualTo(400);
    assertThat(desk.admin.get(BASE + "/expiry?by=day").status()).isEqualTo(400);
  }

  @Test
  void theYearIsToldByWeekOrMonth() throws Exception {
    enrol("dev-1");
    var months = desk.admin.get(BASE + "/expiry").json();
    assertThat(months.at("/by").asString()).isEqualTo("month");
    assertThat(months.at("/spans").size()).isBetween(12, 13);
    var weeks = desk.admin.get(BASE + "/expiry?by=week").json();
    assertThat(weeks.at("/spans").size()).isBetween(52, 54);
  }
}
