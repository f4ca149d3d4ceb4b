package io.sallyport.bench.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.bench.load.LoadFailure;
import io.sallyport.bench.load.LoadProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other brokers by their own TLS listeners: they serve whom mosquitto serves, and nobody else. */
class JavaBrokerTest {
  private static final Path BUILT =
      Path.of(System.getProperty("sallyport.brokers", "../brokers/target"));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void servesTheFleetRefusesStrangersAndHasTheRules(JavaBroker broker) throws Exception {
    Needed.that(Files.isDirectory(BUILT.resolve("lib")), "the module brokers is not built");
    var fleet = Fleet.selfMade(folder.resolve("fleet"), new Fleet.Size(2, 1));
    var strangers = Fleet.selfMade(folder.resolve("strangers"), new Fleet.Size(2, 1));
    try (var server = broker.start(BUILT, folder.resolve("server"), fleet, 1)) {
      try (var load = publishing(server, fleet)) {
        Thread.sleep(500);
        assertThat(load.mark().get("delivered")).isPositive();
        assertThat(load.drain()).containsEntry("lost", 0.0);
      }
      assertThatThrownBy(() -> publishing(server, strangers)).isInstanceOf(LoadFailure.class);
      try (var load = load(server, fleet, "intrude", "--window", "4")) {
        Thread.sleep(500);
        refusesIntruders(broker, load);
      }
    }
  }

  private static void refusesIntruders(JavaBroker broker, LoadProcess load)
      throws InterruptedException {
    switch (broker) {
      case ARTEMIS -> assertThat(load.mark().get("refused")).isPositive();
      // Sends away who publishes what it may not, which ends this load.
      case HIVEMQ -> assertThatThrownBy(load::mark).isInstanceOf(LoadFailure.class);
    }
  }

  private static LoadProcess publishing(ServerUnderTest server, Fleet fleet)
      throws InterruptedException {
    return load(
        server,
        fleet,
        "publish",
        "--subscribers",
        "1",
        "--qos",
        "1",
        "--payload",
        "64",
        "--rate",
        "0",
        "--window",
        "4");
  }

  private static LoadProcess load(ServerUnderTest server, Fleet fleet, String... words)
      throws InterruptedException {
    var arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--devices", "2"));
    return LoadProcess.start(server.target(), fleet.directory(), arguments);
  }
}
