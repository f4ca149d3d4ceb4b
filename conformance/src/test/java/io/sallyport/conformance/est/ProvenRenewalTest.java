package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device renews with curl, and mosquitto proves the new certificate by connecting with it. */
class ProvenRenewalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private EstSite site;

  @BeforeEach
  void open() throws Exception {
    Tool.need(Tool.CURL, Tool.OPENSSL, Tool.MOSQUITTO_PUB);
    site = new EstSite(folder, "", EstSite.NO_BANS);
  }

  @AfterEach
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private String status() {
    var ran = site.product.cli("rotate", "status", "--json").expecting(0);
    return ran.out().replaceAll("\\s", "");
  }

  @Test
  void aConnectionWithTheNewCertificateProvesItAndTheOldOneIsGoodUntilThen() throws Exception {
    var old = site.enrolled("lamp-1");
    var renewed = site.device("lamp-1");
    assertThat(site.reenrol(old, renewed)).as(site.body(renewed)).isEqualTo(200);
    site.unpack(renewed);
    assertThat(status()).contains("\"issued\":1", "\"proven\":0");

    assertThat(publishes(old)).isTrue();
    assertThat(status()).contains("\"issued\":1", "\"proven\":0");

    assertThat(publishes(renewed)).isTrue();
    var end = Instant.now().plus(PATIENCE);
    while (!status().contains("\"proven\":1")) {
      assertThat(Instant.now()).as(status()).isBefore(end);
      Thread.sleep(200);
    }
    assertThat(publishes(old)).as("grace").isTrue();
  }

  private boolean publishes(Path device) {
    return EstSite.shell(
                device,
                "mosquitto_pub -h localhost -p "
                    + site.product.mqttPort()
                    + " --cafile ca.crt --cert device.crt --key device.key"
                    + " -i lamp-1 -q 1 -t devices/lamp-1/telemetry -m 21.5")
            .exit()
        == 0;
  }
}
