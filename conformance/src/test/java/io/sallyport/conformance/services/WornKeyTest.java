package io.sallyport.conformance.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.Agent;
import io.sallyport.agent.Settings;
import io.sallyport.agent.Weather;
import io.sallyport.agent.Witness;
import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.mqtt.Network;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A key that has protected as many messages as it may is replaced, and the next one is fresh. */
class WornKeyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST = 300;

  /** Bound: the server looks once a minute, on a machine with much else to do. */
  private static final Duration ROUND = Duration.ofMinutes(4);

  @TempDir private static Path folder;
  private static ProductProcess product;

  @BeforeAll
  static void open() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("sallyport.yaml"),
            "rotation:\n  messages-max: " + MOST + "\n  count-interval: 1s\n  wave-interval: 1m\n");
    product = ProductProcess.start(folder.resolve("data"), "--config", file.toString());
  }

  @AfterAll
  static void close() {
    product.close();
  }

  private static JsonNode said(String... words) {
    return JSON.readTree(product.cli(words).expecting(0).out());
  }

  private static List<JsonNode> certificates(String id) {
    return said("device", "show", id, "--json").path("certificates").valueStream().toList();
  }

  private static long messages(JsonNode certificate) {
    return certificate.path("messages").asLong(-1);
  }

  private static JsonNode rotation() {
    return said("rotate", "status", "--json").path("rotation");
  }

  private static Agent agent(Network network, String id) throws Exception {
    var bundle = folder.resolve(id);
    product
        .cli("device", "enroll", id, "--bundle", bundle.toString(), "--format", "agent")
        .expecting(0);
    var weather =
        new Weather(InstantSource.system(), 7, Executors.newVirtualThreadPerTaskExecutor());
    var settings = Settings.of(Bundle.read(bundle, null), folder.resolve("state-" + id));
    var agent = new Agent(settings, network, weather, new Witness() {});
    agent.start();
    return agent;
  }

  private static void publish(Agent agent, int count) {
    for (int i = 0; i < count; i++) {
      agent.publish(agent.telemetryTopic(), ("m" + i).getBytes(UTF_8));
    }
    Patience.until(
        count + " acknowledged",
        Duration.ofMinutes(1),
        () -> agent.status().join().acknowledged() == count);
  }

  @Test
  void whoeverHasSaidTooMuchRotatesAndBeginsAtZero() throws Exception {
    try (var network = new Network(1);
        var busy = agent(network, "busy");
        var quiet = agent(network, "quiet")) {
      publish(quiet, 3);
      publish(busy, MOST);
      Patience.until("counted", () -> messages(certificates("busy").getFirst()) >= MOST);

      Patience.until("proven", ROUND, () -> rotation().path("states").path("proven").asInt() == 1);
      assertThat(rotation().path("causes").toString()).isEqualTo("{\"messages\":1}");
      assertThat(certificates("quiet")).hasSize(1);
      assertThat(messages(certificates("quiet").getFirst())).isBetween(3L, MOST - 1L);

      var certificates = certificates("busy");
      assertThat(certificates).hasSize(2);
      assertThat(messages(certificates.getFirst())).isGreaterThanOrEqualTo(MOST);
      assertThat(certificates.getFirst().path("bytes").asLong()).isGreaterThan(MOST * 10L);
      assertThat(messages(certificates.getLast())).as("of the new key").isBetween(0L, MOST / 4L);
    }
    // Everybody has left: what was counted is there once, killed or not.
    var left = settled();
    product.kill();
    product.restart();
    assertThat(messages("busy")).isEqualTo(left);
  }

  private static List<Long> messages(String id) {
    return certificates(id).stream().map(WornKeyTest::messages).toList();
  }

  /** What is counted when the last that a device said is. */
  private static List<Long> settled() throws InterruptedException {
    while (true) {
      var before = messages("busy");
      Thread.sleep(2_000);
      if (messages("busy").equals(before)) {
        return before;
      }
    }
  }
}
