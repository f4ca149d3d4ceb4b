package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
  private static JsonNode document() {
    return JsonMapper.builder().build().readTree(SystemRoutes.openApi());
  }

  private static List<String> served(Desk desk) {
    var facts = new SystemRoutes.Facts("", Instant.EPOCH, () -> false);
    return desk.api().routes(facts, desk.surroundings()).stream()
        .map(route -> route.method() + " " + template(route.path()) + " " + role(route))
        .toList();
  }

  /** OpenAPI has no form of its own for what may hold slashes. */
  private static String template(String path) {
    return path.replace('<', '{').replace('>', '}');
  }

  private static String role(Route route) {
    return route.role() == null ? "none" : route.role().word();
  }

  @Test
  void documentsEveryRouteAndServesEveryCallThatItDocuments() throws Exception {
    var documented = new TreeSet<String>();
    document()
        .get("paths")
        .propertyStream()
        .forEach(
            path ->
                path.getValue()
                    .propertyStream()
                    .forEach(
                        call ->
                            documented.add(
                                call.getKey().toUpperCase(Locale.ROOT)
                                    + " "
                                    + path.getKey()
                                    + " "
                                    + call.getValue().get("x-role").asString())));
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      assertThat(served(desk)).containsExactlyInAnyOrderElementsOf(documented);
      assertThat(desk.admin.get("/openapi.json").json()).isEqualTo(document());
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    var document = document();

    assertThat(document.findValues("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.asString().substring(1)).isMissingNode())
                    .as(reference.asString())
                    .isFalse());
  }

  @Test
  void metricsAreReadableForPrometheus() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      assertThat(desk.admin.text("/metrics"))
          .contains("# TYPE sallyport_connections gauge")
          .contains("sallyport_connections{listener=\"mqtt\"} 3.0")
          .contains("sallyport_ledger_dropped_events_total 0.0");
    }
  }

  @Test
  void statusAndAuthoritiesAreTold() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      var status = desk.admin.get("/api/v1/status").json();
      var authorities = desk.admin.get("/api/v1/ca").json();

      assertThat(status.get("version").asString()).isEqualTo("1.2.3-test");
      assertThat(status.at("/gateway/connections").asInt()).isEqualTo(3);
      assertThat(status.at("/exchange/sessions").asInt()).isEqualTo(2);
      assertThat(authorities.get("rootKeyPresent").asBoolean()).isTrue();
      assertThat(authorities.get("certificates")).hasSize(3);
      assertThat(authorities.at("/certificates/0/algorithm").asString()).isEqualTo("ECDSA P-384");
    }
  }
}
