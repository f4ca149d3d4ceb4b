package io.sallyport.conformance.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose devices hold on to its keys never shows another, unless somebody accepts it. */
class PinnedServerTest {
  private static final String OWN = "tls:\n  certificate-file: own.crt\n  key-file: own.key\n";

  @TempDir Path folder;
  private Path configuration;
  private ProductProcess product;

  @BeforeEach
  void start() throws IOException {
    Tool.need(Tool.OPENSSL);
    configuration = folder.resolve("sallyport.yaml");
    configure("");
    product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
  }

  @AfterEach
  void stop() {
    product.close();
  }

  @Test
  void theKeyIsTheSameAfterARestart() {
    var before = pins();
    product.restart();

    assertThat(pins()).isEqualTo(before);
    assertThat(before).contains("server", "issuer", "backup");
  }

  @Test
  void aReloadToAKeyThatNoDeviceKnowsIsRefusedUntilSomebodyAcceptsIt() throws IOException {
    enroll("c-header");
    var shown = shown();
    ownCertificate();

    configure(OWN);
    assertThat(product.cli("reload").expecting(1).said())
        .contains("no device was told of the key")
        .contains("tls.pins: off");
    assertThat(shown()).isEqualTo(shown);

    configure(OWN + "  pins: 'off'\n");
    product.cli("reload").expecting(0);
    assertThat(shown()).isNotEqualTo(shown);
    assertThat(product.cli("ca", "pins").expecting(0).out())
        .contains("tls.pins is off")
        .contains("refuse the certificate that is shown now");
  }

  /** What nobody checks binds nobody: the bundles of old go on as they did. */
  @Test
  void withoutABundleThatPinsAnyKeyMayBeShown() throws IOException {
    enroll("pem");
    ownCertificate();

    configure(OWN);

    product.cli("reload").expecting(0);
  }

  @Test
  void aStartWithAKeyThatNoDeviceKnowsIsRefusedUntilTheirPinsAreRetired() throws IOException {
    enroll("esp-nvs");
    product.stop().expecting(0);
    Files.delete(product.data().resolve("ca/tls.key"));

    var refused =
        product.cli(
            "up", "--mqtt-port", "0", "--https-port", "0", "--config", configuration.toString());
    assertThat(refused.expecting(2).err()).contains("no device was told of the key");
    // Where no server runs, nobody knows what it will show: nothing may be promised.
    assertThat(
            product
                .cli("device", "bundle", "d-1", "--format", "mbedtls", "--out", "x")
                .expecting(1)
                .err())
        .contains("shows no key");

    product.cli("ca", "pins", "--retire", deployed()).expecting(0);
    product.restart();
  }

  /** With the key stolen and the backup in its place, firmware of before finds its server. */
  @Test
  void devicesOfBeforeKnowThePromotedBackup() throws IOException {
    Tool.need(Tool.GCC);
    Tool.need("libmbedtls-dev", Files.exists(Path.of("/usr/include/mbedtls/ssl.h")));
    var firmware = new Firmware(enroll("mbedtls")).build();
    firmware.publish("before").expecting(Firmware.DONE);
    var stolen = shown();

    assertThat(product.cli("ca", "promote-backup").expecting(2).err()).contains("--yes");
    product.cli("ca", "promote-backup", "--yes").expecting(0);
    product.restart();

    assertThat(shown()).isNotEqualTo(stolen);
    firmware.publish("after").expecting(Firmware.DONE);
    new Ledger(product).expect("server-key-promoted", "installation", "backup");
  }

  private Path enroll(String format) {
    var bundle = folder.resolve(format);
    product
        .cli("device", "enroll", "d-1", "--bundle", bundle.toString(), "--format", format)
        .expecting(0);
    return bundle;
  }

  private String pins() {
    return product.cli("ca", "pins").expecting(0).out().lines().map(this::pin).toList().toString();
  }

  private String pin(String row) {
    var cells = Pattern.compile(" +").splitAsStream(row).toList();
    return cells.get(1) + " " + cells.get(2);
  }

  private String deployed() {
    var sets = Pattern.compile("\"set\" : \"([0-9a-f]{16})\"").matcher(deployedJson());
    assertThat(sets.find()).isTrue();
    return sets.group(1);
  }

  private String deployedJson() {
    var json = product.cli("ca", "pins", "--json").expecting(0).out();
    return json.substring(json.indexOf("\"deployed\""));
  }

  /** The public key that devices are shown. */
  private String shown() {
    var line =
        "openssl s_client -connect localhost:"
            + product.mqttPort()
            + " </dev/null 2>/dev/null | openssl x509 -pubkey -noout";
    return Program.runLine(folder, line).expecting(0).out();
  }

  private void ownCertificate() {
    Program.runLine(
            folder,
            "umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                + " -keyout own.key -out own.crt -subj /CN=own -days 2 -addext"
                + " subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE")
        .expecting(0);
  }

  private void configure(String more) throws IOException {
    Files.writeString(configuration, "names: [localhost]\n" + more);
  }
}
