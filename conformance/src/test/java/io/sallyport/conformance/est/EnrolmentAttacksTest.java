package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody may try who wants a certificate that is not meant for him. */
class EnrolmentAttacksTest {
  @TempDir static Path folder;
  private static EstSite site;

  @BeforeAll
  static void open() {
    Tool.need(Tool.CURL, Tool.OPENSSL);
    site = new EstSite(folder, "", EstSite.NO_BANS);
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void aTokenServesOnceAndOnlyItsOwner() {
    var token = site.token("lock-1");
    var thief = site.device("lock-2");
    var forger = site.device("lock-1", "/CN=lock-2");
    var owner = site.device("lock-1");
    var late = site.device("lock-1");

    assertThat(site.enrol(thief, "lock-2", token)).isEqualTo(401);
    assertThat(site.enrol(forger, "lock-1", token)).isEqualTo(400);
    assertThat(site.enrol(owner, "lock-1", token + "x")).isEqualTo(401);
    assertThat(site.enrol(owner, "lock-1", token)).isEqualTo(200);
    assertThat(site.enrol(late, "lock-1", token)).isEqualTo(403);
    assertThat(site.body(late)).contains("used already");
    // Whoever lost the answer has it again; nothing more is issued.
    assertThat(site.enrol(owner, "lock-1", token)).isEqualTo(200);
    assertThat(certificates("lock-1")).isEqualTo(1);
    assertThat(site.product.cli("device", "show", "lock-2").exit()).isEqualTo(1);
    assertThat(site.product.said()).doesNotContain(token);
  }

  @Test
  void ofManyWhoShowOneTokenAtOnceExactlyOneGetsIn() {
    var token = site.token("lock-3");
    var devices = IntStream.range(0, 8).mapToObj(_ -> site.device("lock-3")).toList();
    var running = new ArrayList<Program>();

    for (var device : devices) {
      running.add(
          Program.startLine(
              device,
              "curl -sS --cacert ca.crt -o body -w '%{http_code}' -u lock-3:"
                  + token
                  + " -H 'Content-Type: application/pkcs10' --data-binary @csr.b64 "
                  + site.url("simpleenroll")));
    }

    var answers = running.stream().map(one -> one.ended().out().strip()).toList();
    assertThat(answers)
        .containsOnlyOnce("200")
        .allMatch(one -> List.of("200", "403").contains(one));
    assertThat(certificates("lock-3")).isEqualTo(1);
  }

  @Test
  void aRevokedOrExpiredTokenIsGoodForNothing() {
    var device = site.device("lock-4");
    var revoked = site.token("lock-4");
    var name =
        site.product
            .cli("enrolment", "token", "list")
            .expecting(0)
            .out()
            .lines()
            .filter(line -> line.contains("lock-4"))
            .map(line -> line.strip().substring(0, 16))
            .findFirst()
            .orElseThrow();
    site.product.cli("enrolment", "token", "revoke", name).expecting(0);
    var short1 = site.token("lock-4", "--good-for", "1s");

    assertThat(site.enrol(device, "lock-4", revoked)).isEqualTo(401);
    Patience.until("the token's end", () -> site.enrol(device, "lock-4", short1) == 401);
    assertThat(site.product.cli("enrolment", "token", "revoke", name).exit()).isEqualTo(1);
    new Ledger(site.product).expect("enrolment-token-revoked", "lock-4", name);
  }

  @Test
  void anIdThatExistsIsNeverTakenOver() {
    var second = site.token("lock-5");
    site.enrolled("lock-5");
    var thief = site.device("lock-5");

    assertThat(site.enrol(thief, "lock-5", second)).isEqualTo(403);
    assertThat(site.body(thief)).contains("already");
    assertThat(site.product.cli("enrolment", "token", "create", "lock-5").exit()).isEqualTo(1);
    assertThat(certificates("lock-5")).isEqualTo(1);
  }

  @Test
  void aKeyThatWasEverSeenServesNobodyElse() {
    var owner = site.enrolled("lock-6");
    var other = site.device("lock-7");
    EstSite.shell(
            other,
            "cp '"
                + owner.resolve("device.key")
                + "' device.key && openssl req -new -key device.key -subj /CN=lock-7 -outform DER |"
                + " base64 > csr.b64")
        .expecting(0);

    assertThat(site.enrol(other, "lock-7", site.token("lock-7"))).isEqualTo(403);
    assertThat(site.body(other)).contains("seen before");
    // Nor its owner for the successor.
    assertThat(site.reenrol(owner, owner)).isEqualTo(403);
    assertThat(site.body(owner)).contains("seen before");
  }

  @Test
  void aRenewalIsForTheOneWhoShowsTheCertificate() {
    var owner = site.enrolled("lock-8");
    var foreign = site.device("lock-9");
    var authority =
        "openssl req -new -key device.key -subj /CN=lock-8 -addext"
            + " basicConstraints=critical,CA:TRUE -outform DER | base64 > csr.b64";
    var greedy = site.device("lock-8");
    EstSite.shell(greedy, authority).expecting(0);
    var san = site.device("lock-8");
    EstSite.shell(
            san,
            "openssl req -new -key device.key -subj /CN=lock-8 -addext"
                + " subjectAltName=URI:urn:sallyport:device:lock-9 -outform DER | base64 > csr.b64")
        .expecting(0);

    assertThat(site.reenrol(owner, foreign)).isEqualTo(400);
    assertThat(site.reenrol(owner, greedy)).isEqualTo(400);
    assertThat(site.reenrol(owner, san)).isEqualTo(400);
    assertThat(certificates("lock-8")).isEqualTo(1);
  }

  @Test
  void activeCertificatesOfOneDeviceAreBounded() {
    var owner = site.enrolled("lock-10");
    var more = IntStream.range(0, 3).mapToObj(_ -> site.device("lock-10")).toList();

    assertThat(site.reenrol(owner, more.get(0))).isEqualTo(200);
    assertThat(site.reenrol(owner, more.get(1))).isEqualTo(200);
    assertThat(site.reenrol(owner, more.get(2))).isEqualTo(403);
    assertThat(site.body(more.get(2))).contains("3 active certificates");
    // The answer was lost: the same request gets the same certificate.
    assertThat(site.reenrol(owner, more.get(1))).isEqualTo(200);
    assertThat(certificates("lock-10")).isEqualTo(3);
  }

  @Test
  void whoIsQuarantinedOrRevokedRenewsNothing() {
    for (var how : List.of("quarantine", "revoke")) {
      var id = "lock-" + how;
      var owner = site.enrolled(id);
      var newer = site.device(id);
      site.product.cli("device", how, id).expecting(0);

      var ran =
          EstSite.shell(
              newer,
              "curl -sS --cacert ca.crt -o body -w '%{http_code}' -H 'Content-Type:"
                  + " application/pkcs10' --data-binary @csr.b64 --cert "
                  + owner.resolve("device.crt")
                  + " --key "
                  + owner.resolve("device.key")
                  + " "
                  + site.url("simplereenroll"));

      // In the handshake already, like MQTT.
      assertThat(ran.exit()).as(ran.said()).isNotZero();
      assertThat(certificates(id)).isEqualTo(1);
    }
  }

  @Test
  void aForeignCertificateIsRefusedInTheHandshake() {
    var stranger = site.device("lock-11");
    EstSite.shell(
            stranger, "openssl req -x509 -key device.key -subj /CN=lock-11 -days 9 -out device.crt")
        .expecting(0);

    var ran =
        EstSite.shell(
            stranger,
            "curl -sS --cacert ca.crt --cert device.crt --key device.key " + site.url("cacerts"));

    assertThat(ran.exit()).as(ran.said()).isNotZero();
  }

  /** How many a device has. */
  private static long certificates(String id) {
    var shown = site.product.cli("device", "show", id, "--json").expecting(0).out();
    return java.util.regex.Pattern.compile("\"serial\"").matcher(shown).results().count();
  }
}
