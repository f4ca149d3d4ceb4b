package io.sallyport.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.server.Fleet;
import io.sallyport.bench.server.Mosquitto;
import io.sallyport.bench.server.Needed;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The generators against the real thing: what they count is what a broker did. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadAgainstMosquittoTest {
  private static final int DEVICES = 4;

  private Fleet fleet;
  private Mosquitto server;
  private Network network;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    var executable = Mosquitto.executable();
    Needed.that(executable.isPresent(), "mosquitto is not installed: its tests do not run");
    fleet = Fleet.selfMade(directory.resolve("fleet"), new Fleet.Size(DEVICES, 2));
    server = Mosquitto.start(executable.orElseThrow(), directory.resolve("server"), fleet, 0);
  }

  @BeforeEach
  void connect() {
    network = new Network(server.target());
  }

  @AfterEach
  void disconnect() {
    network.close();
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyPublishedMessageIsDeliveredToEverySubscriber(int qos) throws Exception {
    var shape = new PublishLoad.Shape(DEVICES, 2, qos, 64, 0, false, 16);
    var load = new PublishLoad(network, credentials(fleet), shape);
    Thread.sleep(300);

    assertThat(load.mark().get("delivered")).isGreaterThan(100);
    assertThat(load.drain()).containsEntry("lost", 0.0);
  }

  @Test
  void aSteadyLoadIsNeverFasterThanAskedAndMeasuresLatency() throws Exception {
    var rate = 1_000;
    var before = System.nanoTime();
    var shape = new PublishLoad.Shape(DEVICES, 1, 1, 64, rate, true, 16);
    var load = new PublishLoad(network, credentials(fleet), shape);
    Thread.sleep(500);
    var counted = load.mark();
    var seconds = (System.nanoTime() - before) / 1e9;

    assertThat(counted.get("delivered")).isBetween(1.0, rate * seconds + 1);
    assertThat(counted.get("p50ms")).isPositive();
    assertThat(counted.get("p99ms")).isGreaterThanOrEqualTo(counted.get("p50ms"));
    assertThat(load.drain()).containsEntry("lost", 0.0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handshakesAreFullOrResumedAsAsked(boolean resumption) throws Exception {
    var load = new HandshakeLoad(network, credentials(fleet), 2, resumption);
    load.mark();
    Thread.sleep(300);
    var counted = load.mark();

    assertThat(counted.get("handshakes")).isGreaterThan(5);
    assertThat(counted.get("other")).isZero();
  }

  @Test
  void anIntrusionCountsNothingButRefusals() throws Exception {
    var load = new IntrusionLoad(network, credentials(fleet), 16);
    Thread.sleep(300);

    assertThat(load.mark().get("refused")).isGreaterThan(100);
  }

  @Test
  void visitsAreMeasuredWithTicketsAndWithout() throws Exception {
    var load = new VisitLoad(network, credentials(fleet), 50);
    Thread.sleep(500);
    var counted = load.mark();

    assertThat(counted.get("connected")).isBetween(5.0, 60.0);
    assertThat(counted.get("resumedP99ms")).isGreaterThanOrEqualTo(counted.get("resumedP50ms"));
    assertThat(counted.get("fullP99ms")).isPositive();
    assertThat(counted).containsEntry("failed", 0.0).containsEntry("ticketless", 0.0);
  }

  /** That broker serves all of them but publications that its rules deny. */
  @ParameterizedTest
  @EnumSource(
      value = Attack.class,
      names = {"FRAGMENTS", "FLOOD", "REPLAYS", "KEY_UPDATES"})
  void anAttackThatNobodyStopsIsServed(Attack attack) throws Exception {
    var before = System.nanoTime();
    var load = SiegeLoad.begin(network, credentials(fleet), attack, 100, 10);
    Thread.sleep(1_000);
    var counted = load.mark();
    var seconds = (System.nanoTime() - before) / 1e9;

    assertThat(counted.get("served")).isGreaterThan(5);
    assertThat(counted.get("attempts")).isLessThanOrEqualTo(100 * seconds + 1);
  }

  @Test
  void strangersAreServedTheHandshakeAndThenSentAway(@TempDir Path directory) throws Exception {
    var strangers = credentials(Fleet.selfMade(directory, new Fleet.Size(DEVICES, 0)));
    var load = SiegeLoad.begin(network, strangers, Attack.STRANGERS, 100, 10);
    Thread.sleep(1_000);

    assertThat(load.mark().get("served")).isGreaterThan(5);
  }

  @ParameterizedTest
  @EnumSource(
      value = Attack.class,
      names = {"DENIED", "MALFORMED"})
  void whatABrokerDoesNotTakeCountsAsRefused(Attack attack) throws Exception {
    var load = SiegeLoad.begin(network, credentials(fleet), attack, 100, 10);
    Thread.sleep(1_000);
    var counted = load.mark();

    assertThat(counted.get("refused")).isGreaterThan(5);
    assertThat(counted.get("served")).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Attack.class,
      names = {"HALF_OPEN", "SILENCE"})
  void holdsNoMoreConnectionsThanAsked(Attack attack) throws Exception {
    var load = SiegeLoad.begin(network, credentials(fleet), attack, 1_000, 10);
    Thread.sleep(500);

    assertThat(load.mark().get("held")).isBetween(1.0, 10.0);
  }

  @Test
  void anIdentityOfAnotherCaMakesTheMeasurementVoid(@TempDir Path directory) throws Exception {
    var strangers = Fleet.selfMade(directory, new Fleet.Size(DEVICES, 1));
    var shape = new PublishLoad.Shape(DEVICES, 1, 0, 64, 0, false, 16);

    assertThatThrownBy(() -> new PublishLoad(network, credentials(strangers), shape))
        .isInstanceOf(LoadFailure.class)
        .hasMessageContaining("cannot connect");
  }

  private Credentials credentials(Fleet of) {
    return new Credentials(of.directory(), server.target(), 1, DEVICES);
  }
}
