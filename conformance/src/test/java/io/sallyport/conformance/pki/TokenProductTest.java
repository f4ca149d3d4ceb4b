package io.sallyport.conformance.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product with all its keys in SoftHSM, seen by openssl, mosquitto and pkcs11-tool. */
class TokenProductTest {
  private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  @TempDir private Path folder;

  @BeforeEach
  void makesAToken() throws Exception {
    Tool.need(Tool.OPENSSL, Tool.MOSQUITTO_PUB, Tool.SOFTHSM2_UTIL, Tool.PKCS11_TOOL);
    Files.createDirectory(folder.resolve("tokens"));
    Files.createDirectory(folder.resolve("away"));
    Files.writeString(
        folder.resolve("softhsm2.conf"),
        "directories.tokendir = " + folder.resolve("tokens") + "\nlog.level = ERROR\n");
    shell("softhsm2-util --init-token --free --label test --so-pin 12345678 --pin 4711")
        .expecting(0);
    var pin = Files.writeString(folder.resolve("pin"), "4711\n");
    Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
  }

  private ProductProcess start(String more) throws IOException {
    var file =
        Files.writeString(
            folder.resolve("sallyport.yaml"),
            """
            pki: {keys: pkcs11}
            pkcs11: {library: %s, token: test, pin-file: %s%s}
            """
                .formatted(LIBRARY, folder.resolve("pin"), more));
    return ProductProcess.startOn(
        List.of("env", "SOFTHSM2_CONF=" + folder.resolve("softhsm2.conf")),
        folder.resolve("data"),
        "--config",
        file.toString());
  }

  @Test
  void everythingIsSignedInTheToken() throws Exception {
    try (var product = start("")) {
      product.cli("device", "enroll", "dev-1", "--bundle", at("b")).expecting(0);
      product.kill();
      product.restart();

      shell("cat data/ca/root.crt data/ca/devices.crt > chain.pem");
      shell("openssl verify -CAfile chain.pem b/device.crt").expecting(0);
      for (var version : List.of("-tls1_2", "-tls1_3")) {
        assertThat(
                shell(
                        "openssl s_client -connect localhost:"
                            + product.mqttPort()
                            + " -CAfile b/ca.crt -cert b/device.crt -key b/device.key "
                            + version
                            + " < /dev/null")
                    .said())
            .contains("Verification: OK");
      }
      publish(product).expecting(0);
      product.cli("ca", "crl", "--out", at("all.crl")).expecting(0);
      assertThat(shell("openssl crl -in all.crl -noout -CAfile chain.pem").said())
          .contains("verify OK");
      assertThat(
              shell(
                      "openssl ocsp -issuer data/ca/devices.crt -cert b/device.crt -CAfile"
                          + " chain.pem -url https://localhost:"
                          + product.httpsPort()
                          + "/ocsp")
                  .said())
          .contains("device.crt: good");
      // Seen from outside: four keys, none of which ever could be taken out.
      var keys =
          shell(
                  "pkcs11-tool --module "
                      + LIBRARY
                      + " --login --pin 4711 --list-objects --type privkey")
              .said();
      assertThat(keys.split("sensitive, always sensitive, never extractable, local", -1))
          .hasSize(5);
      assertThat(folder.resolve("data/ca/devices.key")).doesNotExist();
      // A file of a key is refused with the way: no key moves into a token, nor out of it.
      var withoutToken = product.cliOn(folder.resolve("data"), "ca", "keys").expecting(0).out();
      assertThat(withoutToken).contains("pkcs11:token=test;object=sallyport-devices");
    }
  }

  /** The sealed TLS key stays usable, so that sessions, the desk and the reason are there. */
  @Test
  void anAbsentTokenIsToldAndComesBack() throws Exception {
    try (var product = start(", tls-keys: false")) {
      product.cli("device", "enroll", "dev-1", "--bundle", at("b")).expecting(0);
      shell("mv tokens/* away/").expecting(0);

      var refused = product.cli("device", "enroll", "dev-2", "--bundle", at("b2"));
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err()).contains("ABSENT");
      publish(product).expecting(0);
      assertThat(product.said()).contains("the token does not serve");

      shell("mv away/* tokens/").expecting(0);
      Patience.until(
          "the token is back",
          Duration.ofSeconds(40),
          () -> product.said().contains("the token serves again"));
      product.cli("device", "enroll", "dev-3", "--bundle", at("b3")).expecting(0);
    }
  }

  /** Keys that sign commands, rotated in the token, and used by another process after a kill. */
  @Test
  void commandsAreSignedInTheToken() throws Exception {
    try (var product = start(", command-keys: true, tls-keys: false")) {
      product.cli("device", "enroll", "dev-1", "--bundle", at("b"), "--format", "agent");
      assertThat(folder.resolve("b/command-keys.json")).exists();
      assertThat(labels()).contains("sallyport-command-2", "sallyport-command-3");
      product.cli("command", "key", "rotate").expecting(0);
      assertThat(labels()).contains("sallyport-command-4");
      product.kill();
      product.restart();

      product.cli("command", "send", "dev-1", "ping").expecting(0);
      shell("mv tokens/* away/").expecting(0);
      var refused = product.cli("command", "send", "dev-1", "ping");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err()).contains("token");
    }
  }

  /** The next devices CA's key is made in the token, too, under a label of its own. */
  @Test
  void aNewDevicesCaHasItsKeyInTheToken() throws Exception {
    try (var product = start("")) {
      product.cli("device", "enroll", "dev-1", "--bundle", at("b")).expecting(0);
      rollover(product, "begin", "devices").expecting(0);
      assertThat(labels()).contains("sallyport-devices", "sallyport-devices-2");
      // Refused, and the token is as it was.
      rollover(product, "begin", "devices").expecting(1);
      assertThat(labels()).doesNotContain("sallyport-devices-3");
      Patience.until(
          "it may sign", Duration.ofSeconds(30), () -> rollover(product, "activate").exit() == 0);
      Patience.until(
          "the server signs with it",
          () -> product.said().split("other authorities are in force", -1).length > 2);

      product.cli("device", "enroll", "dev-2", "--bundle", at("b2")).expecting(0);
      shell("awk '/BEGIN/{n++} n==2' b2/device.crt > g2.crt").expecting(0);
      shell("cat data/ca/root.crt g2.crt > chain.pem").expecting(0);
      assertThat(shell("openssl x509 -in g2.crt -noout -subject").said())
          .contains("Sallyport Devices CA G2");
      shell("openssl verify -x509_strict -CAfile chain.pem b2/device.crt").expecting(0);
      assertThat(
              shell(
                      "openssl ocsp -issuer g2.crt -cert b2/device.crt -CAfile chain.pem -url"
                          + " https://localhost:"
                          + product.httpsPort()
                          + "/ocsp")
                  .said())
          .contains("device.crt: good");
      publish(product).expecting(0);
      rollover(product, "retire").expecting(1);
      rollover(product, "retire", "--force", "--reason", "test").expecting(0);
      Patience.until("the old one opens nothing", () -> publish(product).exit() != 0);

      product.kill();
      product.restart();
      publish(product, "b2", "dev-2").expecting(0);
      // The old key stays where it is: it signs lists until what it signed has ended.
      product.cli("ca", "crl", "--out", at("one.crl")).expecting(0);
      product.cli("ca", "crl", "--generation", "2", "--out", at("two.crl")).expecting(0);
      shell("cat data/ca/root.crt data/ca/devices.crt > chain1.pem").expecting(0);
      assertThat(shell("openssl crl -in one.crl -noout -CAfile chain1.pem").said())
          .contains("verify OK");
      assertThat(shell("openssl crl -in two.crl -noout -CAfile chain.pem").said())
          .contains("verify OK");
      assertThat(labels()).contains("sallyport-devices", "sallyport-devices-2");
      try (var files = Files.walk(folder.resolve("data"))) {
        assertThat(files.map(Path::toString))
            .noneMatch(name -> name.endsWith("devices.key") || name.endsWith("devices-2.key"));
      }
    }
  }

  /** A server without its token follows what needs no key: the stolen CA opens nothing. */
  @Test
  void aRetiredCaEndsWhileTheTokenIsAway() throws Exception {
    try (var product = start(", tls-keys: false")) {
      product.cli("device", "enroll", "dev-1", "--bundle", at("b")).expecting(0);
      rollover(product, "begin", "devices").expecting(0);
      Patience.until(
          "it may sign", Duration.ofSeconds(30), () -> rollover(product, "activate").exit() == 0);
      Patience.until(
          "the server signs with it",
          () -> product.said().split("other authorities are in force", -1).length > 2);
      product.cli("device", "enroll", "dev-2", "--bundle", at("b2")).expecting(0);
      shell("mv tokens/* away/").expecting(0);
      rollover(product, "retire", "--force", "--reason", "the token was stolen").expecting(0);
      Patience.until("the old one opens nothing", () -> publish(product).exit() != 0);
      publish(product, "b2", "dev-2").expecting(0);
      assertThat(product.cli("device", "enroll", "dev-3", "--bundle", at("b3")).exit())
          .isEqualTo(3);
      shell("mv away/* tokens/").expecting(0);
    }
  }

  private Ran rollover(ProductProcess product, String... words) {
    var command = new String[words.length + 4];
    command[0] = "ca";
    command[1] = "rollover";
    System.arraycopy(words, 0, command, 2, words.length);
    command[words.length + 2] = "--config";
    command[words.length + 3] = at("sallyport.yaml");
    return product.cli(command);
  }

  private List<String> labels() {
    return shell(
            "pkcs11-tool --module " + LIBRARY + " --login --pin 4711 --list-objects --type privkey")
        .said()
        .lines()
        .filter(line -> line.contains("label:"))
        .map(line -> line.replaceAll(".*label: *", "").strip())
        .toList();
  }

  private Ran publish(ProductProcess product) {
    return publish(product, "b", "dev-1");
  }

  private Ran publish(ProductProcess product, String bundle, String id) {
    return shell(
        "mosquitto_pub -h localhost -p "
            + product.mqttPort()
            + " --cafile B/ca.crt --cert B/device.crt --key B/device.key".replace("B", bundle)
            + " -i "
            + id
            + " -t devices/"
            + id
            + "/telemetry -m hi -q 1");
  }

  private String at(String file) {
    return folder.resolve(file).toString();
  }

  private Ran shell(String line) {
    return Program.runLine(
        folder, "export SOFTHSM2_CONF=" + folder.resolve("softhsm2.conf") + "; " + line);
  }
}
