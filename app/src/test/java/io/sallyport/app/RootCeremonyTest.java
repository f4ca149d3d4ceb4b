package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The root made off line, by our commands and by openssl, and everything that must not pass. */
class RootCeremonyTest {
  private static final String RIGHT =
      "basicConstraints=critical,CA:TRUE,pathlen:0;keyUsage=critical,keyCertSign,cRLSign;"
          + "subjectKeyIdentifier=hash;authorityKeyIdentifier=keyid";

  @TempDir private Path folder;
  private CommandLine online;
  private CommandLine offline;

  @BeforeEach
  void begins() throws Exception {
    online = new CommandLine(folder.resolve("on"));
    offline =
        new CommandLine(folder.resolve("off")).with("SALLYPORT_ROOT_PASSPHRASE", "long words");
  }

  @Test
  void ourRootCertifiesAndTheKeyNeverComesOnline() throws Exception {
    request();
    ceremony();

    shell("openssl verify -x509_strict -CAfile c/root.crt c/devices.crt c/servers.crt");
    assertThat(install("c/root.crt", "c/devices.crt", "c/servers.crt").code()).isZero();
    assertThat(folder.resolve("on/ca/root.key")).doesNotExist();
    assertThat(folder.resolve("on/ca.pending")).doesNotExist();
    assertThat(online.run("ca", "keys").out()).containsPattern("root +elsewhere");
    var transcript = folder.resolve("root/transcript.txt");
    assertThat(Files.readString(transcript)).contains("root made", "devices certified");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(transcript)))
        .isEqualTo("rw-------");
    // Once more is an answer, and it is no.
    assertThat(install("c/root.crt", "c/devices.crt", "c/servers.crt").code()).isEqualTo(1);
  }

  @Test
  void nothingIsSignedWithoutConsent() {
    request();
    var ran = offline.bare("ca", "ceremony", "root", "--out", at("root"));
    assertThat(ran.code()).isZero();
    var refused =
        offline.bare(
            "ca", "ceremony", "sign", at("r/devices.csr"), "--root", at("root"), "--out", at("c"));

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--yes");
    assertThat(folder.resolve("c")).doesNotExist();
  }

  @Test
  void aRequestThatWasTamperedWithIsRefused() throws Exception {
    request();
    assertThat(offline.bare("ca", "ceremony", "root", "--out", at("root")).code()).isZero();
    shell("openssl ecparam -genkey -name prime256v1 -noout -out o.key");
    shell("openssl req -new -key o.key -subj '/CN=Another CA' -out subject.csr");
    shell(
        "openssl req -in r/devices.csr -outform DER -out d.der; size=$(wc -c < d.der);"
            + " printf '\\001' | dd of=d.der bs=1 seek=$((size - 1)) conv=notrunc 2> dd.log;"
            + " openssl req -inform DER -in d.der -out proof.csr || { echo '-----BEGIN CERTIFICATE"
            + " REQUEST-----'; base64 -w 64 d.der; echo '-----END CERTIFICATE REQUEST-----'; }"
            + " > proof.csr");

    assertThat(sign("subject.csr").err()).contains("request-subject");
    assertThat(sign("proof.csr").err()).contains("request-proof");
    assertThat(folder.resolve("c/devices.crt")).doesNotExist();
  }

  /** A root that our commands never saw. */
  @Test
  void anOpensslRootCertifiesToo() throws Exception {
    request();
    opensslRoot("ec:P-384", 3650);
    opensslSigns("devices", RIGHT, "-sha384", 1800);
    opensslSigns("servers", RIGHT, "-sha384", 1800);

    var ran = install("o.crt", "devices.crt", "servers.crt");
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "install-path-length | pathlen:0 | pathlen:1 | -sha256 | 1800",
        "install-path-length | CA:TRUE,pathlen:0 | CA:FALSE | -sha256 | 1800",
        "install-key-usage | keyCertSign,cRLSign | keyCertSign | -sha256 | 1800",
        "install-key-usage | cRLSign | cRLSign,keyAgreement | -sha256 | 1800",
        "install-extended-key-usage | authorityKey | extendedKeyUsage=clientAuth;authorityKey |"
            + " -sha256 | 1800",
        "install-algorithm | pathlen:0 | pathlen:0 | -sha1 | 1800",
        "install-validity | pathlen:0 | pathlen:0 | -sha256 | 5",
        "install-validity | pathlen:0 | pathlen:0 | -sha256 | 9000"
      })
  void aBadAnswerIsRefusedByItsRule(String rule, String right, String wrong, String hash, int days)
      throws Exception {
    request();
    opensslRoot("ec:P-256", 3650);
    opensslSigns("devices", RIGHT.replace(right, wrong), hash, days);
    opensslSigns("servers", RIGHT, "-sha256", 1800);

    var ran = install("o.crt", "devices.crt", "servers.crt");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains(rule);
    assertThat(folder.resolve("on/ca")).doesNotExist();
    assertThat(folder.resolve("on/ca.pending")).exists();
  }

  @Test
  void anotherKeyAndAnotherRootAreRefused() throws Exception {
    request();
    ceremony();
    opensslRoot("ec:P-256", 3650);
    shell("openssl ecparam -genkey -name prime256v1 -noout -out x.key");
    shell("openssl req -new -key x.key -subj '/CN=Sallyport Devices CA' -out r/devices.csr");
    opensslSigns("devices", RIGHT, "-sha256", 1800);

    assertThat(install("o.crt", "devices.crt", "c/servers.crt").err()).contains("install-key");
    assertThat(install("o.crt", "c/devices.crt", "c/servers.crt").err()).contains("install-issuer");
    assertThat(install("c/root.crt", "c/servers.crt", "c/servers.crt").err())
        .contains("install-subject");
    assertThat(install("c/devices.crt", "c/devices.crt", "c/servers.crt").err())
        .contains("root-self-signed");
  }

  private void request() {
    var ran = online.run("ca", "request", "--out", at("r"));
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  private void ceremony() {
    assertThat(offline.bare("ca", "ceremony", "root", "--out", at("root")).code()).isZero();
    var ran =
        offline.bare(
            "ca",
            "ceremony",
            "sign",
            at("r/devices.csr"),
            at("r/servers.csr"),
            "--root",
            at("root"),
            "--out",
            at("c"),
            "--yes");
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  private CommandLine.Ran sign(String request) {
    return offline.bare(
        "ca", "ceremony", "sign", at(request), "--root", at("root"), "--out", at("c"), "--yes");
  }

  private CommandLine.Ran install(String root, String devices, String servers) {
    return online.run("ca", "install", "--root", at(root), at(devices), at(servers));
  }

  private void opensslRoot(String key, int days) throws Exception {
    shell(
        "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:"
            + key.substring(3)
            + " -subj '/O=Example/CN=Example Root' -days "
            + days
            + " -addext keyUsage=critical,keyCertSign,cRLSign -keyout o.key -out o.crt");
  }

  private void opensslSigns(String name, String extensions, String hash, int days)
      throws Exception {
    Files.writeString(folder.resolve("e.cnf"), extensions.replace(';', '\n') + "\n");
    shell(
        "openssl x509 -req -in r/"
            + name
            + ".csr -CA o.crt -CAkey o.key "
            + hash
            + " -days "
            + days
            + " -set_serial 0x4711471147114711"
            + " -extfile e.cnf -out "
            + name
            + ".crt");
  }

  private String at(String file) {
    return folder.resolve(file).toString();
  }

  private void shell(String line) throws Exception {
    var process =
        new ProcessBuilder(List.of("sh", "-c", line))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
