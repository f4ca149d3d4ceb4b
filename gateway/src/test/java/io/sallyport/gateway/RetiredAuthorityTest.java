package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.gateway.tls.DeviceAnchors;
import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.gateway.tls.ShownCertificates;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.TestCa;
import io.sallyport.testkit.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the certificates of a devices CA are worth once that was retired. */
@Timeout(60)
final class RetiredAuthorityTest {
  @TempDir private Path directory;
  private TestGate gate;
  private TestCa old;
  private SSLContext stale;

  @BeforeEach
  void open() throws IOException {
    gate = TestGate.open(directory);
    old = TestCa.create(Instant.now());
    var device = old.device("stale");
    gate.put("stale", device, Standing.ACTIVE, TestGate.allowing("iot:*"));
    stale = new TestIdentity(device.privateKey(), device.chain(), gate.ca.root()).sslContext();
    show(
        new DeviceAnchors(
            List.of(gate.ca.devices(), old.devices()), List.of(gate.ca.root(), old.root())));
  }

  @AfterEach
  void close() {
    gate.close();
  }

  private void show(DeviceAnchors anchors) {
    var server = gate.ca.server();
    var credentials = new ServerCredentials(server.privateKey(), server.chain());
    gate.gateway.show(ShownCertificates.only(credentials), anchors);
  }

  private void retire() {
    show(
        new DeviceAnchors(
            List.of(gate.ca.devices()), List.of(gate.ca.root()), List.of(old.devices())));
  }

  @Test
  void itsSessionsEndAndThoseOfOthersStay() throws IOException {
    try (var client = MqttClient.v5(stale, gate.port());
        var other = gate.connected("other", gate.device("other"))) {
      assertThat(client.connect("stale").at(1)).isZero();
      retire();
      assertThat(client.receive().type()).as("DISCONNECT").isEqualTo(14);
      assertThat(other.ping().type()).isEqualTo(13);
    }
  }

  @Test
  void neitherAHandshakeNorATicketOpensTheGateAndTheReasonIsTold() throws IOException {
    // The first leaves a ticket behind, which the next one would show.
    try (var client = MqttClient.v5(stale, gate.port())) {
      assertThat(client.connect("stale").at(1)).isZero();
    }
    retire();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> MqttClient.v5(stale, gate.port()).connect("stale"))
          .isInstanceOf(IOException.class);
    }
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "was retired");
  }

  /** Another CA of the same name proves nothing, whatever was retired. */
  @Test
  void anUnknownCaIsNoRetiredOne() throws IOException {
    retire();
    var stranger = TestCa.create(Instant.now());
    var device = stranger.device("stale");
    var context =
        new TestIdentity(device.privateKey(), device.chain(), gate.ca.root()).sslContext();
    assertThatThrownBy(() -> MqttClient.v5(context, gate.port()).connect("stale"))
        .isInstanceOf(IOException.class);
    gate.expectEvent(EventType.HANDSHAKE_REFUSED, "no device CA of ours");
  }
}
