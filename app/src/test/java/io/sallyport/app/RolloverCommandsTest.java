package io.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.app.CommandLine.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of a rollover without a server: what they do, refuse and take for bad input. */
class RolloverCommandsTest {
  private static final Duration SETTLED = Duration.ofSeconds(6);

  @TempDir private Path folder;
  private CommandLine line;

  @BeforeEach
  void begins() throws Exception {
    line = new CommandLine(folder.resolve("data"));
    var secret = Files.writeString(folder.resolve("secret"), "long words");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private Ran expecting(int code, String... words) {
    var ran = line.run(words);
    assertThat(ran.code()).as(String.join(" ", words) + ": " + ran.err()).isEqualTo(code);
    return ran;
  }

  private Ran rollover(int code, String... words) {
    var all = new String[words.length + 2];
    all[0] = "ca";
    all[1] = "rollover";
    System.arraycopy(words, 0, all, 2, words.length);
    return expecting(code, all);
  }

  private void installed() {
    expecting(0, "ca", "init");
    expecting(0, "device", "enroll", "lamp", "--bundle", at("lamp"));
  }

  private String status() {
    return rollover(0, "status", "--json").out().replaceAll("\\s", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "begin lights",
        "begin root",
        "begin devices --new-root x",
        "status --limit -1",
        "status --limit 1001",
        "retire --force",
        "retire --reason stolen",
        "begin",
        "status",
        "activate",
        "retire",
        "cancel"
      })
  void withoutAnInstallationEverythingIsBadInput(String words) {
    var ran = rollover(2, words.split(" "));
    assertThat(ran.err().strip()).isNotEmpty();
    assertThat(folder.resolve("data/ca")).doesNotExist();
  }

  @Test
  void oneStepAfterTheOtherAndNoneTwice() {
    installed();
    assertThat(rollover(0, "status").out()).contains("no rollover is under way");
    assertThat(status()).isEqualTo("{\"stage\":\"none\"}");
    for (var step : new String[] {"activate", "cancel", "retire"}) {
      assertThat(rollover(1, step).err()).contains("no rollover is under way");
    }
    assertThat(rollover(0, "begin", "devices").out()).contains("Sallyport Devices CA G2");
    assertThat(rollover(1, "begin", "devices").err()).contains("is under way");
    assertThat(status())
        .contains("\"stage\":\"begun\"", "\"threshold\":100", "\"retirable\":false")
        .doesNotContain("activatedAt");
    assertThat(rollover(1, "activate").err()).contains("gateways get 5 s");
    line.later(SETTLED);
    rollover(0, "activate");
    assertThat(rollover(1, "cancel").err()).contains("no way back");
    assertThat(status())
        .contains("\"stage\":\"activated\"", "activatedAt", "\"id\":\"lamp\"")
        .doesNotContain("next");
    assertThat(rollover(0, "status", "--limit", "1", "--json").out()).contains("\"next\"");
    assertThat(rollover(0, "status", "--limit", "0").out()).doesNotContain("NOT READY");
    assertThat(rollover(0, "status").out())
        .contains("ready    0, and 100% must be", "NOT READY", "lamp", "not known");
    assertThat(rollover(1, "retire").err()).contains("0 of 1 devices are ready");
    rollover(2, "retire", "--force", "--reason", " ");
    rollover(2, "retire", "--force", "--reason", "x".repeat(201));
    assertThat(rollover(0, "retire", "--force", "--reason", "the key was stolen").out())
        .contains("retired  Sallyport Devices CA\n", "devices  1\n", "ready    0\n");
    assertThat(rollover(0, "status").out()).contains("no rollover is under way");
    expecting(0, "device", "list");
  }

  @Test
  void whatWasGivenUpLeavesAnInstallationThatOpens() {
    installed();
    expecting(0, "ca", "request", "--out", at("r"));
    assertThat(rollover(0, "status").out()).contains("requested");
    assertThat(rollover(1, "activate").err()).contains("waits for its certificate");
    rollover(0, "cancel");
    expecting(0, "device", "list");
    beginRoot(0, "root2");
    rollover(0, "cancel");
    expecting(0, "device", "list");
    beginRoot(0, "root3");
    expecting(0, "device", "list");
    assertThat(Pem.count(expecting(0, "ca", "export").out())).isEqualTo(2);
  }

  private Ran beginRoot(int code, String directory) {
    return rollover(
        code, "begin", "root", "--new-root", at(directory), "--passphrase-file", at("secret"));
  }

  @Test
  void aRootGoesIntoADirectoryAndOneThatIsThereIsTaken() throws Exception {
    installed();
    var lineOffline = new CommandLine(folder.resolve("off"));
    assertThat(
            lineOffline
                .bare(
                    "ca",
                    "ceremony",
                    "root",
                    "--out",
                    at("root2"),
                    "--passphrase-file",
                    at("secret"))
                .code())
        .isZero();
    var made = Files.readString(folder.resolve("root2/root.crt"));
    Files.writeString(folder.resolve("wrong"), "other words");
    Files.setPosixFilePermissions(
        folder.resolve("wrong"), PosixFilePermissions.fromString("rw-------"));
    assertThat(
            rollover(
                    1, "begin", "root", "--new-root", at("root2"), "--passphrase-file", at("wrong"))
                .err())
        .contains("root-passphrase");
    assertThat(status()).contains("none");
    assertThat(beginRoot(0, "root2").err()).contains("put " + at("root2") + " away");
    assertThat(Files.readString(folder.resolve("root2/root.crt"))).isEqualTo(made);
    assertThat(rollover(0, "status", "--json").out()).contains("\"root\"");
    line.later(SETTLED);
    rollover(0, "activate");
    assertThat(rollover(0, "status").out()).contains("Sallyport Root CA");
    // The one that is active is not in ca/ any more.
    rollover(0, "retire", "--force", "--reason", "test");
    assertThat(rollover(1, "begin", "devices").err()).contains("rollover-root");
    rollover(0, "begin", "devices", "--root", at("root2"), "--passphrase-file", at("secret"));
  }

  @Test
  void withoutTheRootsKeyNothingBegins() {
    installed();
    expecting(
        0,
        "ca",
        "export",
        "--root-key",
        "--out",
        at("root.pem"),
        "--passphrase-file",
        at("secret"));
    expecting(0, "ca", "export", "--forget");
    assertThat(rollover(1, "begin", "devices").err()).contains("the root key is not here");
    assertThat(status()).contains("none");
  }

  @Test
  void whatAnOfflineRootGaveIsTakenOnlyForWhatWasAsked() throws Exception {
    installed();
    var root = at("data/ca/root.crt");
    var devices = at("data/ca/devices.crt");
    assertThat(expecting(1, "ca", "install", "--root", root, devices).err())
        .contains("nothing was asked for");
    expecting(0, "ca", "request", "--out", at("r"));
    var first = Files.readString(folder.resolve("r/devices.csr"));
    expecting(0, "ca", "request", "--out", at("r"));
    assertThat(Files.readString(folder.resolve("r/devices.csr"))).isEqualTo(first);
    assertThat(expecting(2, "ca", "install", "--root", root, devices, devices).err())
        .contains("one certificate was asked for, not 2");
    assertThat(expecting(2, "ca", "install", "--root", root, "--new-with-old", root, devices).err())
        .contains("go together");
    Files.writeString(folder.resolve("rubbish"), "rubbish");
    assertThat(expecting(2, "ca", "install", "--root", root, at("rubbish")).err())
        .contains("rubbish");
    assertThat(expecting(1, "ca", "install", "--root", root, devices).err())
        .contains("rollover-key");
    // A root while a devices CA is asked for: one at a time.
    expecting(0, "ca", "request", "--new-root", "--out", at("r2"));
    assertThat(folder.resolve("r2/servers.csr")).exists();
    assertThat(beginRoot(1, "root2").err()).contains("is under way");
    Files.writeString(folder.resolve("file"), "");
    expecting(3, "ca", "request", "--out", at("file"));
  }

  @Test
  void aRequestForANewRootNeedsAnInstallation() {
    assertThat(expecting(2, "ca", "request", "--new-root", "--out", at("r")).err())
        .contains("--new-root");
  }

  @Test
  void rootsAreLinkedOnlyWhereThereAreTwo() throws Exception {
    var offline = new CommandLine(folder.resolve("off"));
    for (var root : new String[] {"a", "b"}) {
      assertThat(
              offline
                  .bare(
                      "ca",
                      "ceremony",
                      "root",
                      "--out",
                      at(root),
                      "--passphrase-file",
                      at("secret"))
                  .code())
          .isZero();
    }
    assertThat(link(offline, "a", "a", "c").err()).contains("link-key");
    assertThat(link(offline, "a", "none", "c").code()).isEqualTo(1);
    Files.writeString(folder.resolve("file"), "");
    assertThat(link(offline, "a", "b", "file").code()).isEqualTo(3);
    assertThat(link(offline, "a", "b", "c").code()).isZero();
    assertThat(folder.resolve("c/new-with-old.crt")).exists();
    assertThat(Files.readString(folder.resolve("b/transcript.txt"))).contains("roots linked");
  }

  private Ran link(CommandLine offline, String old, String fresh, String out) {
    return offline.bare(
        "ca",
        "ceremony",
        "link",
        "--old",
        at(old),
        "--new",
        at(fresh),
        "--out",
        at(out),
        "--passphrase-file",
        at("secret"));
  }

  /** Certificates in a text. */
  private static final class Pem {
    static int count(String text) {
      return text.split("BEGIN CERTIFICATE", -1).length - 1;
    }
  }
}
