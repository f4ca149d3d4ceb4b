package io.sallyport.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kill -9} of the server between the two requests of a device, after them and within. */
class ProvisioningCrashTest {
  private static final long SEED = 20_260_501;
  private static final int ROUNDS = 3;

  // Longer than either request takes, so that some are cut off and others are done.
  private static final int DELAY_MAX_MS = 40;

  private static final JsonMapper JSON = new JsonMapper();
  private static final AtomicInteger LINES = new AtomicInteger();

  @TempDir private static Path folder;
  private static ProvisioningSite site;
  private String line;
  private Path claim;

  @BeforeAll
  static void open() {
    Tool.need(Tool.OPENSSL);
    site = new ProvisioningSite(folder, "");
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  @BeforeEach
  void start() {
    line = "line-" + LINES.incrementAndGet();
    claim = site.claim(line, "--count", "9", "--ids", "lamp-*", "--template", "lamps");
    copy(claim.resolve("claim.crt"), claim.resolve("device.crt"));
    copy(claim.resolve("claim.key"), claim.resolve("device.key"));
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path device(String id) {
    var device = site.device(id);
    copy(site.ca(), device.resolve("ca.crt"));
    return device;
  }

  private static String csr(Path device) throws IOException {
    return Files.readString(device.resolve("device.csr"));
  }

  private static String token(JsonNode created) {
    assertThat(created.has("certificateOwnershipToken")).as(created.toString()).isTrue();
    return created.path("certificateOwnershipToken").asString();
  }

  private static void keep(Path device, JsonNode created) throws IOException {
    Files.writeString(device.resolve("device.crt"), created.path("certificatePem").asString());
  }

  private ClaimTalk talk() throws IOException {
    return ClaimTalk.open(site, claim);
  }

  private boolean isLetIn(Path device, String id) {
    var identity = new Bundle(id, device).identity();
    try (var client = MqttClient.v3(identity.sslContext(), site.product.mqttPort())) {
      return client.connect(id).at(1) == 0
          && client.publishAcknowledged("devices/" + id + "/telemetry", "1").type() == 4;
    } catch (IOException e) {
      return false;
    }
  }

  private JsonNode shown(String... words) {
    return JSON.readTree(site.product.cli(words).expecting(0).out());
  }

  private long used() {
    return shown("claim", "show", line, "--json").at("/claim/used").asLong(-1);
  }

  private void isNobody(String id) {
    site.product.cli("device", "show", id).expecting(1);
  }

  private void isWhole(String id) {
    var shown = shown("device", "show", id, "--json");
    var active =
        shown
            .path("certificates")
            .valueStream()
            .filter(one -> one.path("status").asString().equalsIgnoreCase("active"));
    assertThat(active).as(shown.toString()).hasSize(1);
    assertThat(shown.path("policies").toString()).contains("default-device");
    assertThat(shown.path("thingType").asString()).isEqualTo("lamp");
  }

  private static void refused(JsonNode answer, String code) {
    assertThat(answer.path("errorCode").asString()).as(answer.toString()).isEqualTo(code);
  }

  @Test
  void betweenTheTwoRequestsNothingIsLostAndNobodyIsThere() throws Exception {
    var first = device("lamp-A1");
    var second = device("lamp-A2");
    String ofFirst;
    JsonNode ofSecond;
    try (var talk = talk()) {
      var created = talk.create(csr(first));
      ofFirst = token(created);
      keep(first, created);
      ofSecond = talk.create(csr(second));
      site.product.kill();
    }
    site.product.restart();

    isNobody("lamp-A1");
    assertThat(isLetIn(first, "lamp-A1")).isFalse();
    assertThat(used()).isEqualTo(2);
    try (var talk = talk()) {
      // Either goes on with its token, or begins again with the same key.
      assertThat(talk.register(ofFirst, "A1").path("thingName").asString()).isEqualTo("lamp-A1");
      var again = talk.create(csr(second));
      assertThat(again.path("certificateId")).isEqualTo(ofSecond.path("certificateId"));
      keep(second, again);
      refused(talk.register(token(ofSecond), "A2"), "InvalidCertificateOwnershipToken");
      assertThat(talk.register(token(again), "A2").path("thingName").asString())
          .isEqualTo("lamp-A2");
    }
    assertThat(isLetIn(first, "lamp-A1")).isTrue();
    assertThat(isLetIn(second, "lamp-A2")).isTrue();
    isWhole("lamp-A1");
    isWhole("lamp-A2");
    assertThat(used()).isEqualTo(2);
    site.product.cli("ledger", "verify").expecting(0);
  }

  @Test
  void whatWasAcceptedIsADeviceAfterwards() throws Exception {
    var device = device("lamp-B1");
    String token;
    try (var talk = talk()) {
      var created = talk.create(csr(device));
      keep(device, created);
      token = token(created);
      assertThat(talk.register(token, "B1").has("thingName")).isTrue();
      site.product.kill();
    }
    site.product.restart();

    assertThat(isLetIn(device, "lamp-B1")).isTrue();
    isWhole("lamp-B1");
    assertThat(used()).isEqualTo(1);
    try (var talk = talk()) {
      refused(talk.register(token, "B1"), "InvalidCertificateOwnershipToken");
      refused(talk.create(csr(device)), "ResourceRegistrationFailure");
    }
    site.product.cli("ledger", "verify").expecting(0);
  }

  /** A device that is cut off within a request does what the SDK's users do: it begins again. */
  @Test
  void withinARequestItIsDoneOrNotAndGoesOn() throws Exception {
    var random = new SplittableRandom(SEED);
    for (int round = 1; round <= ROUNDS; round++) {
      var serial = "C" + round;
      var id = "lamp-" + serial;
      var device = device(id);
      cutOff(random, ClaimTalk.CREATE + "json", ClaimTalk.createRequest(csr(device)));
      String token;
      try (var talk = talk()) {
        var created = talk.create(csr(device));
        keep(device, created);
        token = token(created);
      }
      cutOff(random, ClaimTalk.REGISTER + "json", ClaimTalk.registerRequest(token, serial));

      if (!isLetIn(device, id)) {
        isNobody(id);
        try (var talk = talk()) {
          assertThat(talk.register(token, serial).path("thingName").asString()).isEqualTo(id);
        }
        assertThat(isLetIn(device, id)).isTrue();
      }
      isWhole(id);
      assertThat(used()).as("round %s", round).isEqualTo(round);
    }
    site.product.cli("ledger", "verify").expecting(0);
  }

  private void cutOff(SplittableRandom random, String topic, byte[] request) throws Exception {
    try (var talk = talk()) {
      talk.send(topic, request);
      Thread.sleep(Duration.ofMillis(random.nextInt(DELAY_MAX_MS)));
      site.product.kill();
    }
    site.product.restart();
  }
}
