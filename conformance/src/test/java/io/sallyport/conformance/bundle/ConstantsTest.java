package io.sallyport.conformance.bundle;

import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bundles of constants compile, whatever the language, and files of AWS IoT connect. */
@ExtendWith(Lab.Resolver.class)
class ConstantsTest {
  private static final String SOURCE = "sallyport_credentials.c";

  private final Lab lab;

  ConstantsTest(Lab lab) {
    this.lab = lab;
  }

  @BeforeAll
  static void needsTheTools() {
    Tool.need(Tool.GCC, Tool.GXX, Tool.MOSQUITTO_PUB);
  }

  @Test
  void theyCompileAsC99AndCppAndLinkIntoAProgramOfEach() throws IOException {
    var firmware = new Firmware(enrolled("constants", "c-header"));
    Files.writeString(
        firmware.folder().resolve("use.c"),
        """
        #include "sallyport_credentials.h"
        int main(void) {
          int pem = sallyport_ca_pem[sallyport_ca_pem_len - 1] == 0
              && sallyport_certificate_pem[sallyport_certificate_pem_len - 1] == 0
              && sallyport_key_pem[sallyport_key_pem_len - 1] == 0;
          pem = pem && SALLYPORT_COMMAND_KEY_COUNT == 2 && SALLYPORT_COMMAND_COUNT == 2
              && sallyport_command_key_points[1][0] == 4 && sallyport_command_key_ids[1][31] + 1 > 0
              && sallyport_commands[0][0] == 'p' && sallyport_commands[2] == 0
              && sizeof SALLYPORT_TENANT == sizeof "sallyport";
          return pem && SALLYPORT_PIN_COUNT == 3 && sallyport_pins[2][31] + 1 > 0 ? 0 : 1;
        }
        """);

    firmware.compile("gcc", "-std=c99", "-o", "c", "use.c", SOURCE).expecting(0);
    firmware.compile("g++", "-std=c++17", "-x", "c++", "-o", "cpp", "use.c", SOURCE).expecting(0);
    Program.run(firmware.folder(), List.of("./c")).expecting(0);
    Program.run(firmware.folder(), List.of("./cpp")).expecting(0);
  }

  @Test
  void withoutAKeyTheyCompileAndLeaveItToTheFirmware() throws IOException {
    enrolled("no-key", "pem");
    var folder = lab.scratch().resolve("no-key");
    lab.product()
        .cli("device", "bundle", "no-key", "--format", "c-header", "--out", folder.toString())
        .expecting(0);

    new Firmware(folder).compile("gcc", "-std=c99", "-c", SOURCE).expecting(0);
  }

  /** Zephyr itself is not here: its documentation declares the function so. */
  @Test
  void theSourceForZephyrCallsWhatZephyrDeclares() throws IOException {
    var firmware = new Firmware(enrolled("zephyr", "zephyr"));
    var headers = Files.createDirectories(firmware.folder().resolve("zephyr/net"));
    Files.writeString(
        headers.resolve("tls_credentials.h"),
        """
        #include <stddef.h>
        enum tls_credential_type {
          TLS_CREDENTIAL_NONE,
          TLS_CREDENTIAL_CA_CERTIFICATE,
          TLS_CREDENTIAL_PUBLIC_CERTIFICATE,
          TLS_CREDENTIAL_SERVER_CERTIFICATE = TLS_CREDENTIAL_PUBLIC_CERTIFICATE,
          TLS_CREDENTIAL_PRIVATE_KEY
        };
        typedef int sec_tag_t;
        int tls_credential_add(sec_tag_t tag, enum tls_credential_type type, const void *cred,
                               size_t credlen);
        """);

    firmware.compile("gcc", "-std=c99", "-I.", "-c", "sallyport_zephyr.c").expecting(0);
  }

  @Test
  void aDeviceConnectsWithTheFilesOfAwsIot() {
    var folder = enrolled("aws", "aws-iot");
    publish(folder, "AmazonRootCA1.pem", "certificate.pem.crt", "private.pem.key", "aws");
  }

  @Test
  void aBundleMadeAgainWithTheKeyThatSomebodyKeptConnects() {
    var first = enrolled("again", "pem");
    var folder = lab.scratch().resolve("again");
    lab.product()
        .cli(
            "device",
            "bundle",
            "again",
            "--key",
            first.resolve("device.key").toString(),
            "--out",
            folder.toString())
        .expecting(0);

    publish(folder, "ca.crt", "device.crt", "device.key", "again");
  }

  private void publish(Path folder, String root, String certificate, String key, String id) {
    Program.runLine(
            folder,
            "mosquitto_pub -h localhost -p %d --cafile %s --cert %s --key %s -i %s -q 1 -m x -t"
                    .formatted(lab.product().mqttPort(), root, certificate, key, id)
                + " devices/"
                + id
                + "/telemetry")
        .expecting(0);
  }

  private Path enrolled(String id, String format) {
    var folder = lab.scratch().resolve(id);
    lab.product()
        .cli("device", "enroll", id, "--bundle", folder.toString(), "--format", format)
        .expecting(0);
    return folder;
  }
}
