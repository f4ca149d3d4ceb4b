package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Tool;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.identity.PrincipalKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Devices that slept beyond the end of their certificate, with curl and openssl. */
@Timeout(300)
class ExpiredTest {
  private static final String TLS = " --cert device.crt --key device.key";

  @TempDir Path folder;

  @BeforeAll
  static void need() {
    Tool.need(Tool.CURL, Tool.OPENSSL, Tool.MOSQUITTO_PUB);
  }

  /** An installation whose devices were enrolled for a day, so long ago. */
  private void enrolled(Map<String, Duration> devices) {
    var now = new AtomicReference<>(Instant.now().minus(Duration.ofDays(60)));
    var machine = new Machine(now::get, System::nanoTime, Map.of(), Terminal.ofProcess(Map.of()));
    try (var installation =
        Installation.open(
            new DataDirectory(folder.resolve("data")), Configuration.defaults(), machine, true)) {
      devices.entrySet().stream()
          .sorted(Map.Entry.<String, Duration>comparingByValue().reversed())
          .forEach(
              entry -> {
                now.set(Instant.now().minus(entry.getValue()));
                enrol(installation, entry.getKey());
              });
    }
  }

  private void enrol(Installation installation, String id) {
    try {
      var device = Files.createDirectory(folder.resolve(id));
      EstSite.shell(
              device,
              "openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt"
                  + " -out device.key && openssl req -new -key device.key -subj /CN="
                  + id
                  + " -out device.csr")
          .expecting(0);
      Files.copy(folder.resolve("data/ca/root.crt"), device.resolve("ca.crt"));
      var answer =
          installation
              .control()
              .enroller()
              .enrol(
                  new EnrolmentRequest(
                      PrincipalKind.DEVICE,
                      id,
                      Files.readString(device.resolve("device.csr")),
                      Map.of(),
                      "",
                      null,
                      1),
                  "test");
      assertThat(answer).isInstanceOf(Enrolment.Issued.class);
      Files.writeString(
          device.resolve("device.crt"), ((Enrolment.Issued) answer).certificate().pem());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The code of mosquitto_pub. */
  private static int publishes(EstSite site, String id, Path device) {
    return EstSite.shell(
            device,
            "mosquitto_pub -V 5 -q 1 -h localhost -p "
                + site.product.mqttPort()
                + " --cafile ca.crt --cert device.crt --key device.key -i "
                + id
                + " -t devices/"
                + id
                + "/telemetry -m 21.5")
        .exit();
  }

  private static int refusedByCurl(EstSite site, Path device) {
    return EstSite.shell(
            device,
            "openssl req -new -key device.key -subj /CN=x -outform DER | base64 > csr.b64; curl -sS"
                + " --cacert ca.crt"
                + TLS
                + " -H 'Content-Type: application/pkcs10' --data-binary @csr.b64 "
                + site.url("simplereenroll"))
        .exit();
  }

  @Test
  void whatExpiredYesterdayRenewsAndConnectsAndDoesNothingElse() {
    enrolled(
        Map.of(
            "ancient", Duration.ofDays(40),
            "sleeper", Duration.ofDays(2),
            "stolen", Duration.ofDays(2)));
    try (var site = new EstSite(folder, "", "renewal:\n  expired: allow\n" + EstSite.NO_BANS)) {
      var sleeper = folder.resolve("sleeper");
      assertThat(publishes(site, "sleeper", sleeper)).as("MQTT is closed to it").isNotZero();
      assertThat(site.curl(sleeper, "cacerts", TLS)).isEqualTo(200);
      var newer = site.device("sleeper");
      var shown =
          " --cert " + sleeper.resolve("device.crt") + " --key " + sleeper.resolve("device.key");
      assertThat(site.post(newer, "simpleenroll", shown)).isEqualTo(403);
      var other = site.device("other");
      assertThat(site.post(other, "simpleenroll", shown + " -u other:" + site.token("other")))
          .isEqualTo(403);

      assertThat(site.reenrol(sleeper, newer)).as(site.body(newer)).isEqualTo(200);
      site.unpack(newer);
      assertThat(publishes(site, "sleeper", newer)).isZero();
      new Ledger(site.product).expect("expired-certificate-renewed", "sleeper");

      var again = site.device("sleeper");
      assertThat(site.reenrol(sleeper, again)).isEqualTo(403);
      assertThat(site.body(again)).contains("has a successor already");
      assertThat(publishes(site, "sleeper", sleeper)).as("and stays so").isNotZero();

      assertThat(refusedByCurl(site, folder.resolve("ancient"))).isNotZero();
      site.product.cli("device", "revoke", "stolen").expecting(0);
      assertThat(refusedByCurl(site, folder.resolve("stolen"))).isNotZero();
      new Ledger(site.product).expect("handshake-refused", "ancient", "too long ago to be renewed");
    }
  }

  @Test
  void anOperatorLetsItInUnlessTheConfigurationSaysOtherwise() {
    enrolled(Map.of("sleeper", Duration.ofDays(2)));
    try (var site = new EstSite(folder, "", EstSite.NO_BANS)) {
      var sleeper = folder.resolve("sleeper");
      var newer = site.device("sleeper");
      assertThat(site.reenrol(sleeper, newer)).as(site.body(newer)).isEqualTo(202);
      assertThat(site.headers(newer)).containsIgnoringCase("retry-after: ");
      assertThat(site.product.cli("enrolment", "list").expecting(0).out())
          .contains("sleeper", "pending", "renewal");
      site.product.cli("enrolment", "approve", "sleeper", "--type", "lamp").expecting(2);
      site.product.cli("enrolment", "approve", "sleeper").expecting(0);

      assertThat(site.reenrol(sleeper, newer)).as(site.body(newer)).isEqualTo(200);
      site.unpack(newer);
      assertThat(publishes(site, "sleeper", newer)).isZero();
    }
  }
}
