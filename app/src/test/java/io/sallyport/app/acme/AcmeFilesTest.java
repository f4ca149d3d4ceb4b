package io.sallyport.app.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.app.acme.AcmeFiles.Attempts;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.testkit.TestCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of an ACME account, and who can read it. */
class AcmeFilesTest {
  private static final Instant NOW = Instant.parse("2026-05-01T06:00:00Z");

  @TempDir private Path folder;
  private Path directory;
  private AcmeFiles files;

  @BeforeEach
  void start() {
    directory = folder.resolve("acme");
    files = new AcmeFiles(directory);
  }

  private Seal seal(String authority) throws Exception {
    var ca = new AuthorityFiles(folder.resolve(authority));
    var passphrase = Passphrase.of("a passphrase of a test".getBytes(StandardCharsets.UTF_8));
    ca.create(passphrase, Serials.random(), NOW);
    return ca.seal(passphrase, "acme-account");
  }

  @Test
  void theAccountsKeyIsMadeOnceAndSealed() throws Exception {
    try (var seal = seal("ca")) {
      var made = files.account(seal);

      var key = directory.resolve("account.key");
      var secret = Base64.getEncoder().encodeToString(made.getPrivate().getEncoded());
      assertThat(Files.readString(key)).doesNotContain(secret.substring(20, 60));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
          .isEqualTo("rwx------");
      var again = new AcmeFiles(directory).account(seal);
      assertThat(again.getPublic()).isEqualTo(made.getPublic());
      assertThat(again.getPrivate()).isEqualTo(made.getPrivate());
    }
  }

  @Test
  void aKeyThatIsNotOfThisInstallationIsRefusedAndNotReplaced() throws Exception {
    try (var ours = seal("ca");
        var other = seal("other")) {
      files.account(ours);
      var key = directory.resolve("account.key");
      var sealed = Files.readString(key);

      refusedWith(other);
      assertThat(Files.readString(key)).isEqualTo(sealed);
      Files.writeString(key, "no sealed key");
      refusedWith(ours);
      Files.writeString(key, ours.seal("account", "YQ== YQ==".getBytes(StandardCharsets.US_ASCII)));
      refusedWith(ours);
      Files.writeString(key, ours.seal("account", "one".getBytes(StandardCharsets.US_ASCII)));
      refusedWith(ours);
    }
  }

  private void refusedWith(Seal seal) {
    assertThatThrownBy(() -> files.account(seal))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_INPUT))
        .hasMessageContaining("account.key")
        .hasMessageContaining("delete it");
  }

  @Test
  void theCertificateIsThereOrNot() throws IOException {
    var chain = TestCa.create(Instant.now()).server().chain();
    assertThat(files.certificate()).isEmpty();
    files.forgetCertificate();

    files.certificate(chain);

    assertThat(files.certificate()).contains(chain);
    Files.writeString(directory.resolve("certificate.pem"), "cut");
    assertThat(files.certificate()).isEmpty();
    files.certificate(chain);
    files.forgetCertificate();
    assertThat(files.certificate()).isEmpty();
  }

  @Test
  void attemptsAreRemembered() {
    assertThat(files.attempts()).isEqualTo(Attempts.NONE);

    files.attempts(new Attempts(3, NOW, "nobody answers"));

    assertThat(new AcmeFiles(directory).attempts())
        .isEqualTo(new Attempts(3, NOW, "nobody answers"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3", "x\n2026-05-01T06:00:00Z\n", "3\nsoon\nwhy\n"})
  void attemptsThatCannotBeReadAreNone(String text) throws IOException {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("attempts"), text);

    assertThat(files.attempts()).isEqualTo(Attempts.NONE);
  }

  @Test
  void whatAnOlderVersionOrAHandWroteIsTakenAsFarAsItGoes() throws IOException {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("attempts"), "-3\n2026-05-01T06:00:00Z\n");

    assertThat(files.attempts()).isEqualTo(new Attempts(0, NOW, ""));
  }

  @Test
  void aDirectoryThatCannotBeIsTheWorldsFault() throws IOException {
    Files.writeString(directory, "a file");

    assertThatThrownBy(() -> files.attempts(Attempts.NONE))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
        .hasMessageContaining("cannot be written");
  }
}
