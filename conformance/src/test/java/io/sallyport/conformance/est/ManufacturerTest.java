package io.sallyport.conformance.est;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Ledger;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the manufacturer's certificate to the owner's, by curl, openssl and Bouncy Castle. */
class ManufacturerTest {
  // As 802.1AR has it, a certificate that does not end within anybody's life.
  private static final String FOR_EVER = "2900000";

  @TempDir static Path folder;
  private static EstSite site;
  private static FactoryLine acme;

  @BeforeAll
  static void open() throws Exception {
    Tool.need(Tool.CURL, Tool.OPENSSL, Tool.MOSQUITTO_PUB);
    site = new EstSite(folder, "  manufacturers: true\n", EstSite.NO_BANS);
    acme = new FactoryLine(folder, "acme", 0);
    var manifest = folder.resolve("manifest.csv");
    Files.writeString(
        manifest,
        """
        serial,id,type,attribute:room
        SN-1,lamp-1,lamp,hall
        SN-2,,,
        SN-3,,,
        SN-4,lamp-4,,
        SN-5,,,
        SN-6,,,
        SN-7,,,
        SN-8,,,
        SN-9,,,
        SN-10,,,
        SN-11,,,
        """);
    assertThat(
            site.product
                .cli(
                    "manufacturer",
                    "add",
                    "acme",
                    "--ca",
                    acme.ca().toString(),
                    "--serials",
                    manifest.toString())
                .expecting(0)
                .out())
        .contains("11 serial numbers listed");
  }

  @AfterAll
  static void close() {
    if (site != null) {
      site.close();
    }
  }

  /** A device that has left the factory, and a request for its own certificate. */
  private static Path device(String serial, String id) {
    var device = site.device(id);
    acme.issue(device, "/O=Acme/serialNumber=" + serial, FOR_EVER);
    return device;
  }

  private static int enrol(Path device) {
    return site.post(device, "simpleenroll", "--cert idevid.crt --key idevid.key");
  }

  @Test
  void aListedDeviceGetsItsOwnCertificateWhichMqttTakes() {
    var device = device("SN-1", "lamp-1");

    assertThat(enrol(device)).as(site.body(device)).isEqualTo(200);
    assertThat(site.unpack(device).out())
        .contains("subject=CN = lamp-1", "URI:urn:sallyport:device:lamp-1", "Sallyport Devices CA");
    EstSite.shell(device, publish("lamp-1", "device")).expecting(0);
    assertThat(site.product.cli("device", "show", "lamp-1", "--json").expecting(0).out())
        .contains("\"lamp\"", "\"hall\"", "default-device");
    new Ledger(site.product).expect("manufacturer-serial-used", "lamp-1", "SN-1");
    assertThat(site.product.cli("manufacturer", "serials", "list", "acme").expecting(0).out())
        .containsPattern("SN-1 +lamp-1 +spent");
    // It renews with what it has now, and not with what the factory gave it.
    var newer = site.device("lamp-1");
    assertThat(site.reenrol(device, newer)).as(site.body(newer)).isEqualTo(200);
  }

  private static String publish(String id, String files) {
    return "mosquitto_pub -V 5 -q 1 -h localhost -p "
        + site.product.mqttPort()
        + " --cafile ca.crt --cert "
        + files
        + ".crt --key "
        + files
        + ".key -i "
        + id
        + " -t devices/"
        + id
        + "/telemetry -m 21.5";
  }

  @Test
  void bouncyCastleComesWithItTooAndBringsARequestWithoutAName() throws Exception {
    var device = device("SN-2", "unused");
    var est = new EstClient(site);
    X509Certificate initial;
    try (var in = Files.newInputStream(device.resolve("idevid.crt"))) {
      initial = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    var pem = EstSite.text(device.resolve("idevid.key")).replaceAll("-----[^-]*-----|\\s", "");
    var key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    var shown = EstClient.shown(new KeyPair(initial.getPublicKey(), key), initial);
    var own = EstClient.keys();

    var issued =
        EstClient.only(
            est.connect(shown).simpleEnroll(false, EstClient.request("SN-2", own), null));

    assertThat(issued.getPublicKey()).isEqualTo(own.getPublic());
    assertThat(issued.getSubjectX500Principal().getName()).isEqualTo("CN=SN-2");
  }

  @Test
  void aSerialNumberServesOnce() {
    var first = device("SN-3", "SN-3");
    var second = device("SN-3", "SN-3");

    assertThat(enrol(first)).as(site.body(first)).isEqualTo(200);
    assertThat(enrol(second)).isEqualTo(403);
    assertThat(site.body(second)).contains("already");
    // The answer was lost: the same request has the same certificate.
    assertThat(enrol(first)).isEqualTo(200);
    assertThat(certificates("SN-3")).isEqualTo(1);
  }

  @Test
  void killedInTheMiddleTheSameRequestGetsTheSameCertificateAndNoOther() {
    var device = device("SN-11", "SN-11");
    var thief = device("SN-11", "SN-11");
    var running =
        Program.startLine(
            device,
            "for i in 1 2 3 4 5 6 7 8 9; do curl -sS --cacert ca.crt -o body -w '%{http_code}'"
                + " --cert idevid.crt --key idevid.key -H 'Content-Type: application/pkcs10'"
                + " --data-binary @csr.b64 "
                + site.url("simpleenroll")
                + "; done");
    site.product.kill();
    running.ended();
    site.product.restart();

    assertThat(enrol(device)).as(site.body(device)).isEqualTo(200);
    site.unpack(device);
    assertThat(enrol(thief)).isEqualTo(403);
    assertThat(certificates("SN-11")).isEqualTo(1);
    EstSite.shell(device, publish("SN-11", "device")).expecting(0);
  }

  @Test
  void whoIsNotListedOrNamesAnotherIsRefused() {
    var unlisted = device("SN-99", "SN-99");
    var thief = device("SN-4", "lamp-1");
    var spaced = device("SN 4", "lamp-4");

    assertThat(enrol(unlisted)).isEqualTo(403);
    assertThat(site.body(unlisted)).contains("not listed");
    assertThat(enrol(thief)).isEqualTo(400);
    assertThat(enrol(spaced)).isEqualTo(403);
    assertThat(site.product.cli("device", "show", "SN-99").exit()).isEqualTo(1);
    new Ledger(site.product).expect("enrolment-refused", "127.0.0.1");
  }

  @Test
  void anotherAuthorityOfTheSameNamesIsNotTheManufacturers() {
    var forger = new FactoryLine(folder, "forger", 0);
    var device = site.device("SN-5");
    forger.issue(device, "/O=Acme/serialNumber=SN-5", FOR_EVER);
    var selfSigned = site.device("SN-5");
    EstSite.shell(
            selfSigned,
            "cp device.key idevid.key && openssl req -x509 -key idevid.key -days 9 -subj"
                + " '/O=Acme/CN=Acme Device CA' -out idevid.crt")
        .expecting(0);

    assertThat(enrol(device)).isEqualTo(403);
    assertThat(site.body(device)).contains("no manufacturer");
    assertThat(enrol(selfSigned)).isEqualTo(403);
    assertThat(site.product.cli("device", "show", "SN-5").exit()).isEqualTo(1);
  }

  @Test
  void aDeviceSignsForNoOther() {
    var issuer = device("SN-6", "SN-6");
    EstSite.shell(
            issuer,
            "cp idevid.crt "
                + acme.folder.resolve("leaf.pem")
                + " && cp idevid.key "
                + acme.folder.resolve("leaf.key"))
        .expecting(0);
    var victim = site.device("SN-7");
    acme.sign(victim, "/O=Acme/serialNumber=SN-7", FOR_EVER, "leaf", "");
    EstSite.shell(victim, "cat idevid.crt " + acme.folder.resolve("leaf.pem") + " > chain.crt");

    assertThat(site.post(victim, "simpleenroll", "--cert chain.crt --key idevid.key"))
        .isEqualTo(403);
    assertThat(site.product.cli("device", "show", "SN-7").exit()).isEqualTo(1);
  }

  @Test
  void anExpiredOneAnAuthorityAndOneForServersOpenNothing() {
    var expired = site.device("SN-8");
    acme.issue(expired, "/O=Acme/serialNumber=SN-8", "-1");
    var authority = site.device("SN-8");
    acme.sign(
        authority,
        "/O=Acme/serialNumber=SN-8",
        FOR_EVER,
        "ca",
        "basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,digitalSignature,keyCertSign\\n");
    var server = site.device("SN-8");
    acme.sign(
        server,
        "/O=Acme/serialNumber=SN-8",
        FOR_EVER,
        "ca",
        "keyUsage=critical,digitalSignature\\nextendedKeyUsage=serverAuth\\n");
    var critical = site.device("SN-8");
    acme.sign(
        critical,
        "/O=Acme/serialNumber=SN-8",
        FOR_EVER,
        "ca",
        "keyUsage=critical,digitalSignature\\n1.2.3.4=critical,DER:0500\\n");

    assertThat(enrol(expired)).isEqualTo(403);
    assertThat(site.body(expired)).contains("expired");
    assertThat(enrol(authority)).isEqualTo(403);
    assertThat(enrol(server)).isEqualTo(403);
    assertThat(site.body(server)).contains("clientAuth");
    assertThat(enrol(critical)).isEqualTo(403);
    assertThat(site.product.cli("device", "show", "SN-8").exit()).isEqualTo(1);
  }

  @Test
  void theFactorysKeyIsNeverTheOwners() {
    var device = device("SN-9", "SN-9");
    EstSite.shell(
            device,
            "openssl req -new -key idevid.key -subj /CN=SN-9 -outform DER | base64 > csr.b64")
        .expecting(0);

    assertThat(enrol(device)).isEqualTo(403);
    assertThat(site.body(device)).contains("make a new one");
    // Nothing was spent.
    EstSite.shell(
            device,
            "openssl req -new -key device.key -subj /CN=SN-9 -outform DER | base64 > csr.b64")
        .expecting(0);
    assertThat(enrol(device)).as(site.body(device)).isEqualTo(200);
  }

  @Test
  void itOpensNeitherMqttNorARenewal() {
    var device = device("SN-10", "SN-10");

    assertThat(EstSite.shell(device, publish("SN-10", "idevid")).exit()).isNotZero();
    assertThat(site.post(device, "simplereenroll", "--cert idevid.crt --key idevid.key"))
        .isEqualTo(403);
    site.product.cli("manufacturer", "serials", "revoke", "acme", "SN-10").expecting(0);
    assertThat(enrol(device)).isEqualTo(403);
    assertThat(site.body(device)).contains("revoked");
  }

  private static int certificates(String id) {
    var shown = site.product.cli("device", "show", id, "--json").expecting(0).out();
    return new tools.jackson.databind.json.JsonMapper().readTree(shown).path("certificates").size();
  }
}
