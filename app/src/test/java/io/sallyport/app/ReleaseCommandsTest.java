package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Releases made, approved and verified by hand, with openssl as the third party. */
class ReleaseCommandsTest {
  @TempDir private Path folder;
  private CommandLine manager;

  @BeforeEach
  void begins() throws Exception {
    manager =
        new CommandLine(folder.resolve("data"))
            .with("SALLYPORT_RELEASE_PASSPHRASE", "many long words");
    Files.writeString(folder.resolve("pump.bin"), "an image for a pump");
    for (var name : List.of("alice", "bob")) {
      assertThat(run("keygen", name, "--out", folder.toString()).code()).isZero();
    }
  }

  @Test
  void aReleaseIsSignedApprovedAndAccepted() throws Exception {
    made("alice-pq", "ml-dsa-65");
    trust(2, "alice=" + at("alice.pub") + "," + at("alice-pq.pub"), "bob=" + at("bob.pub"));
    assertThat(sign("--key", at("alice.key"), "--key", at("alice-pq.key")).code()).isZero();
    refused("too-few-signers");

    assertThat(run("approve", at("pump.bin"), "--key", at("bob.key")).code()).isZero();

    var accepted = verify();
    assertThat(accepted.code()).as(accepted.err()).isZero();
    assertThat(accepted.out()).contains("signed by alice, bob", "counter   7", "hardware  pump-v2");
    assertThat(openssl()).isZero();
    assertThat(verify("--hardware", "pump-v2", "--counter", "7", "--json").out())
        .contains("\"accepted\" : true");
    refused("other-hardware", "--hardware", "pump-v3");
    refused("downgrade", "--hardware", "pump-v2", "--counter", "8");
    manager.later(Duration.ofDays(400));
    refused("expired");
    assertThat(run("approve", at("pump.bin"), "--key", at("bob.key")).code()).isEqualTo(1);
  }

  @Test
  void anAlteredImageAndOneOfTwoKeysAreRefused() throws Exception {
    made("alice-pq", "ml-dsa-65");
    trust(1, "alice=" + at("alice.pub") + "," + at("alice-pq.pub"));
    assertThat(sign("--key", at("alice.key")).code()).isZero();
    refused("signature-missing");
    assertThat(sign("--key", at("alice.key"), "--key", at("alice-pq.key")).code()).isZero();
    assertThat(verify().code()).isZero();

    Files.writeString(folder.resolve("pump.bin"), "an image for a lamp");
    refused("digest");
    assertThat(openssl()).isNotZero();
    assertThat(run("approve", at("pump.bin"), "--key", at("bob.key")).err()).contains("digest");
    Files.writeString(folder.resolve("pump.bin"), "an image for a pump and more");
    refused("size");
  }

  @Test
  void aDependencyIsAskedOfADevice() throws Exception {
    trust(1, "alice=" + at("alice.pub"));
    assertThat(sign("--key", at("alice.key"), "--requires", "bootloader=2.0").code()).isZero();

    assertThat(verify().code()).isZero();
    refused("dependency", "--hardware", "pump-v2");
    refused("dependency", "--hardware", "pump-v2", "--installed", "bootloader=1.9");
    assertThat(verify("--hardware", "pump-v2", "--installed", "bootloader=2.1").code()).isZero();
  }

  @Test
  void keysAreTheirOwnersAndAreNeverOverwritten() throws Exception {
    var key = folder.resolve("alice.key");
    var before = Files.readString(key);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(before).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    assertThat(run("keygen", "alice", "--out", folder.toString()).code()).isEqualTo(1);
    assertThat(Files.readString(key)).isEqualTo(before);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    var open = sign("--key", at("alice.key"));
    assertThat(open.code()).isEqualTo(2);
    assertThat(open.err()).contains("chmod 600");
    assertThat(folder.resolve("pump.bin.manifest")).doesNotExist();
  }

  @Test
  void theWrongPassphraseSignsNothing() {
    manager.with("SALLYPORT_RELEASE_PASSPHRASE", "other words");

    var ran = sign("--key", at("alice.key"));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("alice.key", "passphrase").doesNotContain("other words");
    assertThat(folder.resolve("pump.bin.manifest")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keygen UPPER | 64 characters",
        "keygen x --algorithm rsa | ecdsa-p256",
        "keygen x --pkcs11 /nowhere.so | --token",
        "keygen x --pkcs11 /n.so --token t --label l | --pin-file FILE, or SALLYPORT_PKCS11_PIN",
        "keygen x --pkcs11 /n.so --token t --label l --pin-file nowhere.pin | nowhere.pin",
        "keygen x --algorithm ml-dsa-65 --pkcs11 /n.so --token t --label l | ecdsa-p256",
        "trust --signer alice | NAME=FILE",
        "trust --signer alice=nowhere.pub | nowhere.pub",
        "inspect nowhere.manifest | nowhere.manifest",
        "verify nowhere.bin --trust nowhere.json | nowhere.bin.manifest",
        "approve nowhere.bin | nowhere.bin.manifest",
        "sign nowhere.bin --name p --version 1 --hardware h --counter 1 | nowhere.bin",
        "sign pump.bin --name P --version 1 --hardware h --counter 1 | 'P'",
        "sign pump.bin --name p --version x --hardware h --counter 1 | 'x'",
        "sign pump.bin --name p --version 1 --hardware H --counter 1 | 'H'",
        "sign pump.bin --name p --version 1 --hardware h --counter -1 | counter",
        "sign pump.bin --name p --version 1 --hardware h --counter 1 --days 0 | --days",
        "sign pump.bin --name p --version 1 --hardware h --counter 1 --kind exe | 'exe'",
        "sign pump.bin --name p --version 1 --hardware h --counter 1 --requires x | NAME=VERSION",
        "sign pump.bin --name p --version 1 --hardware h --counter 1 | --key FILE"
      })
  void badInputIsOneLineAndChangesNothing(String words, String where) throws Exception {
    var named =
        Stream.of(words.split(" ")).map(word -> word.equals("pump.bin") ? at(word) : word).toList();
    var before = listed();

    var ran = run(named.toArray(String[]::new));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains(where).hasLineCount(1);
    assertThat(listed()).isEqualTo(before);
  }

  @Test
  void aBrokenManifestOrTrustIsNamed() throws Exception {
    Files.writeString(folder.resolve("pump.bin.manifest"), "rubbish");
    assertThat(run("inspect", at("pump.bin.manifest")).err())
        .contains("pump.bin.manifest", "COSE_Sign");
    assertThat(sign("--key", at("alice.key")).code()).isZero();
    assertThat(run("inspect", at("pump.bin.manifest"), "--json").out())
        .contains("\"version\" : \"1.4.2\"");
    Files.writeString(folder.resolve("release-trust.json"), "{}");

    var ran = verify();

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("release-trust.json", "lacks");
  }

  private List<String> listed() throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private void made(String name, String algorithm) {
    assertThat(run("keygen", name, "--algorithm", algorithm, "--out", folder.toString()).code())
        .isZero();
  }

  private void trust(int threshold, String... signers) {
    var words = Stream.of(signers).flatMap(signer -> Stream.of("--signer", signer));
    var ran =
        run(
            Stream.concat(
                    Stream.of(
                        "trust",
                        "--threshold",
                        String.valueOf(threshold),
                        "--out",
                        at("release-trust.json")),
                    words)
                .toArray(String[]::new));
    assertThat(ran.code()).as(ran.err()).isZero();
  }

  private CommandLine.Ran sign(String... more) {
    var words =
        Stream.of(
            "sign",
            at("pump.bin"),
            "--name",
            "pump",
            "--version",
            "1.4.2",
            "--hardware",
            "pump-v2",
            "--counter",
            "7");
    return run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private CommandLine.Ran verify(String... more) {
    var words = Stream.of("verify", at("pump.bin"), "--trust", at("release-trust.json"));
    return run(Stream.concat(words, Stream.of(more)).toArray(String[]::new));
  }

  private void refused(String reason, String... more) {
    var ran = verify(more);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains(reason);
    var json = verify(Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new));
    assertThat(json.code()).isEqualTo(1);
    assertThat(json.out()).contains("\"reason\" : \"" + reason + "\"");
  }

  private int openssl() throws Exception {
    var process =
        new ProcessBuilder(
                "openssl",
                "dgst",
                "-sha256",
                "-verify",
                at("alice.pub"),
                "-signature",
                at("pump.bin.sig"),
                at("pump.bin"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String at(String file) {
    return folder.resolve(file).toString();
  }

  private CommandLine.Ran run(String... words) {
    return manager.bare(
        Stream.concat(Stream.of("firmware"), Stream.of(words)).toArray(String[]::new));
  }
}
