package io.sallyport.conformance.services;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The server killed while devices change their shadows: what was acknowledged is there. */
class ShadowCrashTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CHANGES = 400;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;

  @TempDir private static Path folder;
  private static ProductProcess product;

  @BeforeAll
  static void open() {
    product = ProductProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void close() {
    product.close();
  }

  /** What a device heard of its changes before the server was gone. */
  private record Heard(int acknowledged, int version) {}

  @ParameterizedTest
  @ValueSource(ints = {5, 60, 150, 300, 700})
  void whatWasAcceptedIsThereAndWhatWasAcknowledgedComes(int millis) throws Exception {
    var id = "lamp-" + millis;
    var bundle = folder.resolve(id);
    product.cli("device", "enroll", id, "--bundle", bundle.toString()).expecting(0);
    var device = new Bundle(id, bundle).identity();

    Heard heard;
    try (var client = MqttClient.v5(device.sslContext(), product.mqttPort())) {
      assertThat(client.connect(id).at(1)).isZero();
      client.subscribe("$aws/things/" + id + "/shadow/update/accepted");
      var killed =
          CompletableFuture.runAsync(
              product::kill, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
      heard = change(client, id);
      killed.get(30, TimeUnit.SECONDS);
    }
    product.restart();

    // What was acknowledged and not answered waits for the server, which works on it by itself.
    Patience.until(
        "version " + heard.acknowledged() + " of " + id,
        () -> heard.acknowledged() == 0 || version(id) >= heard.acknowledged());
    assertThat(version(id)).isGreaterThanOrEqualTo(heard.version());
  }

  private static Heard change(MqttClient client, String id) {
    int acknowledged = 0;
    int version = 0;
    try {
      for (int i = 1; i <= CHANGES; i++) {
        var change = "{\"state\":{\"reported\":{\"n\":" + i + "}}}";
        client.publish("$aws/things/" + id + "/shadow/update", change.getBytes(UTF_8), 1, false, i);
      }
      while (true) {
        var packet = client.receive();
        if (packet.type() == PUBACK) {
          acknowledged++;
        } else if (packet.type() == PUBLISH) {
          var text = packet.text();
          var accepted = JSON.readTree(text.substring(text.indexOf("{\"state\"")));
          version = accepted.path("version").asInt();
        }
      }
    } catch (IOException | AssertionError e) {
      return new Heard(acknowledged, version);
    }
  }

  private static int version(String id) {
    var shown = product.cli("shadow", "get", id, "--json");
    return shown.exit() == 0 ? JSON.readTree(shown.out()).path("version").asInt() : 0;
  }
}
