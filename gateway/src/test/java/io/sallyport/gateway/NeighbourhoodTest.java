package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.connection.Arrival;
import io.sallyport.gateway.trust.TrustAge;
import io.sallyport.ledger.EventType;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gate that is one of several: how old its trust may be, and who has come elsewhere. */
class NeighbourhoodTest {
  private static final int UNAVAILABLE = 0x88;
  private static final int USE_ANOTHER = 0x9C;
  private static final int TAKEN_OVER = 0x8E;

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong(1);
  private final TrustAge age = new TrustAge(Duration.ofSeconds(10), now::get);

  @Test
  void trustThatIsTooOldClosesEverythingAndLetsNobodyInUntilItIsYoung() throws Exception {
    try (var gate = TestGate.open(folder, age)) {
      var device = gate.powerful("d-1");
      var watcher = gate.powerful("watcher");
      now.addAndGet(Duration.ofSeconds(9).toNanos());
      try (var open = gate.v5(device);
          var three = gate.v3(watcher)) {
        var will = new Connect("d-1").will("some/will", "gone", 1, true);
        assertThat(open.connect(will).at(1)).isZero();
        assertThat(three.connect("watcher").at(1)).isZero();

        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(open.receive().at(0)).isEqualTo(USE_ANOTHER);
        assertThat(open.isEnded()).isTrue();
        assertThat(three.isEnded()).as("MQTT 3.1.1 is told nothing").isTrue();
      }
      gate.expectEvent(EventType.FEED_LOST, "10000");
      assertThat(gate.gateway.isFailedClosed()).isTrue();
      assertThat(answer(gate.v5(device), "d-1")).isEqualTo(UNAVAILABLE);
      assertThat(answer(gate.v3(watcher), "watcher")).isEqualTo(3);
      assertThat(gate.exchange.statistics().retained()).as("no will was published").isZero();

      age.confirmed(now.get());

      assertThat(answer(gate.v5(device), "d-1")).isZero();
      gate.expectEvent(EventType.FEED_BACK, "10000");
    }
  }

  /** A device that is turned away by our own trouble is not an attacker. */
  @Test
  void whoIsTurnedAwayMeanwhileIsNotBanned() throws Exception {
    try (var gate = TestGate.open(folder, age)) {
      var device = gate.device("d-1");
      now.addAndGet(Duration.ofSeconds(11).toNanos());
      for (int times = 0; times < 40; times++) {
        assertThat(answer(gate.v5(device), "d-1")).isEqualTo(UNAVAILABLE);
      }
      age.confirmed(now.get());
      assertThat(answer(gate.v5(device), "d-1")).isZero();
      assertThat(gate.gateway.bans().count()).isZero();
    }
  }

  @Test
  void anOlderConfirmationMakesNothingOlder() {
    now.set(Duration.ofSeconds(5).toNanos());
    age.confirmed(now.get());
    age.confirmed(1);
    assertThat(age.age()).isZero();
    assertThat(TrustAge.NONE.isOver()).isFalse();
    assertThat(TrustAge.NONE.age()).isZero();
  }

  @Test
  void whoCameElsewhereLaterTakesOverAndWhoIsYetToBeToldStays() throws Exception {
    try (var gate = TestGate.open(folder)) {
      List<Arrival> told = new CopyOnWriteArrayList<>();
      gate.gateway.tellArrivals(told::add);
      var device = gate.device("d-1");
      try (var client = gate.connected("d-1", device)) {
        client.ping();
        var arrival = told.getFirst();
        assertThat(arrival.clientId()).isEqualTo("d-1");
        assertThat(arrival.address().isLoopbackAddress()).isTrue();
        assertThat(
                Objects.requireNonNull(gate.trust.find(arrival.principal())).activeCertificates())
            .containsExactly(arrival.certificate());

        assertThat(gate.gateway.takenOver(arrival.principal(), "d-1"::equals))
            .as("its own arrival is yet to be told, so it is the later one")
            .isZero();
        assertThat(client.ping().type()).isEqualTo(13);

        gate.gateway.announced(arrival.principal(), arrival.number());
        assertThat(gate.gateway.takenOver(arrival.principal(), "another"::equals)).isZero();
        assertThat(client.ping().type()).isEqualTo(13);
        assertThat(gate.gateway.takenOver(arrival.principal(), "d-1"::equals)).isOne();
        assertThat(client.receive().at(0)).isEqualTo(TAKEN_OVER);
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  private static int answer(MqttClient client, String id) throws IOException {
    try (client) {
      return client.connect(id).at(1);
    }
  }
}
