package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.PublicKeyHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Signature;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerKeyFilesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  @TempDir Path data;
  private Path directory;
  private AuthorityFiles files;
  private ServerKeys made;

  @BeforeEach
  void create() throws AuthorityRefused {
    directory = data.resolve("ca");
    files = new AuthorityFiles(directory);
    made = files.create(passphrase(), Serials.random(), NOW).serverKeys();
  }

  @Test
  void theKeysOutliveTheProcess() throws Exception {
    var loaded = files.load(passphrase()).serverKeys();

    assertThat(pin(loaded)).isEqualTo(pin(made));
    assertThat(loaded.backup()).isEqualTo(made.backup());
    assertThat(loaded.backup()).isNotEqualTo(loaded.publicKey());
    assertThat(belongs(loaded)).isTrue();
  }

  /** A directory of an earlier version gets its keys once. */
  @Test
  void areMadeWhereThereAreNone() throws Exception {
    Files.delete(directory.resolve("tls.key"));
    Files.delete(directory.resolve("tls-backup.key"));

    var first = files.load(passphrase()).serverKeys();
    var second = files.load(passphrase()).serverKeys();

    assertThat(pin(first)).isNotEqualTo(pin(made)).isEqualTo(pin(second));
    assertThat(first.backup()).isEqualTo(second.backup());
  }

  @Test
  void theBackupTakesThePlaceOfTheServersKeyForGood() throws Exception {
    var promoted = files.promoteBackupKey(passphrase());
    var loaded = files.load(passphrase()).serverKeys();

    assertThat(promoted.publicKey()).isEqualTo(made.backup());
    assertThat(pin(loaded)).isEqualTo(pin(promoted));
    assertThat(belongs(loaded)).isTrue();
    assertThat(loaded.backup()).isEqualTo(promoted.backup()).isNotEqualTo(made.publicKey());
  }

  /** The crash between the two files: the same key under both names, each under its own seal. */
  @Test
  void aPromotionThatACrashInterruptedIsFinished() throws Exception {
    var backup = Files.readAllBytes(directory.resolve("tls-backup.key"));
    files.promoteBackupKey(passphrase());
    Files.write(directory.resolve("tls-backup.key"), backup);

    var loaded = files.load(passphrase()).serverKeys();

    assertThat(loaded.publicKey()).isEqualTo(made.backup());
    assertThat(loaded.backup()).isNotEqualTo(loaded.publicKey());
  }

  @Test
  void aBackupIsNotTakenForTheKeyByMovingItsFile() throws IOException {
    Files.copy(
        directory.resolve("tls-backup.key"),
        directory.resolve("tls.key"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> files.load(passphrase()))
        .isInstanceOf(AuthorityRefused.class)
        .hasMessageContaining("this is the key of 'backup', not of 'tls'");
  }

  @Test
  void aKeyOfAnotherInstallationIsRefused() throws Exception {
    var other = new AuthorityFiles(data.resolve("other"));
    other.create(passphrase(), Serials.random(), NOW);
    Files.copy(
        data.resolve("other/tls.key"),
        directory.resolve("tls.key"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> files.load(passphrase()))
        .isInstanceOf(AuthorityRefused.class)
        .hasMessageContaining("not sealed together");
  }

  @Test
  void nothingReadableIsOnTheDisk() throws IOException {
    for (var file : new String[] {"tls.key", "tls-backup.key"}) {
      assertThat(Files.readString(directory.resolve(file)))
          .startsWith("-----BEGIN SALLYPORT SEALED");
    }
    assertThat(made.toString()).isEqualTo("ServerKeys[hidden]");
  }

  private static boolean belongs(ServerKeys keys) throws Exception {
    var message = "a server".getBytes(StandardCharsets.US_ASCII);
    var signing = Signature.getInstance("SHA256withECDSA");
    signing.initSign(keys.privateKey());
    signing.update(message);
    var checking = Signature.getInstance("SHA256withECDSA");
    checking.initVerify(keys.publicKey());
    checking.update(message);
    return checking.verify(signing.sign());
  }

  private static String pin(ServerKeys keys) {
    return PublicKeyHash.of(keys.publicKey()).pin();
  }

  private static Passphrase passphrase() {
    return Passphrase.of("correct horse battery staple".getBytes(StandardCharsets.UTF_8));
  }
}
