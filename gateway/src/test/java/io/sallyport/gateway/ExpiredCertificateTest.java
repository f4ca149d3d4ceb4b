package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.connection.Departure;
import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.ShownCertificates;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a certificate that expired lately opens at the EST door, and nowhere else. */
@SuppressWarnings("NullAway.Init")
class ExpiredCertificateTest {
  private static final String PATH = "/.well-known/est/";
  private static final String BODY =
      " HTTP/1.1\r\nHost: a\r\nContent-Type: application/pkcs10\r\nContent-Length: 4\r\n\r\nTUlJ";

  @TempDir Path directory;
  private EstGate gate;
  private TestIdentity late;

  @BeforeEach
  void open() {
    gate = new EstGate(directory, configuration -> configuration, settings -> settings);
    gate.expiredMax = Duration.ofDays(30);
    late = gate.ca.expired("pump");
    gate.put("pump", gate.ca.device("pump"), Standing.ACTIVE);
  }

  @AfterEach
  void close() {
    gate.close();
  }

  private String ask(TestIdentity shown, String request) throws IOException {
    try (var socket = gate.connect(shown)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      var said = EstGate.answer(socket);
      if (said.isEmpty()) {
        throw new IOException("ended without a word");
      }
      return said;
    }
  }

  private String renew(TestIdentity shown) throws IOException {
    return ask(shown, "POST " + PATH + "simplereenroll" + BODY);
  }

  private void refused(TestIdentity shown, String reason) {
    assertThatThrownBy(() -> renew(shown)).isInstanceOf(IOException.class);
    TestGate.eventually(
        () ->
            gate.events.stream()
                .anyMatch(
                    event ->
                        event.type() == EventType.HANDSHAKE_REFUSED
                            && event.toString().contains(reason)),
        () -> reason + " in " + gate.events);
    assertThat(gate.renewed).isEmpty();
    assertThat(gate.applicants).isEmpty();
  }

  @Test
  void itMayAskForItsSuccessorAndTheDeskKnowsWhoseItIs() throws IOException {
    assertThat(renew(late)).startsWith("HTTP/1.1 403").contains("the desk was asked");

    assertThat(gate.renewed)
        .singleElement()
        .extracting("id", "kind", "certificate")
        .containsExactly(new PrincipalId("pump"), PrincipalKind.DEVICE, late.fingerprint());
    assertThat(gate.applicants).isEmpty();
  }

  @Test
  void itReadsTheAuthorities() throws IOException {
    assertThat(ask(late, "GET " + PATH + "cacerts HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(ask(late, "GET " + PATH + "csrattrs HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 204");
  }

  /** Not even as a stranger, with a token, or as what it once was. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Authorization: Basic YTpi\r\n"})
  void itEnrolsNobody(String header) throws IOException {
    var said = ask(late, "POST " + PATH + "simpleenroll" + BODY.replace("Host", header + "Host"));

    assertThat(said).startsWith("HTTP/1.1 403").contains("asks for its successor only");
    assertThat(gate.applicants).isEmpty();
    assertThat(gate.renewed).isEmpty();
  }

  @Test
  void mqttStaysClosedToIt() throws IOException {
    var context = late.sslContext();
    // What the handshake at the EST door left behind must not help at the other.
    try (var socket = MqttClient.socket(context, gate.port())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + PATH + "cacerts HTTP/1.1\r\nHost: a\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      assertThat(EstGate.answer(socket)).startsWith("HTTP/1.1 200");
    }

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> MqttClient.v5(context, gate.gateway.port()).connect("pump"))
          .isInstanceOf(IOException.class);
    }
    assertThat(gate.gateway.statistics().handshakesResumed()).isZero();
    assertThat(gate.gateway.statistics().sessions()).isZero();
  }

  @Test
  void aTicketOfBetterDaysOpensNothingMore() throws Exception {
    var soon =
        gate.ca
            .draft()
            .commonName("soon")
            .uri("urn:sallyport:device:soon")
            .forClients()
            .valid(Instant.now().minusSeconds(60), Instant.now().plusSeconds(3))
            .sign();
    gate.put("soon", soon, Standing.ACTIVE);
    var context = soon.sslContext();
    try (var client = MqttClient.v5(context, gate.gateway.port())) {
      assertThat(client.connect("soon").type()).isEqualTo(2);
    }
    Thread.sleep(4_500);

    assertThatThrownBy(() -> MqttClient.v5(context, gate.gateway.port()).connect("soon"))
        .isInstanceOf(IOException.class);
    assertThat(renew(soon)).contains("the desk was asked");
  }

  @Test
  void oneThatExpiredTooLongAgoIsRefused() {
    gate.expiredMax = Duration.ofHours(23);

    refused(late, "too long ago to be renewed");
  }

  @Test
  void whereNoneIsRenewedItIsRefusedAsEver() {
    gate.expiredMax = Duration.ZERO;

    refused(late, "it has expired");
  }

  @Test
  void aQuarantinedDeviceIsRefused() {
    gate.put("pump", gate.ca.device("pump"), Standing.QUARANTINED);

    refused(late, "quarantined");
  }

  @Test
  void aRevokedDeviceIsRefused() {
    gate.put("pump", gate.ca.device("pump"), Standing.REVOKED);

    refused(late, "it is revoked");
  }

  @Test
  void aDeviceThatNobodyKnowsIsRefused() {
    refused(gate.ca.expired("nobody"), "not known here");
  }

  @Test
  void aBackendIsRefused() {
    var now = Instant.now();
    refused(
        gate.ca
            .draft()
            .commonName("pump")
            .uri("urn:sallyport:backend:pump")
            .forClients()
            .valid(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))
            .sign(),
        "not a device's");
  }

  @Test
  void anotherAuthorityIsRefused() {
    var other = TestCa.create(Instant.now()).expired("pump");

    refused(
        new TestIdentity(other.privateKey(), other.chain(), gate.ca.root()),
        "no device CA of ours");
  }

  @Test
  void anAuthorityThatWasRetiredIsRefused() {
    var next = TestCa.create(Instant.now());
    var server = gate.ca.server();
    gate.gateway.show(
        ShownCertificates.only(new ServerCredentials(server.privateKey(), server.chain())),
        new DeviceAnchors(
            List.of(next.devices()), List.of(next.root()), List.of(gate.ca.devices())));

    refused(late, "was retired");
  }

  @Test
  void whatWasNeverRightIsNotRightBecauseItIsOver() {
    var now = Instant.now();
    refused(
        gate.ca
            .draft()
            .commonName("pump")
            .uri("urn:sallyport:device:pump")
            .forServers()
            .valid(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))
            .sign(),
        "names no principal");
  }

  @Test
  void whileTheGateSendsEverybodyAwayNobodyRenews() throws IOException {
    gate.gateway.drain(new Departure("elsewhere:8883", false), 100);

    assertThat(renew(late)).startsWith("HTTP/1.1 503");
    assertThat(gate.renewed).isEmpty();
  }
}
