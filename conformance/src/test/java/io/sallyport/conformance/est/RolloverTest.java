package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CA after another under a fleet of curl, openssl and mosquitto, in a server that runs on. */
class RolloverTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private EstSite site;

  @BeforeEach
  void open() throws Exception {
    Tool.need(Tool.CURL, Tool.OPENSSL, Tool.MOSQUITTO_PUB);
    site = new EstSite(folder, "", EstSite.NO_BANS);
    Files.writeString(folder.resolve("secret"), "long words");
    EstSite.shell(folder, "chmod 600 secret").expecting(0);
  }

  @AfterEach
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private Ran rollover(String... words) {
    var command = new String[words.length + 2];
    command[0] = "ca";
    command[1] = "rollover";
    System.arraycopy(words, 0, command, 2, words.length);
    return site.product.cli(command);
  }

  @Test
  void devicesMoveFromOneCaToTheNextAndNobodyIsCutOff() throws Exception {
    var one = site.enrolled("lamp-1");
    var two = site.enrolled("lamp-2");
    var watch = site.enrolled("watch");
    var listening = listen("watch", watch);

    assertThat(rollover("status").expecting(0).out()).contains("no rollover is under way");
    rollover("retire").expecting(1);
    rollover("begin", "devices").expecting(0);
    rollover("begin", "devices").expecting(1);
    eventually(() -> certificates(one, "--cert device.crt --key device.key") == 4);
    assertThat(status()).contains("\"stage\":\"begun\"", "\"devices\":3", "\"trusting\":1");
    assertThat(site.unpack(reenrolled("lamp-2", two)).out()).contains("Devices CA\n");

    activated();
    followed(2);
    var moved = reenrolled("lamp-1", one);
    assertThat(site.unpack(moved).out()).contains("Sallyport Devices CA G2");
    publishes("lamp-1", moved, 0);
    publishes("lamp-2", two, 0);
    assertThat(listening.out())
        .as("the session of before goes on")
        .containsOnlyOnce("sending CONNECT")
        .contains("received CONNACK");
    verifiesBelow(moved, "CN = Sallyport Devices CA G2");
    listsAndAnswersOfBoth(moved, two);

    assertThat(status()).contains("\"ready\":1", "\"id\":\"lamp-2\"", "\"retirable\":false");
    var refused = rollover("retire").expecting(1);
    assertThat(refused.err()).contains("1 of 3 devices are ready");
    rollover("retire", "--force").expecting(2);
    site.unpack(reenrolled("lamp-2", two));
    site.unpack(reenrolled("watch", watch));
    rollover("retire").expecting(0);

    // It was sent away: it ended, or it tries to come back.
    eventually(
        () -> !listening.isRunning() || listening.out().split("sending CONNECT", -1).length > 2);
    listening.terminate();
    eventually(() -> published("lamp-2", two) != 0);
    publishes("lamp-1", moved, 0);
    new Ledger(site.product).expect("ca-rollover-retired", "devices", "\"ready\":\"3\"");
    assertThat(certificates(moved, "")).isEqualTo(3);
    assertThatThrownBy(() -> site.post(moved, "simplereenroll", oldCertificate(two)))
        .hasMessageContaining("alert bad certificate");

    // Nothing of it is lost with the process.
    site.product.kill();
    site.product.restart();
    publishes("lamp-1", moved, 0);
    publishes("lamp-2", two, 1);
  }

  @Test
  void aNewRootIsReachedFromTheOldOneAndTheOldOneFromTheNew() throws Exception {
    var device = site.enrolled("lamp-1");
    Files.copy(site.ca(), folder.resolve("old.crt"));
    rollover(
            "begin",
            "root",
            "--new-root",
            folder.resolve("root2").toString(),
            "--passphrase-file",
            folder.resolve("secret").toString())
        .expecting(0);
    Files.copy(folder.resolve("root2/root.crt"), folder.resolve("new.crt"));
    eventually(() -> certificates(device, "") == 7);
    // Without the roots, or openssl takes a root that nobody trusts for the end of the way.
    EstSite.shell(
            device,
            "csplit -s -z -f part- chain.pem '/BEGIN/' '{*}'; for p in part-*; do openssl verify"
                + " -CAfile $p $p > verified 2>&1 || cat $p >> ../between.pem; done;"
                + " grep -c BEGIN ../between.pem | grep 5")
        .expecting(0);

    // RFC 4210, 4.4: whichever root is held on to, both issuers' certificates are reached.
    for (var anchor : new String[] {"old.crt", "new.crt"}) {
      EstSite.shell(
              folder,
              "openssl verify -x509_strict -CAfile "
                  + anchor
                  + " -untrusted between.pem "
                  + device.resolve("device.crt"))
          .expecting(0);
      // What the gate shows to a device of either root.
      shows(anchor);
    }

    activated();
    eventually(() -> rootOf("new.crt").equals(shownIssuerKey()));
    shows("old.crt");
    shows("new.crt");
    publishes("lamp-1", device, 0);

    rollover("retire").expecting(1);
    var given = folder.resolve("bundle");
    site.product.cli("device", "enroll", "lamp-2", "--bundle", given.toString()).expecting(0);
    EstSite.shell(
            given,
            "test $(grep -c BEGIN ca.crt) = 2 && openssl verify -CAfile ca.crt ../old.crt"
                + " ../new.crt")
        .expecting(0);
    assertThat(status()).contains("\"devices\":2", "\"trusting\":1", "\"id\":\"lamp-1\"");
    certificates(device, "--cert device.crt --key device.key");
    rollover("retire").expecting(0);
    eventually(() -> certificates(device, "--cacert ../new.crt") == 3);
    EstSite.shell(folder, "cp new.crt " + device.resolve("ca.crt")).expecting(0);
    publishes("lamp-1", device, 0);
    // The operator of this machine knows it by now.
    site.product.cli("device", "list").expecting(0);
  }

  @Test
  void aRootThatIsOffLineCertifiesWhatFollows() throws Exception {
    var device = site.enrolled("lamp-1");
    site.product
        .cli(
            "ca",
            "export",
            "--root-key",
            "--out",
            folder.resolve("root.pem").toString(),
            "--passphrase-file",
            folder.resolve("secret").toString())
        .expecting(0);
    EstSite.shell(
            folder,
            "mkdir -m 700 root && cp data/ca/root.crt root/ && cp root.pem root/root.key"
                + " && chmod 600 root/*")
        .expecting(0);
    site.product.cli("ca", "export", "--forget").expecting(0);
    rollover("begin", "devices").expecting(1);

    var requests = folder.resolve("r");
    site.product.cli("ca", "request", "--out", requests.toString()).expecting(0);
    var first = Files.readString(requests.resolve("devices.csr"));
    site.product.cli("ca", "request", "--out", requests.toString()).expecting(0);
    assertThat(Files.readString(requests.resolve("devices.csr"))).isEqualTo(first);
    signed("root", "c", requests.resolve("devices.csr"));
    var certificate = folder.resolve("c/devices.crt").toString();
    var root = folder.resolve("c/root.crt").toString();
    assertThat(
            site.product
                .cli(
                    "ca",
                    "install",
                    "--root",
                    root,
                    site.folder.resolve("data/ca/devices.crt").toString())
                .expecting(1)
                .err())
        .contains("rollover-key");
    site.product.cli("ca", "install", "--root", root, certificate).expecting(0);
    eventually(() -> certificates(device, "") == 4);
    activated();
    // Once for the request, too, which changes nothing.
    followed(3);
    assertThat(site.unpack(reenrolled("lamp-1", device)).out()).contains("CA G2");
    rollover("retire").expecting(0);

    // And a root after it, whose links are made off line too.
    ceremony("root", "--out", at("root2"));
    ceremony("link", "--old", at("root"), "--new", at("root2"), "--out", at("c2"));
    site.product.cli("ca", "request", "--new-root", "--out", at("r2")).expecting(0);
    signed("root2", "c2", folder.resolve("r2/devices.csr"), folder.resolve("r2/servers.csr"));
    site.product
        .cli(
            "ca",
            "install",
            "--root",
            at("c2/root.crt"),
            "--new-with-old",
            at("c2/new-with-old.crt"),
            "--old-with-new",
            at("c2/old-with-new.crt"),
            at("c2/devices.crt"),
            at("c2/servers.crt"))
        .expecting(0);
    eventually(() -> certificates(device, "") == 7);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private void signed(String root, String out, Path... requests) {
    var words = new java.util.ArrayList<String>();
    words.add("sign");
    for (var request : requests) {
      words.add(request.toString());
    }
    words.addAll(java.util.List.of("--root", at(root), "--out", at(out), "--yes"));
    ceremony(words.toArray(String[]::new));
  }

  /** Off line: no data directory is named. */
  private void ceremony(String... words) {
    var command = new String[words.length + 4];
    command[0] = "ca";
    command[1] = "ceremony";
    System.arraycopy(words, 0, command, 2, words.length);
    command[words.length + 2] = "--passphrase-file";
    command[words.length + 3] = at("secret");
    site.product.cliWithoutData(command).expecting(0);
  }

  private void activated() throws InterruptedException {
    var refused = rollover("activate");
    for (int attempt = 0; refused.exit() != 0 && attempt < 10; attempt++) {
      assertThat(refused.err()).contains("gateways get 5 s");
      Thread.sleep(1_000);
      refused = rollover("activate");
    }
    refused.expecting(0);
  }

  /** The server took what the registry holds, so many times by now. */
  private void followed(int times) throws InterruptedException {
    var word = "other authorities are in force";
    eventually(() -> site.product.said().split(word, -1).length > times);
  }

  private Program listen(String id, Path device) {
    var listening =
        Program.startLine(
            device,
            "stdbuf -oL mosquitto_sub -d -V 5 -h localhost -p "
                + site.product.mqttPort()
                + " --cafile ca.crt --cert device.crt --key device.key -i "
                + id
                + " -t devices/"
                + id
                + "/commands");
    return listening;
  }

  private int published(String id, Path device) {
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

  private void publishes(String id, Path device, int exit) {
    assertThat(published(id, device) == 0).isEqualTo(exit == 0);
  }

  private static String oldCertificate(Path device) {
    return "--cert " + device.resolve("device.crt") + " --key " + device.resolve("device.key");
  }

  private Path reenrolled(String id, Path device) {
    var newer = site.device(id);
    assertThat(site.reenrol(device, newer)).as(site.body(newer)).isEqualTo(200);
    return newer;
  }

  /** How many certificates EST tells of, as openssl counts them. */
  private int certificates(Path device, String options) {
    site.curl(device, "cacerts", options);
    var ran =
        EstSite.shell(
                device,
                "base64 -d body | openssl pkcs7 -inform DER -print_certs > chain.pem;"
                    + " grep -c BEGIN chain.pem")
            .out()
            .strip();
    return Integer.parseInt(ran);
  }

  private void verifiesBelow(Path device, String issuer) {
    certificates(device, "");
    assertThat(
            EstSite.shell(
                    device,
                    "openssl verify -x509_strict -show_chain -CAfile ca.crt -untrusted chain.pem"
                        + " device.crt")
                .expecting(0)
                .out())
        .contains(issuer);
  }

  /** Both lists are there, each signed by its own CA; both CAs answer for theirs. */
  private void listsAndAnswersOfBoth(Path moved, Path old) throws Exception {
    site.product.cli("device", "enroll", "gone", "--bundle", at("gone")).expecting(0);
    site.product.cli("device", "revoke", "gone").expecting(0);
    site.product.cli("ca", "crl", "--out", at("one.pem")).expecting(0);
    eventually(
        () ->
            site.product.cli("ca", "crl", "--generation", "2", "--out", at("two.pem")).exit() == 0
                && EstSite.shell(folder, "openssl crl -in two.pem -noout -text")
                    .out()
                    .contains("Serial Number"));
    EstSite.shell(folder, "openssl crl -in one.pem -noout -text | grep 'No Revoked'").expecting(0);
    EstSite.shell(
            moved,
            "cat ../one.pem ../two.pem > lists.pem && openssl verify -crl_check -CAfile ca.crt"
                + " -untrusted chain.pem -CRLfile lists.pem device.crt "
                + old.resolve("device.crt"))
        .expecting(0);
    assertThat(
            EstSite.shell(
                    moved,
                    "openssl verify -crl_check -CAfile ca.crt -untrusted chain.pem -CRLfile"
                        + " lists.pem ../gone/*.crt")
                .out())
        .doesNotContain("gone.crt: OK");
  }

  /** The gate's chain, verified by who holds on to that root alone. */
  private void shows(String anchor) {
    EstSite.shell(
            folder,
            "openssl s_client -connect localhost:"
                + site.product.mqttPort()
                + " -CAfile "
                + anchor
                + " -verify_return_error -verify_hostname localhost </dev/null 2>&1"
                + " | tee shown | grep -E 'Verif.*(OK|0 \\(ok\\))'")
        .expecting(0);
  }

  private String shownIssuerKey() {
    return EstSite.shell(
            folder,
            "openssl s_client -showcerts -connect localhost:"
                + site.product.mqttPort()
                + " </dev/null 2>/dev/null | awk '/BEGIN/{n++} n==3' | openssl x509 -noout -pubkey")
        .out();
  }

  private String rootOf(String file) {
    return EstSite.shell(folder, "openssl x509 -noout -pubkey -in " + file).out();
  }

  private String status() {
    return rollover("status", "--json").expecting(0).out().replaceAll("\\s", "");
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    var end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("in time").isBefore(end);
      Thread.sleep(200);
    }
  }
}
