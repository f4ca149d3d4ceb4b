package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sallyport ca …} as an operator meets it. */
class AuthoritiesTest {
  @TempDir private Path folder;

  private CommandLine line() {
    return new CommandLine(folder.resolve("data"));
  }

  @Test
  void initMakesEverythingOnceAndForItsOwnerAlone() throws Exception {
    var made = line().run("ca", "init");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.err()).contains("unseal.key", "0600");
    assertThat(made.out()).containsPattern("root +[0-9a-f]{64}");
    for (var secret :
        new String[] {
          "unseal.key", "ca/root.key", "ca/devices.key", "operator/operator.key", "sallyport.db"
        }) {
      var file = folder.resolve("data").resolve(secret);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(secret)
          .isEqualTo("rw-------");
    }
    var again = line().run("ca", "init");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("already");
  }

  @Test
  void showNamesTheRootAndTwoIssuingAuthorities() {
    line().run("ca", "init");
    assertThat(line().run("ca", "show").out()).contains("root", "devices", "servers", "EC P-384");
    var json = line().run("ca", "show", "--json").out();
    assertThat(json).contains("\"rootFingerprint\"", "\"rootKeyPresent\" : true");
  }

  @Test
  void withoutAnInstallationEveryCommandSaysWhatToDo() {
    for (var words : new String[][] {{"ca", "show"}, {"ca", "export"}}) {
      var refused = line().run(words);
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("ca init");
    }
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void theRootKeyLeavesOnlyEncryptedAndIsForgottenOnlyAfterwards() throws Exception {
    line().run("ca", "init");
    var early = line().run("ca", "export", "--forget");
    assertThat(early.code()).isEqualTo(1);
    assertThat(early.err()).contains("never exported", "--root-key");
    assertThat(folder.resolve("data/ca/root.key")).exists();

    var out = folder.resolve("root.pem");
    var nameless = line().run("ca", "export", "--root-key", "--out", out.toString());
    assertThat(nameless.code()).isEqualTo(2);
    assertThat(nameless.err()).contains("passphrase");
    assertThat(out).doesNotExist();

    var exported =
        line()
            .with("SALLYPORT_EXPORT_PASSPHRASE", "correct horse")
            .run("ca", "export", "--root-key", "--out", out.toString());
    assertThat(exported.code()).as(exported.err()).isZero();
    assertThat(Files.readString(out)).contains("BEGIN ENCRYPTED PRIVATE KEY");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
    assertThat(line().run("ca", "export", "--forget").code()).isZero();
    assertThat(folder.resolve("data/ca/root.key")).doesNotExist();
    assertThat(line().run("ca", "show", "--json").out()).contains("\"rootKeyPresent\" : false");
    assertThat(line().run("ca", "export", "--forget").code()).isEqualTo(1);
  }

  @Test
  void aPassphraseOfTheEnvironmentThatIsNoneIsRefusedByItsName() {
    var run = line().with("SALLYPORT_PASSPHRASE", "x".repeat(100_000)).run("ca", "init");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("sallyport: SALLYPORT_PASSPHRASE: ").doesNotContain("xxx");
  }

  @Test
  void aPassphraseOfOnesOwnIsNeededAgain() {
    var made = line().with("SALLYPORT_PASSPHRASE", "of my own").run("ca", "init");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(folder.resolve("data/unseal.key")).doesNotExist();
    var missing = line().run("device", "list");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("SALLYPORT_PASSPHRASE").doesNotContain("of my own");
    var wrong = line().with("SALLYPORT_PASSPHRASE", "guessed").run("device", "list");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).doesNotContain("guessed");
    var right = line().with("SALLYPORT_PASSPHRASE", "of my own").run("device", "list");
    assertThat(right.code()).as(right.err()).isZero();
  }

  @Test
  void whereTheRegistryIsGoneNothingIsDoneThatCouldNotBeRecorded() throws Exception {
    line().run("ca", "init");
    var registry = folder.resolve("data/sallyport.db");
    Files.delete(registry);
    var out = folder.resolve("root.pem");
    var exported =
        line()
            .with("SALLYPORT_EXPORT_PASSPHRASE", "correct horse")
            .run("ca", "export", "--root-key", "--out", out.toString());
    assertThat(exported.code()).isEqualTo(2);
    assertThat(exported.err()).contains("is gone", "backup");
    assertThat(out).doesNotExist();
    assertThat(registry).doesNotExist();
  }

  @Test
  void aDirectoryThatOthersMayEnterIsRefused() throws Exception {
    var data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    var refused = line().run("ca", "init");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("open to other users", "chmod 700");
  }

  @Test
  void aWrongFlagOrConfigurationChangesNothing() throws Exception {
    var config = Files.writeString(folder.resolve("c.yaml"), "mqtt: {prot: 1}\n");
    var refused = line().run("ca", "init", "--config", config.toString());
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("c.yaml:1:8", "mqtt.port");
    assertThat(line().run("ca", "init", "--colour").code()).isEqualTo(2);
    assertThat(line().run("up", "--mqtt-port", "70000").code()).isEqualTo(2);
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
