package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A production line's claim, by curl and openssl: what it enrols, and what it never opens. */
class ClaimTest {
  @TempDir static Path folder;
  private static EstSite site;

  @BeforeAll
  static void open() {
    Tool.need(Tool.CURL, Tool.OPENSSL, Tool.MOSQUITTO_PUB);
    site = new EstSite(folder, "", EstSite.NO_BANS);
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  private static Path claim(String name, String batch, String count, String... more) {
    var out = folder.resolve("claim-" + name);
    var words =
        new ArrayList<>(
            java.util.List.of(
                "claim",
                "create",
                name,
                "--batch",
                batch,
                "--count",
                count,
                "--out",
                out.toString()));
    words.addAll(java.util.List.of(more));
    site.product.cli(words.toArray(String[]::new)).expecting(0);
    return out;
  }

  private static String shown(Path claim) {
    return "--cert " + claim.resolve("claim.crt") + " --key " + claim.resolve("claim.key");
  }

  private static int enrol(Path device, Path claim) {
    return site.post(device, "simpleenroll", shown(claim));
  }

  private static String publish(String id, Path certificate, Path key) {
    return "mosquitto_pub -V 5 -q 1 -h localhost -p "
        + site.product.mqttPort()
        + " --cafile ca.crt --cert "
        + certificate
        + " --key "
        + key
        + " -i "
        + id
        + " -t devices/"
        + id
        + "/telemetry -m 21.5";
  }

  @Test
  void aLineEnrolsItsDevicesWhichThenSpeakMqtt() {
    var claim = claim("line1", "b1", "2", "--ids", "lamp-*", "--type", "lamp");
    var device = site.device("lamp-1");

    assertThat(enrol(device, claim)).as(site.body(device)).isEqualTo(200);
    assertThat(site.unpack(device).out()).contains("subject=CN = lamp-1");
    EstSite.shell(
            device, publish("lamp-1", device.resolve("device.crt"), device.resolve("device.key")))
        .expecting(0);
    assertThat(site.product.cli("claim", "show", "line1").expecting(0).out())
        .contains("used     1 of 2", "device   lamp-1");
    assertThat(site.product.cli("device", "show", "lamp-1", "--json").expecting(0).out())
        .contains("\"lamp\"");
    new Ledger(site.product).expect("claim-used", "lamp-1", "line1", "b1");
    // The same request again is no second use.
    assertThat(enrol(device, claim)).isEqualTo(200);
    assertThat(site.product.cli("claim", "show", "line1").expecting(0).out())
        .contains("used     1 of 2");
  }

  @Test
  void aClaimIsNobodyAnywhereElse() {
    var claim = claim("line2", "b2", "1", "--ids", "line2,lamp-*");
    var device = site.device("lamp-20");

    assertThat(
            EstSite.shell(
                    device,
                    publish("line2", claim.resolve("claim.crt"), claim.resolve("claim.key")))
                .exit())
        .isNotZero();
    assertThat(site.post(device, "simplereenroll", shown(claim))).isEqualTo(403);
    assertThat(
            EstSite.shell(
                    claim, "openssl x509 -in claim.crt -noout -ext extendedKeyUsage,subjectAltName")
                .out())
        .contains("URI:urn:sallyport:claim:line2")
        .doesNotContain("TLS Web Client");
    // Nor does its key become a device's.
    EstSite.shell(
            device,
            "openssl req -new -key "
                + claim.resolve("claim.key")
                + " -subj /CN=lamp-20 -outform DER | base64 > csr.b64")
        .expecting(0);
    assertThat(enrol(device, claim)).isEqualTo(403);
  }

  @Test
  void neverMoreThanItsCountHoweverManyComeAtOnce() {
    var claim = claim("line3", "b3", "3", "--ids", "bulb-*");
    var devices = IntStream.range(0, 8).mapToObj(n -> site.device("bulb-" + n)).toList();
    var running = new ArrayList<Program>();

    for (var device : devices) {
      running.add(
          Program.startLine(
              device,
              "curl -sS --cacert ca.crt -o body -w '%{http_code}' "
                  + shown(claim)
                  + " -H 'Content-Type: application/pkcs10' --data-binary @csr.b64 "
                  + site.url("simpleenroll")));
    }

    var answers = running.stream().map(one -> one.ended().out().strip()).toList();
    assertThat(answers).filteredOn("200"::equals).hasSize(3);
    assertThat(answers).filteredOn("403"::equals).hasSize(5);
    new Ledger(site.product).expect("claim-abused", "line3", "over-count");
  }

  @Test
  void oneForOtherIdsOrOutsideOfItsWindowRaisesTheAlarm() {
    var other = claim("line4", "b4", "5", "--ids", "pump-?");
    var later = Instant.now().plus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS).toString();
    var early = claim("line5", "b4", "5", "--ids", "*", "--from", later, "--valid", "1d");
    var device = site.device("valve-1");

    assertThat(enrol(device, other)).isEqualTo(403);
    assertThat(site.body(device)).contains("not for this id");
    assertThat(enrol(device, early)).isEqualTo(403);
    new Ledger(site.product).expect("claim-abused", "line4", "foreign-id");
    new Ledger(site.product).expect("claim-abused", "line5", "outside-window");
  }

  @Test
  void aBatchIsKilledAtOnce() {
    var one = claim("line6", "b6", "5", "--ids", "*");
    var two = claim("line7", "b6", "5", "--ids", "*");
    var before = site.device("killed-1");
    assertThat(enrol(before, one)).isEqualTo(200);

    assertThat(site.product.cli("claim", "kill", "--batch", "b6").expecting(0).out())
        .contains("2 claims");

    assertThat(enrol(site.device("killed-2"), one)).isEqualTo(403);
    assertThat(enrol(site.device("killed-3"), two)).isEqualTo(403);
    // Nor is an old answer given again.
    assertThat(enrol(before, one)).isEqualTo(403);
    assertThat(site.product.cli("claim", "show", "line6").expecting(0).out())
        .contains("state    killed", "device   killed-1");
    new Ledger(site.product).expect("claim-killed", "line7");
    new Ledger(site.product).expect("claim-abused", "line7", "killed");
  }

  @Test
  void whatIsUsedTooFastHasToWait() {
    var claim = claim("line8", "b8", "5", "--ids", "*", "--per-minute", "1");

    assertThat(enrol(site.device("fast-1"), claim)).isEqualTo(200);
    var second = site.device("fast-2");
    int status = enrol(second, claim);
    // A minute may just have begun.
    assertThat(status == 200 ? enrol(site.device("fast-3"), claim) : status).isEqualTo(503);
  }
}
