package io.sallyport.conformance.neighbours;

import static io.sallyport.conformance.neighbours.Pair.client;
import static io.sallyport.conformance.neighbours.Pair.clientFrom;
import static io.sallyport.conformance.neighbours.Pair.connected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.clients.OpensslSession;
import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two gateways on one PostgreSQL: what is done through one of them holds at the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NeighboursTest {
  /** The device services of each gateway have a stored session themselves. */
  private static final long OWN_SESSION = 1;

  private static final JsonMapper JSON = new JsonMapper();
  private static final int TAKEN_OVER = 0x8E;
  private static final int USE_ANOTHER = 0x9C;
  private static final int UNAVAILABLE = 0x88;
  private static final int AN_HOUR = 3600;

  private Postgres postgres;
  private Pair pair;

  @BeforeAll
  void start(@TempDir Path temporary) {
    postgres = Postgres.start();
    pair =
        new Pair(
            temporary,
            postgres,
            """
            trust: {max-age: 6s, poll-interval: 500ms, confirm-timeout: 5s}
            clones: {returns: 3, action: quarantine}
            """);
  }

  @AfterAll
  void stop() {
    if (pair != null) {
      pair.close();
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void aRevocationThroughOneEndsTheSocketAtTheOtherAndTheReceiptSaysSo() throws Exception {
    var device = pair.device(pair.a, "revoked-elsewhere");
    try (var client = connected(pair.b, device)) {
      var receipt = json(pair.a, "device", "revoke", device.id(), "--json");
      assertThat(client.receive().at(0)).as("administrative action").isEqualTo(0x98);
      assertThat(client.isEnded()).isTrue();
      var other = gateway(receipt.path("gateways"), "gateway", "gate-b");
      assertThat(other.path("state").asString()).isEqualTo("confirmed");
      assertThat(other.path("ms").asDouble()).isLessThan(4_000);
      var sockets = gateway(other.path("steps"), "what", "sockets");
      assertThat(sockets.path("count").asInt()).isOne();
      System.err.println("revocation confirmed by the other gateway: " + other);
    }
    assertThatThrownBy(() -> client(pair.b, device).connect(device.id()))
        .isInstanceOf(IOException.class);
    new Ledger(pair.b).expect("sessions-ended", device.id(), "gate-b", "confirmed");
  }

  @Test
  void whatOneAllowsAndForbidsHoldsAtTheOther() throws Exception {
    var device = pair.device(pair.b, "ruled-elsewhere");
    try (var client = connected(pair.a, device)) {
      assertThat(client.publishAcknowledged("x/1", "").at(2)).isIn(0, 0x10);
      pair.b.cli("policy", "detach", "open", device.id()).expecting(0);
      Patience.until("the end at the other gateway", client::isEnded);
    }
    pair.b.cli("policy", "attach", "open", device.id()).expecting(0);
    Patience.until("the way in", () -> isLetIn(pair.a, device));
  }

  @Test
  void aTicketOfOneResumesAtTheOther() {
    Tool.need(Tool.OPENSSL);
    var device = pair.device(pair.a, "ticket-holder");

    var first = openssl(pair.a, device, "-sess_out session.pem");
    assertThat(first).contains("New, TLSv1.3");
    assertThat(openssl(pair.b, device, "-sess_in session.pem"))
        .contains("Reused, TLSv1.3", "connack: accepted");

    pair.b.cli("device", "quarantine", device.id()).expecting(0);
    // In TLS 1.3 a client believes that it has resumed before the gate has looked at its ticket.
    assertThat(openssl(pair.a, device, "-sess_in session.pem")).contains("connack: refused");
  }

  @Test
  void aClientThatConnectsAtTheOtherIsTakenOver() throws Exception {
    var device = pair.device(pair.a, "wanderer");
    try (var first = connected(pair.a, device)) {
      assertThat(first.ping().type()).isEqualTo(13);
      try (var second = connected(pair.b, device)) {
        assertThat(first.receive().at(0)).isEqualTo(TAKEN_OVER);
        assertThat(first.isEnded()).isTrue();
        assertThat(second.ping().type()).as("the later one stays").isEqualTo(13);
      }
    }
  }

  @Test
  void anIdentityThatIsTwoIsQuarantinedWhereverTheyConnect() throws Exception {
    var device = pair.device(pair.a, "twins");
    for (int visit = 0; visit < 6 && !standing(device).equals("quarantined"); visit++) {
      boolean even = visit % 2 == 0;
      try (var client =
          clientFrom(even ? "127.0.0.1" : "127.0.0.2", even ? pair.a : pair.b, device)) {
        client.connect(device.id());
        client.ping();
      } catch (IOException e) {
        // Quarantined at last.
      }
    }
    new Ledger(pair.a).expect("clone-suspected", device.id(), "127.0.0.1", "127.0.0.2");
    Patience.until("the quarantine", () -> standing(device).equals("quarantined"));
    assertThat(isLetIn(pair.a, device)).isFalse();
    assertThat(isLetIn(pair.b, device)).isFalse();
  }

  @Test
  void whoDoesNotHearOfChangesLetsNobodyInAndRecovers() throws Exception {
    var device = pair.device(pair.a, "patient");
    try (var client = connected(pair.b, device)) {
      long frozen = System.nanoTime();
      postgres.freeze();
      try {
        var farewell = client.receive();
        double seconds = (System.nanoTime() - frozen) / 1e9;
        assertThat(farewell.at(0)).isEqualTo(USE_ANOTHER);
        assertThat(client.isEnded()).isTrue();
        assertThat(seconds).as("closed after the bound").isBetween(4.0, 12.0);
        System.err.println("failed closed after " + seconds + " s");
        try (var again = client(pair.b, device)) {
          assertThat(again.connect(device.id()).at(1)).isEqualTo(UNAVAILABLE);
        }
      } finally {
        postgres.thaw();
      }
      Patience.until("recovery", () -> isLetIn(pair.b, device) && isLetIn(pair.a, device));
    }
    var ledger = new Ledger(pair.b);
    ledger.expect("feed-lost", "gateway");
    ledger.expect("feed-back", "gateway");
  }

  @Test
  void aGatewayThatIsKilledIsToldOfAndNotWaitedForLong() throws Exception {
    var device = pair.device(pair.b, "orphan");
    pair.a.kill();
    try {
      var receipt = json(pair.b, "device", "quarantine", device.id(), "--json");
      var other = gateway(receipt.path("gateways"), "gateway", "gate-a");
      assertThat(other.path("state").asString()).isIn("late", "lost");
      assertThat(other.path("closedFrom").asString()).isNotEmpty();
      Patience.until("it is told to be lost", () -> state("gate-a").equals("lost"));
      var second = json(pair.b, "device", "quarantine", device.id(), "--json");
      assertThat(gateway(second.path("gateways"), "gateway", "gate-a").path("state").asString())
          .isEqualTo("lost");
    } finally {
      pair.a.restart();
    }
    assertThat(state("gate-a")).isEqualTo("live");
    assertThat(isLetIn(pair.a, device)).isFalse();
  }

  @Test
  void whatIsStoredAtAGatewayThatIsDownGoesWhenItStarts() throws Exception {
    var device = pair.device(pair.a, "sleeper");
    try (var client = client(pair.b, device)) {
      var expiry = new Bytes().u8(0x11).u32(AN_HOUR).done();
      client.connect(new Connect(device.id()).keepSession().properties(expiry));
      client.subscribe("some/topic");
    }
    Patience.until("the stored session", () -> stored(pair.b) > OWN_SESSION);
    pair.b.stop().expecting(0);
    var receipt = json(pair.a, "device", "revoke", device.id(), "--json");
    assertThat(gateway(receipt.path("gateways"), "gateway", "gate-b").path("state").asString())
        .isEqualTo("stopped");

    pair.b.restart();

    Patience.until("its end", () -> stored(pair.b) == OWN_SESSION);
  }

  private static boolean isLetIn(ProductProcess gate, Bundle device) {
    try (var client = client(gate, device)) {
      return client.connect(device.id()).at(1) == 0;
    } catch (EOFException e) {
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private String standing(Bundle device) {
    return json(pair.a, "device", "show", device.id(), "--json").path("standing").asString();
  }

  private String state(String gateway) {
    var all = json(pair.b, "gateway", "list", "--json").path("gateways");
    return gateway(all, "name", gateway).path("state").asString();
  }

  private static long stored(ProductProcess gate) {
    return json(gate, "status", "--json").path("exchange").path("sessionsStored").asLong();
  }

  private static JsonNode gateway(JsonNode all, String member, String value) {
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.path(member).asString().equals(value))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + value + " in " + all));
  }

  private static JsonNode json(ProductProcess product, String... arguments) {
    return JSON.readTree(product.cli(arguments).expecting(0).out());
  }

  /** A client of MQTT 3.1.1 that stays until it is answered: the tickets come before that. */
  private static String openssl(ProductProcess gate, Bundle device, String options) {
    return OpensslSession.talk(
            Pair.at(gate, device), "-tls1_3 " + options + OpensslSession.IDENTITY)
        .said();
  }
}
