package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient;
import io.sallyport.control.RecordingPins;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.enforcement.ServerPins.Use;
import io.sallyport.control.operators.Role;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pins over REST: who may see, hand out and retire them, and what is told. */
class PinRoutesTest {
  private static final String PINS = "/api/v1/pins";
  private static final String HAND_OUT = PINS + "/hand-outs";

  private Desk desk;

  @BeforeEach
  void open() {
    desk = Desk.open(TestDatabase.SQLITE);
    var end = desk.clock.instant().plus(Duration.ofDays(20));
    desk.pins.with(Use.SERVER, 1, end, end).with(Use.BACKUP, 3, null, end.plusSeconds(9_999_999));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void areShownWithTheirEndsAndNobodyIsWarnedBeforeADeviceHasThem() throws Exception {
    var pins = desk.admin.get(PINS).json();

    assertThat(pins.at("/pins/0/use").asString()).isEqualTo("server");
    assertThat(pins.at("/pins/0/pin").asString()).isEqualTo(RecordingPins.key(1).pin());
    assertThat(pins.at("/pins/1/use").asString()).isEqualTo("backup");
    assertThat(pins.at("/pins/1/certificateNotAfter").isNull()).isTrue();
    assertThat(pins.get("deployed")).isEmpty();
    assertThat(pins.get("warnings")).isEmpty();
    assertThat(pins.get("enforced").asBoolean()).isTrue();
    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_pin_sets 0.0")
        .contains("sallyport_pin_warnings 0.0")
        .contains("sallyport_pins_servable_until_seconds");
  }

  @Test
  void areCountedWhenTheyAreHandedOutAndThenWatched() throws Exception {
    var answer = desk.admin.post(HAND_OUT, "{\"bundles\":500}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/deployed/0/bundles").asInt()).isEqualTo(500);
    assertThat(answer.json().at("/deployed/0/current").asBoolean()).isTrue();
    assertThat(answer.json().get("warnings")).hasSize(1);
    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_pin_sets 1.0")
        .contains("sallyport_pin_warnings 1.0")
        .contains("sallyport_pins_servable_until_seconds");
  }

  @Test
  void goWithEveryEnrolment() throws Exception {
    var enrolled =
        desk.admin.post("/api/v1/devices", Desk.enrolment("d-1", Desk.csr("d-1"))).json();

    assertThat(enrolled.at("/gateway/pins/0/use").asString()).isEqualTo("server");
    assertThat(desk.admin.get("/api/v1/ca").json().at("/gateway/pins")).hasSize(2);
    assertThat(desk.admin.get(PINS).json().get("deployed")).isEmpty();
  }

  @Test
  void aViewerSeesAnOperatorHandsOutAndSecurityRetires() throws Exception {
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("looks"));
        var otherKeys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId("acts"));
        var viewer = operator("looks", Role.VIEWER, keys);
        var operator = operator("acts", Role.OPERATOR, otherKeys)) {
      assertThat(viewer.get(PINS).status()).isEqualTo(200);
      assertThat(viewer.post(HAND_OUT, "{}").status()).isEqualTo(403);
      var set = operator.post(HAND_OUT, "{}").json().at("/deployed/0/set").asString();
      var retire = PINS + "/deployed/" + set;

      assertThat(operator.delete(retire).status()).isEqualTo(403);
      assertThat(desk.admin.delete(retire).json().get("deployed")).isEmpty();
      assertThat(desk.admin.delete(retire).status()).isEqualTo(404);
    }
  }

  @Test
  void whatIsNoNumberOfBundlesIsRefused() throws Exception {
    for (var count : new String[] {"0", "-1", "1000001"}) {
      var answer = desk.admin.post(HAND_OUT, "{\"bundles\":" + count + "}");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("reason").asString()).isEqualTo("malformed-bundles");
    }
    assertThat(desk.admin.get(PINS).json().get("deployed")).isEmpty();
  }

  @Test
  void aProcessThatShowsNoKeyHandsNoneOut() throws Exception {
    desk.pins.without();

    var answer = desk.admin.post(HAND_OUT, "{}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("reason").asString()).isEqualTo("no-pins");
  }

  private OperatorClient operator(String name, Role role, DeviceKeys keys) throws Exception {
    var body =
        "{\"name\":\"%s\",\"role\":\"%s\",\"csr\":\"%s\"}"
            .formatted(name, role.word(), keys.requestPem().replace("\n", "\\n"));
    var answer = desk.admin.post("/api/v1/operators", body).json();
    return desk.client(keys, Desk.certificate(answer.at("/certificate/pem").asString()));
  }
}
