package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.StoredAuthority;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a dashboard is told of a rollover. */
class RolloverRoutesTest {
  private static final String STATUS = "/api/v1/ca/rollover";
  private static final String LATE = STATUS + "/not-ready";

  private final Desk desk = Desk.open(TestDatabase.SQLITE);

  @AfterEach
  void close() {
    desk.close();
  }

  private void begin() throws Exception {
    var rollover = desk.control.rollover();
    // The certificate of any authority does: desks keep no key of their root.
    var next =
        new StoredAuthority(
            AuthorityName.DEVICES,
            2,
            AuthorityStanding.TRUSTED,
            null,
            null,
            Map.of(1, desk.authorities.servers().certificate()));
    rollover.begin(List.of(next), rollover.stored(), "alice");
  }

  private void enrol(String id) throws Exception {
    assertThat(desk.admin.post("/api/v1/devices", Desk.enrolment(id, Desk.csr(id))).status())
        .isEqualTo(201);
  }

  @Test
  void whereNoneIsUnderWayThatIsTold() throws Exception {
    var told = desk.admin.get(STATUS).json();
    assertThat(told.at("/stage").asString()).isEqualTo("none");
    assertThat(told.at("/progress").isNull()).isTrue();
    assertThat(desk.admin.get(LATE).json().at("/devices")).isEmpty();
  }

  @Test
  void howFarItIsIsToldAndWhoIsLatePageByPage() throws Exception {
    enrol("dev-1");
    enrol("dev-2");
    begin();
    var told = desk.admin.get(STATUS).json();
    assertThat(told.at("/stage").asString()).isEqualTo("begun");
    assertThat(told.at("/progress/authority").asString()).isEqualTo("devices");
    assertThat(told.at("/progress/from").asString()).isEqualTo("Sallyport Devices CA");
    assertThat(told.at("/progress/to").asString()).isEqualTo("Sallyport Devices CA G2");
    assertThat(told.at("/progress/fromGeneration").asInt()).isEqualTo(1);
    assertThat(told.at("/progress/toGeneration").asInt()).isEqualTo(2);
    assertThat(told.at("/progress/activatedAt").isNull()).isTrue();
    assertThat(told.at("/progress/devices").asInt()).isEqualTo(2);
    assertThat(told.at("/progress/trusting").asInt()).isZero();
    assertThat(told.at("/progress/ready").asInt()).isZero();
    assertThat(told.at("/progress/claims").asInt()).isZero();

    var page = desk.admin.get(LATE + "?limit=1").json();
    assertThat(page.at("/devices/0/id").asString()).isEqualTo("dev-1");
    assertThat(page.at("/devices/0/trusting").asBoolean()).isFalse();
    assertThat(page.at("/next").asString()).isEqualTo("dev-1");
    var last = desk.admin.get(LATE + "?limit=1000&after=dev-1").json();
    assertThat(last.at("/devices")).hasSize(1);
    assertThat(last.at("/next").isNull()).isTrue();
    assertThat(desk.admin.get(LATE + "?limit=1001").status()).isEqualTo(400);

    desk.clock.advance(Rollover.SETTLING);
    desk.control.rollover().activate("alice");
    var activated = desk.admin.get(STATUS).json();
    assertThat(activated.at("/stage").asString()).isEqualTo("activated");
    assertThat(activated.at("/progress/activatedAt").isNull()).isFalse();
  }

  /** Its steps are no calls: who may read {@code ca/} takes them. */
  @Test
  void nobodyStepsHereAndAStrangerSeesNothing() throws Exception {
    try (var nobody = desk.anonymous()) {
      assertThat(nobody.get(STATUS).status()).isEqualTo(401);
      assertThat(nobody.get(LATE).status()).isEqualTo(401);
    }
    assertThat(desk.admin.post(STATUS, "{}").status()).isBetween(404, 405);
  }
}
