package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EST as curl and openssl speak it: the vectors of RFC 7030 and RFC 8951. */
class CurlTest {
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

  @Test
  void aTokenBringsACertificateThatMqttTakesAndThatRenewsItself() throws Exception {
    var device = site.device("lamp-1");
    var token = site.token("lamp-1", "--type", "lamp", "--attribute", "room=hall");

    assertThat(site.enrol(device, "lamp-1", token)).as(site.body(device)).isEqualTo(200);
    assertThat(site.headers(device).toLowerCase(java.util.Locale.ROOT))
        .contains("content-type: application/pkcs7-mime; smime-type=certs-only")
        .doesNotContain("content-transfer-encoding");
    assertThat(site.unpack(device).out())
        .contains("subject=CN = lamp-1")
        .contains("URI:urn:sallyport:device:lamp-1")
        .contains("Sallyport Devices CA");
    // RFC 7030, 4.2.3: the certificate alone.
    assertThat(EstSite.text(device.resolve("device.crt"))).containsOnlyOnce("BEGIN CERTIFICATE");
    publishes("lamp-1", device);
    assertThat(site.product.cli("device", "show", "lamp-1", "--json").expecting(0).out())
        .contains("\"lamp\"", "\"hall\"", "default-device");

    var newer = site.device("lamp-1");
    assertThat(site.reenrol(device, newer)).as(site.body(newer)).isEqualTo(200);
    site.unpack(newer);
    publishes("lamp-1", newer);
    // Make before break: the old one goes on until it is retired.
    publishes("lamp-1", device);
    assertThat(Files.readString(newer.resolve("device.crt")))
        .isNotEqualTo(Files.readString(device.resolve("device.crt")));
    new Ledger(site.product).expect("certificate-issued", "lamp-1", "succeeds");
  }

  private static void publishes(String id, Path device) {
    EstSite.shell(
            device,
            "mosquitto_pub -V 5 -q 1 -h localhost -p "
                + site.product.mqttPort()
                + " --cafile ca.crt --cert device.crt --key device.key -i "
                + id
                + " -t devices/"
                + id
                + "/telemetry -m 21.5")
        .expecting(0);
  }

  @Test
  void cacertsNeedNothingAndLeadToTheRoot() {
    var device = site.device("lamp-2");

    assertThat(site.curl(device, "cacerts", "")).isEqualTo(200);
    EstSite.shell(
            device,
            "base64 -d body | openssl pkcs7 -inform DER -print_certs > chain.pem"
                + " && openssl verify -CAfile ca.crt chain.pem")
        .expecting(0);
    assertThat(EstSite.text(device.resolve("chain.pem")))
        .contains("Sallyport Devices CA", "Sallyport Servers CA", "Sallyport Root CA");
    // ContentInfo of signedData, version 1, no digest algorithms, no content.
    assertThat(EstSite.shell(device, "base64 -d body | xxd -p | tr -d '\\n'").out())
        .matches(
            "3082....06092a864886f70d010702a082....3082....0201013100300b06092a864886f70d010701a0.*3100");
    assertThat(site.curl(device, "devices/cacerts", "")).isEqualTo(200);
  }

  @Test
  void nothingIsAskedOfARequest() {
    assertThat(site.curl(site.device("lamp-3"), "csrattrs", "")).isEqualTo(204);
  }

  @Test
  void withoutATokenItIsChallenged() {
    var device = site.device("lamp-4");

    assertThat(site.post(device, "simpleenroll", "")).isEqualTo(401);
    assertThat(site.headers(device).toLowerCase(java.util.Locale.ROOT))
        .contains("www-authenticate: basic realm=\"sallyport\"");
    assertThat(site.post(device, "simplereenroll", "")).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cat csr.b64",
        "tr -d '\\n' < csr.b64",
        "sed 's/$/\\r/' csr.b64",
        "sed 's/./& /g; s/$/\\t\\n/' csr.b64"
      })
  void anyWhiteSpaceIsTaken(String how) {
    var id = "space-" + Integer.toHexString(how.hashCode());
    var device = site.device(id);
    EstSite.shell(device, how + " > other && mv other csr.b64").expecting(0);

    assertThat(site.enrol(device, id, site.token(id))).as(site.body(device)).isEqualTo(200);
    site.unpack(device);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-H 'Content-Transfer-Encoding: base64'",
        "-H 'Content-Transfer-Encoding: whatever'",
        "-H 'Transfer-Encoding: chunked'",
        "-H 'Expect: 100-continue'",
        "-H 'Content-Type: Application/PKCS10; charset=us-ascii' -H 'X-Nothing: at all'"
      })
  void headersThatMeanNothingChangeNothing(String header) {
    var id = "header-" + Integer.toHexString(header.hashCode());
    var device = site.device(id);
    var type = header.contains("Content-Type") ? "" : " -H 'Content-Type: application/pkcs10'";

    int status =
        site.curl(
            device,
            "simpleenroll",
            "-u " + id + ":" + site.token(id) + type + " --data-binary @csr.b64 " + header);

    assertThat(status).as(site.body(device)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '"',
      value = {
        "openssl req -new -key device.key -subj /CN=ID @ 400",
        "head -c 101 csr.b64 @ 400",
        "head -c 100 csr.b64 @ 400",
        "echo -n @ 400",
        "echo '!!!!' @ 400",
        "base64 -d csr.b64 @ 400",
        "base64 -d csr.b64 | head -c -1 | base64 @ 400",
        "(base64 -d csr.b64; echo x) | base64 @ 400",
        "(base64 -d csr.b64 | head -c -1; printf '\\377') | base64 @ 400",
        "openssl req -new -key device.key -subj /CN=other -outform DER | base64 @ 400",
        "openssl req -new -key device.key -subj /CN=ID/O=x -outform DER | base64 @ 400",
        "head -c 8193 /dev/zero | tr '\\0' A @ 413",
      })
  void whatIsNoRequestOfThisDeviceIsRefusedWithTheReason(String how, int expected) {
    var id = "bad-" + Integer.toHexString(how.hashCode());
    var device = site.device(id);
    var token = site.token(id);
    EstSite.shell(device, "(" + how.replace("ID", id) + ") > other").expecting(0);

    int status =
        site.curl(
            device,
            "simpleenroll",
            "-u "
                + id
                + ":"
                + token
                + " -H 'Content-Type: application/pkcs10' --data-binary @other");

    assertThat(status).as(site.body(device)).isEqualTo(expected);
    assertThat(site.headers(device)).containsIgnoringCase("content-type: text/plain");
    assertThat(site.body(device)).isNotBlank();
    // Nothing was spent.
    assertThat(site.enrol(device, id, token)).as(site.body(device)).isEqualTo(200);
  }

  @Test
  void eightKibibytesAreReadAndOneMoreIsNot() {
    var device = site.device("lamp-5");
    var spaces = "csr.b64; head -c $((SIZE - $(wc -c < csr.b64))) /dev/zero | tr '\\0' ' '";
    EstSite.shell(device, "(cat " + spaces.replace("SIZE", "8192") + ") > b; mv b csr.b64");

    assertThat(site.enrol(device, "lamp-5", site.token("lamp-5"))).isEqualTo(200);

    var other = site.device("lamp-6");
    EstSite.shell(other, "(cat " + spaces.replace("SIZE", "8193") + ") > b; mv b csr.b64");
    assertThat(site.enrol(other, "lamp-6", site.token("lamp-6"))).isEqualTo(413);
    assertThat(site.post(other, "simpleenroll", "-H 'Transfer-Encoding: chunked' -u a:b"))
        .isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "cacerts,-X HEAD -I,405",
    "cacerts,-X POST -d x,405",
    "simpleenroll,,405",
    "simpleenroll,-X PUT -d x,405",
    "csrattrs,-X DELETE,405",
    "serverkeygen,-d x,404",
    "fullcmc,-d x,404",
    "nonsense,,404",
    "nolabel/cacerts,,404",
    "devices/nonsense,,404",
    "simpleenroll,-u a:b -d x,415",
    "simpleenroll,-u a:b -d x -H 'Content-Type: application/pkcs10x',415",
    "CACERTS,,404",
    "cacerts/,,404",
    "cacerts?x=1,,404",
    "%63acerts,,404",
  })
  void everythingElseHasItsStatus(String operation, String options, int expected) {
    var device = folder;
    EstSite.shell(device, "cp data/ca/root.crt ca.crt");

    int status = site.curl(device, operation, options == null ? "" : options);

    assertThat(status).isEqualTo(expected);
  }

  @Test
  void oneConnectionTakesSeveralRequests() {
    var device = site.device("lamp-7");
    var url = site.url("cacerts");

    var ran =
        EstSite.shell(
            device, "curl -sS -v --cacert ca.crt -o a " + url + " -o b " + url + " -o c " + url);

    assertThat(ran.expecting(0).said()).contains("Re-using existing connection");
    assertThat(EstSite.text(device.resolve("c"))).isEqualTo(EstSite.text(device.resolve("a")));
  }
}
