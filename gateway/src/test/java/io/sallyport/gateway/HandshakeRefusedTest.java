package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.meter.Distribution;
import io.sallyport.gateway.meter.Latency;
import io.sallyport.gateway.tls.TlsSettings;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.policy.PolicySet;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get through the first door, and what the client is told by TLS. */
final class HandshakeRefusedTest {

  @TempDir static Path directory;
  private static TestGate gate;

  @BeforeAll
  static void open() {
    gate = TestGate.open(directory);
  }

  @AfterAll
  static void close() {
    gate.close();
  }

  /** The alert that ends an attempt to connect, in the JDK's words. */
  private static String alert(SSLContext tls, String protocol) throws IOException {
    try (var socket = MqttClient.socket(tls, gate.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      int read = socket.getInputStream().read();
      return "no alert, but " + read;
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void expectAlert(TestIdentity device, String alert) throws IOException {
    assertThat(alert(device.sslContext(), "TLSv1.3")).contains(alert);
    assertThat(alert(device.sslContext(), "TLSv1.2")).contains(alert);
  }

  private static void trusted(String id, TestIdentity certificate) {
    gate.put(id, certificate, Standing.ACTIVE, PolicySet.of(List.of()));
  }

  @Test
  void noCertificate() throws IOException {
    var tls = TestIdentity.anonymousSslContext(gate.ca.root());
    assertThat(alert(tls, "TLSv1.3")).contains("certificate_required");
    assertThat(alert(tls, "TLSv1.2")).contains("fatal alert");
  }

  @Test
  void otherCa() throws IOException {
    var stranger = gate.ca.fromOtherCa("other-ca");
    trusted("other-ca", stranger);
    expectAlert(stranger, "unknown_ca");
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "no device CA of ours issued it");
  }

  @Test
  void selfSigned() throws IOException {
    var stranger = gate.ca.selfSigned("self-signed");
    trusted("self-signed", stranger);
    // The JDK sends no certificate whose issuer the gate does not name.
    expectAlert(stranger, "fatal alert");
  }

  @Test
  void issuedByTheCaForServersUnderTheSameRoot() throws IOException {
    var operator = gate.ca.fromServersCa("wrong-branch");
    trusted("wrong-branch", operator);
    expectAlert(operator, "unknown_ca");
  }

  @Test
  void expired() throws IOException {
    var device = gate.ca.expired("expired");
    trusted("expired", device);
    expectAlert(device, "certificate_expired");
  }

  @Test
  void notYetValid() throws IOException {
    var device = gate.ca.notYetValid("too-early");
    trusted("too-early", device);
    expectAlert(device, "certificate_expired");
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "it is not valid yet");
  }

  @Test
  void serverAuthOnly() throws IOException {
    var device = gate.ca.serverAuthOnly("server-auth");
    trusted("server-auth", device);
    expectAlert(device, "unsupported_certificate");
  }

  @Test
  void revokedCertificate() throws IOException {
    var device = gate.ca.device("revoked");
    gate.put("revoked", Standing.ACTIVE, Set.of(), PolicySet.of(List.of()));
    expectAlert(device, "certificate_revoked");
  }

  @Test
  void revokedPrincipal() throws IOException {
    var device = gate.ca.device("revoked-device");
    gate.put("revoked-device", device, Standing.REVOKED, PolicySet.of(List.of()));
    expectAlert(device, "certificate_revoked");
  }

  @Test
  void quarantined() throws IOException {
    var device = gate.ca.device("quarantined");
    gate.put("quarantined", device, Standing.QUARANTINED, PolicySet.of(List.of()));
    expectAlert(device, "handshake_failure");
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "its principal is quarantined");
  }

  @Test
  void unknownPrincipal() throws IOException {
    expectAlert(gate.ca.device("nobody"), "handshake_failure");
  }

  @Test
  void backendThatClaimsToBeADevice() throws IOException {
    var backend = gate.ca.backend("two-faced");
    trusted("two-faced", backend);
    expectAlert(backend, "handshake_failure");
  }

  @Test
  void commonNameWithWildcards() throws IOException {
    expectAlert(gate.ca.withCommonName("dev*"), "unsupported_certificate");
    expectAlert(gate.ca.withCommonName("+/#"), "unsupported_certificate");
  }

  @Test
  void twoCommonNames() throws IOException {
    expectAlert(gate.ca.twoCommonNames("one", "two"), "unsupported_certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void ticketUsedAfterRevocation(String protocol) throws IOException {
    var id = "ticket-" + protocol.replace('.', '-');
    var device = gate.device(id);
    var tls = device.sslContext();
    long resumedBefore = gate.gateway.statistics().handshakesResumed();
    visit(tls, protocol, id);
    visit(tls, protocol, id);
    assertThat(gate.gateway.statistics().handshakesResumed()).isEqualTo(resumedBefore + 1);
    assertThat(gate.gateway.meters().distributions())
        .filteredOn(one -> one.what() == Latency.HANDSHAKE_RESUMED)
        .extracting(Distribution::count)
        .as("measured as resumed")
        .containsExactly(resumedBefore + 1);
    gate.put(id, device, Standing.REVOKED, PolicySet.of(List.of()));
    // BoringSSL has finished its part by then: the connection ends without an alert.
    alert(tls, protocol);
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, id);
    assertThat(gate.gateway.statistics().handshakesResumed()).isEqualTo(resumedBefore + 1);
    var connect = MqttClient.socket(tls, gate.port());
    connect.setEnabledProtocols(new String[] {protocol});
    assertThatThrownBy(() -> MqttClient.over(connect, 5).connect(id))
        .isInstanceOf(IOException.class);
  }

  private static void visit(SSLContext tls, String protocol, String id) throws IOException {
    var socket = MqttClient.socket(tls, gate.port());
    socket.setEnabledProtocols(new String[] {protocol});
    var client = MqttClient.over(socket, 5);
    assertThat(client.connect(id).at(1)).isZero();
    client.disconnect();
  }

  @Test
  void tls11() throws IOException {
    var hello =
        new MqttClient.Bytes()
            .u16(0x0302)
            .raw(new byte[32])
            .u8(0)
            .u16(2)
            .u16(0xC013)
            .u8(1)
            .u8(0)
            .done();
    var record =
        new MqttClient.Bytes()
            .u8(0x16)
            .u16(0x0301)
            .u16(hello.length + 4)
            .u8(1)
            .u8(0)
            .u16(hello.length)
            .raw(hello)
            .done();
    try (var socket = raw()) {
      socket.getOutputStream().write(record);
      var answer = socket.getInputStream().readAllBytes();
      // A fatal alert, protocol_version.
      assertThat(answer[0]).isEqualTo((byte) 21);
      assertThat(answer[5]).isEqualTo((byte) 2);
      assertThat(answer[6]).isEqualTo((byte) 70);
    }
  }

  @Test
  void plainTextConnect() throws IOException {
    try (var socket = raw()) {
      var connect = new MqttClient.Connect("anybody").body(5);
      socket.getOutputStream().write(MqttClient.Bytes.packet(0x10, connect));
      assertThat(socket.getInputStream().read()).isNegative();
    }
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "not TLS");
  }

  @Test
  void plainTextOfOneByteAtOnce() throws IOException {
    long start = System.nanoTime();
    try (var socket = raw()) {
      socket.getOutputStream().write(0x10);
      assertThat(socket.getInputStream().read()).isNegative();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(TlsSettings.DEFAULTS.handshakeTimeout());
  }

  @Test
  void garbageThatBeginsLikeTls() throws IOException {
    try (var socket = raw()) {
      var garbage = new byte[512];
      new java.util.SplittableRandom(7).nextBytes(garbage);
      garbage[0] = 0x16;
      socket.getOutputStream().write(garbage);
      assertEnds(socket);
    }
  }

  @Test
  void halfAHandshakeHeldOpen(@TempDir Path other) throws IOException {
    try (var hasty =
            TestGate.open(
                other,
                c -> c.withTls(TlsSettings.DEFAULTS.withHandshakeTimeout(Duration.ofMillis(300))));
        var silent = raw(hasty);
        var half = raw(hasty)) {
      half.getOutputStream().write(new byte[] {0x16, 3, 1, 1, 0, 1});
      assertEnds(silent);
      assertEnds(half);
      hasty.expectEvent(EventType.HANDSHAKE_REFUSED, "timeout");
      TestGate.eventually(
          () -> hasty.gateway.statistics().connections() == 0,
          () -> hasty.gateway.statistics().toString());
      assertThat(hasty.gateway.statistics().handshaking()).isZero();
    }
  }

  private static void assertEnds(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the gate holds the connection open", e);
    } catch (IOException e) {
      // A reset is an end, too.
    }
  }

  private static Socket raw() throws IOException {
    return raw(gate);
  }

  private static Socket raw(TestGate to) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
    socket.setSoTimeout(10_000);
    return socket;
  }
}
