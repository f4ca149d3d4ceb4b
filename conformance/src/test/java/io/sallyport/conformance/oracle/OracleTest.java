package io.sallyport.conformance.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random histories, told to mosquitto and to Sallyport, are heard the same by everybody. */
@ExtendWith(Lab.Resolver.class)
class OracleTest {
  private static final int PEERS = 6;
  private static final int STEPS = 300;

  @TempDir private static @Nullable Path folder;
  private static @Nullable MosquittoBroker mosquitto;

  private final Lab lab;

  OracleTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void startMosquitto() {
    mosquitto = MosquittoBroker.start(Objects.requireNonNull(folder));
  }

  @AfterAll
  static void stopMosquitto() {
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"3,1", "3,2", "3,3", "5,1", "5,2", "5,3"})
  void isHeardAsAtMosquitto(int version, long seed) throws Exception {
    var broker = Objects.requireNonNull(mosquitto);
    var scenario = Scenario.of(seed, PEERS, STEPS);
    var endpoints = IntStream.range(0, PEERS).mapToObj(_ -> lab.openClient()).toList();

    var expected =
        History.play(
            scenario,
            peer -> peer(version, peer, broker.client(Scenario.name(peer) + "-" + version)),
            version == 5);
    var actual = expected.playedAgain(peer -> peer(version, peer, endpoints.get(peer)));

    assertThat(expected.total()).isGreaterThan(STEPS / 2);
    assertThat(actual.answers()).isEqualTo(expected.answers());
    for (var peer = 0; peer < PEERS; peer++) {
      assertThat(actual.heardBy(peer))
          .as("heard by %s of seed %d", Scenario.name(peer), seed)
          .isEqualTo(expected.heardBy(peer));
    }
  }

  private static Peer peer(int version, int number, Endpoint endpoint) {
    return version == 3 ? new Peer3(endpoint) : new Peer5(endpoint, number);
  }
}
