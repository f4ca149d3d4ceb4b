package io.sallyport.conformance.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The bundle {@code mbedtls}, compiled as it stands and run against a gate. */
@ExtendWith(Lab.Resolver.class)
class MbedtlsBundleTest {
  private static final Path LIBRARY = Path.of("/usr/include/mbedtls/ssl.h");

  private final Lab lab;

  MbedtlsBundleTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void needsTheTools() {
    Tool.need(Tool.GCC, Tool.MOSQUITTO_SUB, Tool.OPENSSL, Tool.STDBUF);
    Tool.need("libmbedtls-dev", Files.exists(LIBRARY));
  }

  @Test
  void publishesWhatABackendSees() {
    var firmware = enrolled("c-publishes").build();
    var backend = lab.backend();

    try (var subscriber = subscribed(backend)) {
      firmware.publish("from C").expecting(Firmware.DONE);

      assertThat(subscriber.ended().expecting(0).out())
          .contains("devices/c-publishes/telemetry from C");
    }
  }

  @Test
  void leavesAServerWithoutAPinnedKeyBeforeItSaysAnythingOfMqtt() {
    var firmware = enrolled("c-wrong-pin");
    try (var wire = new RecordingWire(lab.product().mqttPort())) {
      firmware.at(wire.port()).build().publish("right pin").expecting(Firmware.DONE);
      assertThat(wire.recordTypes()).contains(RecordingWire.APPLICATION_DATA);
    }
    try (var wire = new RecordingWire(lab.product().mqttPort())) {
      var ran = firmware.at(wire.port()).withoutItsPins().build().publish("never said");

      assertThat(ran.expecting(Firmware.NOT_PINNED).err()).contains("none of the pinned keys");
      assertThat(wire.recordTypes()).isNotEmpty().doesNotContain(RecordingWire.APPLICATION_DATA);
    }
  }

  @Test
  void isRefusedWithTheKeyOfAnotherDevice() {
    var other = enrolled("c-other");
    var firmware = enrolled("c-own").with("sallyport_key_pem", other).build();

    firmware.publish("forged").expecting(Firmware.TLS);
    other.build().publish("true").expecting(Firmware.DONE);
  }

  @Test
  void isNotFooledByAPinnedCertificateThatOnlyTravelsAlong() throws IOException {
    var firmware = enrolled("c-fooled");
    var rogue = new RogueServer(lab.scratch(), issuer(firmware));
    try (rogue) {
      var ran = firmware.trusting(rogue.root()).at(rogue.port()).build().publish("secret");

      ran.expecting(Firmware.NOT_PINNED);
      assertThat(rogue.said()).doesNotContain("MQTT");
    }
  }

  @Test
  void trustsNoServerOfAnotherRoot() throws IOException {
    var firmware = enrolled("c-root");
    try (var rogue = new RogueServer(lab.scratch(), issuer(firmware))) {
      firmware.at(rogue.port()).build().publish("secret").expecting(Firmware.NOT_TRUSTED);
    }
  }

  /** What the configuration leaves out, mbedTLS itself would miss here. */
  @Test
  void theConfigurationIsOneThatMbedtlsTakes() throws IOException {
    var firmware = enrolled("c-config");
    Files.writeString(
        firmware.folder().resolve("check.c"),
        "#include \"mbedtls/ssl.h\"\n#include \"mbedtls/x509_crt.h\"\nint checked;\n");

    firmware
        .compile("gcc", "-I.", "-DMBEDTLS_CONFIG_FILE=\"mbedtls_config.h\"", "-c", "check.c")
        .expecting(0);
    firmware
        .compile(
            "gcc",
            "-std=c99",
            "-I.",
            "-DMBEDTLS_CONFIG_FILE=\"mbedtls_config.h\"",
            "-c",
            "sallyport_client.c")
        .expecting(0);
  }

  private Firmware enrolled(String id) {
    var folder = lab.scratch().resolve(id);
    lab.product()
        .cli("device", "enroll", id, "--bundle", folder.toString(), "--format", "mbedtls")
        .expecting(0);
    return new Firmware(folder);
  }

  /** The issuer's certificate of the lab's own server, which has a pinned key. */
  private String issuer(Firmware firmware) {
    var line =
        "openssl s_client -connect localhost:%d -showcerts </dev/null 2>/dev/null"
            .formatted(lab.product().mqttPort());
    var blocks =
        Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", Pattern.DOTALL)
            .matcher(Program.runLine(firmware.folder(), line).out())
            .results()
            .map(java.util.regex.MatchResult::group)
            .toList();
    assertThat(blocks).hasSize(2);
    return blocks.getLast();
  }

  private static Program subscribed(Endpoint backend) {
    var line = backend.bundle().linesOf("mosquitto_sub").getFirst() + " -C 1 -d -W 30";
    var subscriber = Program.startLine(backend.bundle().folder(), "stdbuf -oL " + line);
    Patience.until("a subscription", () -> subscriber.out().contains("Subscribed (mid"));
    return subscriber;
  }

  /** A server of another root that sends a certificate of ours along. */
  private static final class RogueServer implements AutoCloseable {
    private static final Pattern ACCEPTS = Pattern.compile("ACCEPT \\S*:(\\d+)");

    private final Path folder;
    private final Program server;

    RogueServer(Path folder, String sentAlong) throws IOException {
      this.folder = folder;
      Files.writeString(folder.resolve("along.pem"), sentAlong);
      var curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
      Program.runLine(
              folder,
              "openssl req -x509 "
                  + curve
                  + "-keyout root.key -out root.pem -subj /CN=rogue -days 2 && openssl req "
                  + curve
                  + "-keyout leaf.key -out leaf.csr -subj /CN=localhost && printf"
                  + " 'subjectAltName=DNS:localhost\\nextendedKeyUsage=serverAuth\\n' > ext &&"
                  + " openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial"
                  + " -out leaf.pem -days 1 -extfile ext")
          .expecting(0);
      server =
          Program.start(
              folder,
              List.of(
                  "openssl",
                  "s_server",
                  "-accept",
                  "localhost:0",
                  "-4",
                  "-cert",
                  "leaf.pem",
                  "-key",
                  "leaf.key",
                  "-cert_chain",
                  "along.pem",
                  "-tls1_2"));
      Patience.until("a server that accepts", () -> ACCEPTS.matcher(server.out()).find());
    }

    String root() throws IOException {
      return Files.readString(folder.resolve("root.pem"));
    }

    int port() {
      var accepts = ACCEPTS.matcher(server.out());
      assertThat(accepts.find()).isTrue();
      return Integer.parseInt(accepts.group(1));
    }

    String said() {
      return server.out() + server.err();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
