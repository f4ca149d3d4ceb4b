package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operators' port says of revocation to somebody without a certificate. */
@TestInstance(Lifecycle.PER_CLASS)
class PublicationRoutesTest {
  private final Desk desk = Desk.open(TestDatabase.SQLITE);

  @AfterAll
  void close() {
    desk.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/crl/devices.crl", "/crl/devices-9.crl", "/crl/servers.crl", "/ocsp/MAA="})
  void everybodyIsAnswered(String path) throws Exception {
    try (var nobody = desk.anonymous()) {
      assertThat(nobody.get(path).status()).isEqualTo(200);
    }
  }

  /** The attack: to borrow the openness of one path for another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/crl/../api/v1/status",
        "/ocsp/../api/v1/status",
        "/ocsp/%2e%2e/api/v1/status",
        "/ocsp/..%2fapi/v1/status",
        "/crl/..;/api/v1/status",
        "/crl%2f..%2fapi/v1/status",
        "//api/v1/status",
        "/ocsp//../../api/v1/status",
        "/crl/devices.crl/../../metrics"
      })
  void nobodyComesByThemToAnythingElse(String path) throws Exception {
    try (var nobody = desk.anonymous()) {
      assertThat(nobody.text(path)).doesNotContain("gateway", "startedAt", "sallyport_");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/policies/a%2fb", "/api/v1//status", "/api/v1/devices/..%2Fx"})
  void pathsThatTwoMightReadDifferentlyAreRefused(String path) throws Exception {
    assertThat(desk.admin.get(path).status()).isEqualTo(400);
  }

  @Test
  void numbersAreAmongTheMetrics() throws Exception {
    desk.api().publication().list("devices.crl", null);

    assertThat(desk.admin.text("/metrics"))
        .contains("sallyport_crl_number{list=\"devices\"} 1.0")
        .contains("sallyport_crl_age_seconds{list=\"devices\"}")
        .contains("sallyport_ocsp_answers_total{answer=\"good\"}");
  }
}
