package io.sallyport.control.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Control;
import io.sallyport.control.Desk;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.claim.ClaimAnswer;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.enrolment.claim.IdPatterns;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A claim and the desk that it speaks to. */
record Line(String name, X509Certificate certificate, Control control) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String SOURCE = "192.0.2.1";
  private static final String CREATE = "$aws/certificates/create-from-csr/json";

  static Line of(Desk desk, long count, String ids, String... templates) {
    var name = "line-" + NUMBER.incrementAndGet();
    var made =
        desk.control
            .introductions()
            .claims()
            .create(
                new Claims.Draft(
                    name,
                    Desk.csr(name),
                    "b-" + name,
                    new IdPatterns(List.of(ids)),
                    count,
                    1_000,
                    null,
                    Duration.ofDays(30),
                    NewcomerTerms.DEFAULTS,
                    null,
                    List.of(templates)),
                "admin");
    if (made instanceof ClaimAnswer.Shown(var claim)) {
      return new Line(name, Desk.certificate(claim.pem()), desk.control);
    }
    throw new AssertionError(made.toString());
  }

  Line at(Control other) {
    return new Line(name, certificate, other);
  }

  ProvisioningDesk.Rights rights() {
    return control.provisioning().rights(SOURCE, List.of(certificate));
  }

  ProvisioningDesk.Message ask(String topic, byte[] payload) {
    return control.provisioning().answer(SOURCE, "c-1", List.of(certificate), topic, payload);
  }

  JsonNode ask(String topic, String payload) {
    return JSON.readTree(ask(topic, payload.getBytes(StandardCharsets.UTF_8)).payload());
  }

  JsonNode create(String csr) {
    return ask(CREATE, JSON.writeValueAsString(Map.of("certificateSigningRequest", csr)));
  }

  String token(String id) {
    return token(id, Desk.csr(id));
  }

  String token(String id, String csr) {
    var created = create(csr);
    assertThat(created.has("certificateOwnershipToken")).as("%s: %s", id, created).isTrue();
    return created.path("certificateOwnershipToken").asString();
  }

  JsonNode register(String template, String token, Map<String, String> parameters) {
    return ask(
        "$aws/provisioning-templates/" + template + "/provision/json",
        JSON.writeValueAsString(
            Map.of("certificateOwnershipToken", token, "parameters", parameters)));
  }

  JsonNode register(String token, String serial) {
    return register("lamps", token, Map.of("SerialNumber", serial));
  }

  long used() {
    return control.introductions().claims().find(name).orElseThrow().uses();
  }
}
