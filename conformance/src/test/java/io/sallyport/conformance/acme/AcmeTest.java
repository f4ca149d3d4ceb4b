package io.sallyport.conformance.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.clients.OpensslSession;
import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import io.sallyport.testkit.MqttClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A certificate for public names from a real ACME server, at every step of its life. */
class AcmeTest {
  private static final Duration ORDER_MAX = Duration.ofSeconds(60);
  private static final String NAME = "gate.public.example";

  @TempDir Path folder;

  @BeforeAll
  static void tools() {
    Tool.need(Tool.OPENSSL, Tool.PEBBLE, Tool.PEBBLE_DNS);
  }

  private Path configuration(Pebble pebble, String more) {
    var file = folder.resolve("sallyport.yaml");
    Pebble.write(
        file,
        """
        mqtt:
          listeners:
            public:
              host: 127.0.0.1
              port: %d
        pki:
          http-listen: 127.0.0.1:%d
        acme:
          directory: %s
          domains: [%s, www.public.example]
          terms-agreed: true
          contact: pki@public.example
          ca-file: %s
        %s
        """
            .formatted(
                pebble.tlsPort,
                pebble.httpPort,
                pebble.directory(),
                NAME,
                pebble.certificate(),
                more));
    return file;
  }

  private static JsonNode status(ProductProcess product) {
    return new JsonMapper().readTree(product.cli("acme", "status", "--json").out());
  }

  private static void ordered(ProductProcess product) {
    Patience.until(
        "the end of an order: " + product.said(),
        ORDER_MAX,
        () -> status(product).path("orders").asInt() > 0);
    assertThat(status(product).path("why").asString("")).isEmpty();
  }

  /** What a client is shown that calls the server by that name. */
  private String shown(int port, String name) {
    return Program.runLine(
            folder,
            "openssl s_client -connect 127.0.0.1:%d -servername %s -showcerts 2>/dev/null"
                    .formatted(port, name)
                + " | openssl x509 -noout -issuer -serial -ext subjectAltName -pubkey")
        .said();
  }

  private static String key(String shown) {
    return shown.substring(shown.indexOf("-----BEGIN PUBLIC KEY"), shown.indexOf("-----END"));
  }

  @Test
  void publicNamesHaveACertificateOfTheServersKeyAndDevicesKeepTheirs() throws IOException {
    try (var pebble = new Pebble(folder, "", "PEBBLE_WFE_NONCEREJECT=30");
        var product =
            ProductProcess.start(
                folder.resolve("data"), "--config", configuration(pebble, "").toString())) {
      ordered(product);
      var ofPublic = shown(product.mqttPort(), NAME);
      assertThat(ofPublic).contains("Pebble Intermediate", NAME, "www.public.example");
      assertThat(shown(product.httpsPort(), NAME)).contains("Pebble Intermediate");
      var ofDevices = shown(product.mqttPort(), "localhost");
      assertThat(ofDevices).contains("Sallyport Servers CA").doesNotContain("public.example");
      assertThat(key(ofPublic))
          .as("one key, which bundles have as a pin")
          .isEqualTo(key(ofDevices));
      assertThat(Files.getPosixFilePermissions(product.data().resolve("acme")))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      for (var name : List.of("account.key", "certificate.pem", "attempts")) {
        assertThat(Files.getPosixFilePermissions(product.data().resolve("acme").resolve(name)))
            .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      }
      assertThat(Files.readString(product.data().resolve("acme/account.key")))
          .contains("BEGIN SALLYPORT SEALED KEY");

      var bundle = folder.resolve("pump-1");
      product.cli("device", "enroll", "pump-1", "--bundle", bundle.toString()).expecting(0);
      var device = new Endpoint("localhost", product.mqttPort(), new Bundle("pump-1", bundle));
      try (var session = MqttClient.v5(device.bundle().identity().sslContext(), device.port())) {
        assertThat(session.connect("pump-1").at(1)).isZero();
        var renewed = product.cli("acme", "renew").expecting(0);
        assertThat(renewed.out()).contains(NAME, "Pebble Intermediate");
        assertThat(session.ping().type()).as("who is in stays in").isEqualTo(13);
      }
      var after = shown(product.mqttPort(), NAME);
      assertThat(after).contains("Pebble Intermediate").isNotEqualTo(ofPublic);
      assertThat(key(after)).as("the same key at every renewal").isEqualTo(key(ofPublic));
      new Ledger(product).expect("reloaded", "server", "public");
      assertThat(product.said()).doesNotContain("PRIVATE KEY");
      assertThat(OpensslSession.talk(device, OpensslSession.IDENTITY).err())
          .contains("connack: accepted");
    }
  }

  @Test
  void aHandshakeAtTheGateProvesANameToo() {
    try (var pebble = new Pebble(folder, "");
        var product =
            ProductProcess.start(
                folder.resolve("data"),
                "--config",
                configuration(pebble, "  challenge: tls-alpn-01").toString())) {
      ordered(product);
      assertThat(shown(product.mqttPort(), NAME)).contains("Pebble Intermediate");
      assertThat(status(product).path("challenge").asString()).isEqualTo("tls-alpn-01");
      var stranger =
          Program.runLine(
              folder,
              "openssl s_client -connect 127.0.0.1:%d -servername %s -alpn acme-tls/1"
                  .formatted(product.mqttPort(), NAME));
      assertThat(stranger.said())
          .as("after the proof there is no door for it")
          .contains("No ALPN negotiated")
          .contains("Pebble Intermediate");
    }
  }

  @Test
  void whatIsShownStaysWhenTheServerIsGoneAndAfterAKill() {
    try (var pebble = new Pebble(folder, "")) {
      var configuration = configuration(pebble, "");
      try (var product =
          ProductProcess.start(folder.resolve("data"), "--config", configuration.toString())) {
        ordered(product);
        var before = shown(product.mqttPort(), NAME);
        pebble.kill();
        var refused = product.cli("acme", "renew").expecting(1);
        assertThat(refused.out()).contains("failed", "1 times");
        assertThat(shown(product.mqttPort(), NAME)).isEqualTo(before);
        product.kill();
        product.restart();
        assertThat(shown(product.mqttPort(), NAME)).isEqualTo(before);
        assertThat(status(product).path("failed").asInt()).as("kept over the kill").isEqualTo(1);
        pebble.restart();
        product.cli("acme", "renew").expecting(0);
        assertThat(shown(product.mqttPort(), NAME)).isNotEqualTo(before);
      }
    }
  }

  @Test
  void anOrderThatIsKilledHalfWayLeavesNothingHalfDone() {
    try (var pebble = new Pebble(folder, "", "PEBBLE_VA_SLEEPTIME=1")) {
      var configuration = configuration(pebble, "");
      try (var product =
          ProductProcess.start(folder.resolve("data"), "--config", configuration.toString())) {
        ordered(product);
        for (int part = 0; part < 4; part++) {
          var before = shown(product.mqttPort(), NAME);
          product.cli("acme", "renew", "--no-wait").expecting(0);
          java.util.concurrent.locks.LockSupport.parkNanos(part * 60_000_000L);
          product.kill();
          product.restart();
          var after = shown(product.mqttPort(), NAME);
          assertThat(after).contains("Pebble Intermediate");
          assertThat(key(after)).isEqualTo(key(before));
        }
        product.cli("acme", "renew").expecting(0);
      }
    }
  }

  @Test
  void aDirectoryWithAnotherCertificateIsToldNothing() throws IOException {
    try (var pebble = new Pebble(folder, "")) {
      var other = Files.createDirectory(folder.resolve("other"));
      Program.runLine(
              other,
              "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
                  + " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
                  + " -keyout ca.key -out ca.crt")
          .expecting(0);
      var configuration = configuration(pebble, "");
      Pebble.write(
          configuration,
          Files.readString(configuration)
              .replace(pebble.certificate().toString(), other.resolve("ca.crt").toString()));
      try (var product =
          ProductProcess.start(folder.resolve("data"), "--config", configuration.toString())) {
        Patience.until(
            "a failed order", ORDER_MAX, () -> status(product).path("failed").asInt() > 0);
        assertThat(status(product).path("why").asString()).contains("PKIX path");
        assertThat(shown(product.mqttPort(), NAME)).contains("Sallyport Servers CA");
        assertThat(pebble.said()).doesNotContain("new-account", "newAccount", "POST");
      }
    }
  }

  @Test
  void aNameThatDoesNotLeadHereEndsTheOrder() {
    try (var pebble = new Pebble(folder, "")) {
      var configuration = configuration(pebble, "");
      Pebble.write(
          configuration,
          read(configuration)
              .replace("127.0.0.1:" + pebble.httpPort, "127.0.0.1:" + Pebble.freePort()));
      try (var product =
          ProductProcess.start(folder.resolve("data"), "--config", configuration.toString())) {
        Patience.until(
            "a failed order", ORDER_MAX, () -> status(product).path("failed").asInt() > 0);
        assertThat(status(product).path("why").asString())
            .contains("could not be proven by http-01");
        var next = java.time.Instant.parse(status(product).path("next").asString());
        assertThat(next).isAfter(java.time.Instant.now().plusSeconds(20));
        assertThat(product.cli("acme", "status").expecting(1).out()).contains("none yet");
      }
    }
  }

  @Test
  void anAuthorityThatWantsAnAccountOfBeforeGetsIt() throws IOException {
    var members =
        ", \"externalAccountBindingRequired\": true, \"externalAccountMACKeys\":"
            + " {\"kid-1\": \"zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\"}";
    var key = folder.resolve("eab.key");
    Pebble.write(key, "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W\n");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    try (var pebble = new Pebble(folder, members);
        var product =
            ProductProcess.start(
                folder.resolve("data"),
                "--config",
                configuration(
                        pebble,
                        "  external-account-id: kid-1\n  external-account-key-file: "
                            + key
                            + "\n"
                            + "log:\n  level: debug")
                    .toString())) {
      ordered(product);
      assertThat(product.said()).doesNotContain("zWNDZM6eQGHWpSRTPal5eIUYFTu7EajV");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
