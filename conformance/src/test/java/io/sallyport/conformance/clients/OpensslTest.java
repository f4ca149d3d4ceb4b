package io.sallyport.conformance.clients;

import static io.sallyport.conformance.clients.OpensslSession.IDENTITY;
import static io.sallyport.conformance.clients.OpensslSession.line;
import static io.sallyport.conformance.clients.OpensslSession.talk;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code openssl s_client} at the gate: which handshakes it takes and which it does not. */
@ExtendWith(Lab.Resolver.class)
class OpensslTest {
  private final Lab lab;

  OpensslTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void needsTheTool() {
    Tool.need(Tool.OPENSSL);
  }

  @Test
  void theLineOfTheReadmeWorks() {
    var device = lab.device();

    for (var line : device.bundle().linesOf("openssl")) {
      var said = Program.runLine(device.bundle().folder(), line).expecting(0).said();
      assertThat(said).contains("Verification: OK").contains("TLSv1.3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void takesBothVersions(String version) {
    var device = lab.device();

    try (var session = OpensslSession.open(device, version + IDENTITY)) {
      assertThat(session.connack()).isEqualTo("accepted");
      assertThat(session.leave().said()).contains("Verification: OK");
    }
  }

  @Test
  void refusesTls11() {
    var ran = handshake(lab.device(), "-tls1_1 -cipher DEFAULT@SECLEVEL=0" + IDENTITY);

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.said()).contains("protocol version");
  }

  @Test
  void asksForACertificateInTls13() {
    var ran = talk(lab.device(), "-tls1_3");

    assertThat(ran.said()).contains("certificate required");
  }

  @Test
  void asksForACertificateInTls12() {
    var ran = talk(lab.device(), "-tls1_2");

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.said()).contains("handshake failure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"})
  void takesTheSuitesOfTheList(String suite) {
    var ran = handshake(lab.device(), "-tls1_2 -cipher " + suite + IDENTITY);

    assertThat(ran.expecting(0).said()).contains(suite);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-SHA256",
        "ECDHE-ECDSA-AES128-SHA",
        "AES128-GCM-SHA256",
        "AES128-SHA"
      })
  void refusesSuitesOutsideOfTheList(String suite) {
    var ran = handshake(lab.device(), "-tls1_2 -cipher " + suite + "@SECLEVEL=0" + IDENTITY);

    assertThat(ran.exit()).isNotZero();
    assertThat(ran.said()).contains("handshake failure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X25519", "P-256"})
  void takesTheGroupsOfTheList(String group) {
    handshake(lab.device(), "-tls1_3 -groups " + group + IDENTITY).expecting(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P-521", "ffdhe2048"})
  void refusesGroupsOutsideOfTheList(String group) {
    var ran = handshake(lab.device(), "-tls1_3 -groups " + group + IDENTITY);

    assertThat(ran.exit()).isNotZero();
  }

  @Test
  void offersNeitherCompressionNorEarlyData() {
    var device = lab.device();
    var tls12 = full(device, "-tls1_2" + IDENTITY);
    var tls13 = full(device, "-tls1_3" + IDENTITY);

    assertThat(tls12).contains("Compression: NONE");
    assertThat(tls13).contains("Compression: NONE").doesNotContain("Early data was accepted");
    assertThat(tls13).doesNotContainPattern("Max Early Data: [1-9]");
  }

  @Test
  void refusesRenegotiation() {
    var device = lab.device();
    try (var session = OpensslSession.open(device, "-tls1_2" + IDENTITY)) {
      var client = session.client();
      Patience.until("a handshake of " + client, () -> client.out().contains("Verify return code"));
      client.type("R\n");

      assertThat(client.ended().said()).containsAnyOf("no renegotiation", "unexpected", "closed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void resumesASession(String version) {
    var device = lab.device();
    var ticket = ticket(device, version);

    var ran = resume(device, version, ticket);

    assertThat(ran.said()).contains("Reused, TLSv1.");
  }

  /** The promise: a ticket never outlives the trust that it was given for. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void refusesATicketAfterRevocation(String version) {
    var device = lab.device();
    var ticket = ticket(device, version);
    assertThat(resume(device, version, ticket).said()).contains("Reused, TLSv1.");
    var kept = ticket(device, version);

    lab.product().cli("device", "revoke", device.clientId()).expecting(0);

    assertThat(resume(device, version, kept).said()).contains("connack: refused");
    assertThat(talk(device, version + IDENTITY).said()).contains("certificate revoked");
  }

  private Path ticket(Endpoint device, String version) {
    var file = lab.scratch().resolve("ticket.pem");
    try (var session = OpensslSession.open(device, version + IDENTITY + " -sess_out " + file)) {
      assertThat(session.connack()).isEqualTo("accepted");
      session.leave();
    }
    assertThat(file).exists();
    return file;
  }

  private static Ran resume(Endpoint device, String version, Path ticket) {
    assertThat(Files.exists(ticket)).isTrue();
    return talk(device, version + IDENTITY + " -sess_in " + ticket);
  }

  /** A handshake and no more; in TLS 1.3 the client cannot see yet whether it was believed. */
  private static Ran handshake(Endpoint device, String options) {
    return Program.runLine(
        device.bundle().folder(), line(device, options + " -brief") + " </dev/null");
  }

  private static String full(Endpoint device, String options) {
    return Program.runLine(device.bundle().folder(), line(device, options) + " </dev/null").said();
  }
}
