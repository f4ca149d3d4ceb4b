package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityFilesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Passphrase PASSPHRASE = Passphrase.generate();
  private static final Passphrase EXPORTED =
      Passphrase.of("in the safe, ünder the stairs".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path data;
  private Path directory;
  private AuthorityFiles files;

  @BeforeEach
  void create() throws AuthorityRefused {
    directory = data.resolve("ca");
    files = new AuthorityFiles(directory);
    assertThat(files.exist()).isFalse();
    files.create(PASSPHRASE, Serials.random(), NOW);
  }

  @Test
  void whatWasCreatedLoadsAndSigns() throws Exception {
    var loaded = files.load(PASSPHRASE);
    var profile = new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1"));
    var leaf =
        loaded
            .issuerOf(profile)
            .sign(
                profile,
                KeyPairs.p256().getPublic(),
                Serials.random().next(),
                NOW,
                Duration.ofDays(1));
    leaf.verify(loaded.devices().certificate().getPublicKey());
    assertThat(files.certificates())
        .containsEntry(AuthorityName.ROOT, loaded.root())
        .containsEntry(AuthorityName.SERVERS, loaded.servers().certificate());
  }

  @Test
  void everythingIsTheOwnersAloneAndNothingIsLeftOver() throws IOException {
    assertThat(mode(directory)).isEqualTo("rwx------");
    try (var listing = Files.list(directory)) {
      assertThat(listing)
          .allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"))
          .extracting(file -> file.getFileName().toString())
          .containsExactlyInAnyOrder(
              "root.crt",
              "root.key",
              "devices.crt",
              "devices.key",
              "servers.crt",
              "servers.key",
              "tls.key",
              "tls-backup.key");
    }
    try (var listing = Files.list(data)) {
      assertThat(listing).containsExactly(directory);
    }
  }

  @Test
  void noPrivateKeyIsReadableInTheFiles() throws IOException {
    for (var name : new String[] {"root.key", "devices.key", "servers.key"}) {
      assertThat(Files.readString(directory.resolve(name)))
          .startsWith("-----BEGIN SALLYPORT SEALED KEY-----\n")
          .doesNotContain("BEGIN PRIVATE");
    }
  }

  @Test
  void neverOverwritesAuthorities() throws IOException {
    var before = Files.readString(directory.resolve("root.crt"));
    assertRefused(() -> files.create(PASSPHRASE, Serials.random(), NOW), Reason.ALREADY_EXISTS);
    assertThat(Files.readString(directory.resolve("root.crt"))).isEqualTo(before);
  }

  @Test
  void anotherCreatorInBetweenWins() throws Exception {
    // The directory appears after the check and before the rename.
    Files.createDirectories(data.resolve("other"));
    Files.writeString(data.resolve("other").resolve("file"), "x");
    assertThat(new SecretFiles(data.resolve("other")).createAll(Map.of("a", "b"))).isFalse();
    assertThat(data.resolve("other").resolve("file")).hasContent("x");
  }

  @Test
  void refusesAnotherPassphrase() {
    assertRefused(() -> files.load(EXPORTED), Reason.SEAL_BROKEN);
  }

  @Test
  void refusesWhereThereIsNothing() throws IOException {
    assertRefused(
        () -> new AuthorityFiles(data.resolve("nowhere")).load(PASSPHRASE), Reason.MISSING);
    Files.delete(directory.resolve("devices.key"));
    assertRefused(() -> files.load(PASSPHRASE), Reason.MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "rw-r-----", "rw----r--", "rw--w----", "rw-----w-"})
  void refusesKeysThatOthersMayReadOrWrite(String mode) throws Exception {
    Files.setPosixFilePermissions(
        directory.resolve("devices.key"), PosixFilePermissions.fromString(mode));
    if (mode.endsWith("------")) {
      files.load(PASSPHRASE);
    } else {
      assertRefused(() -> files.load(PASSPHRASE), Reason.UNSAFE_MODE);
    }
  }

  @Test
  void refusesADirectoryThatOthersMayEnter() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertRefused(() -> files.load(PASSPHRASE), Reason.UNSAFE_MODE);
    assertRefused(() -> files.exportRootKey(PASSPHRASE, EXPORTED), Reason.UNSAFE_MODE);
  }

  @Test
  void refusesSwappedKeysAndCertificates() throws IOException {
    Files.copy(
        directory.resolve("servers.key"),
        directory.resolve("devices.key"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused(() -> files.load(PASSPHRASE), Reason.SEAL_BROKEN);
  }

  @Test
  void refusesAKeyThatIsNotThatOfTheCertificate() throws IOException {
    Files.copy(
        directory.resolve("servers.crt"),
        directory.resolve("devices.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused(() -> files.load(PASSPHRASE), Reason.KEY_MISMATCH);
  }

  @Test
  void refusesACertificateOfAnotherRoot() throws IOException {
    var other = Authorities.create(Serials.random(), NOW);
    Files.writeString(directory.resolve("devices.crt"), Pem.of(other.devices().certificate()));
    assertRefused(() -> files.load(PASSPHRASE), Reason.BROKEN_CHAIN);
    Files.writeString(directory.resolve("devices.crt"), Pem.of(other.root()));
    assertRefused(files::certificates, Reason.BROKEN_CHAIN);
    Files.writeString(directory.resolve("devices.crt"), "no certificate");
    assertRefused(files::certificates, Reason.BROKEN_CHAIN);
  }

  @Test
  void refusesALeafInTheRoleOfAnAuthority() throws Exception {
    var profile = new LeafProfile.Client(PrincipalKind.DEVICE, new PrincipalId("dev-1"));
    var leaf =
        files
            .load(PASSPHRASE)
            .devices()
            .sign(
                profile,
                KeyPairs.p256().getPublic(),
                Serials.random().next(),
                NOW,
                Duration.ofDays(1));
    Files.writeString(directory.resolve("devices.crt"), Pem.of(leaf));
    assertRefused(() -> files.load(PASSPHRASE), Reason.BROKEN_CHAIN);
  }

  @Test
  void rootKeyGoesOffLineAndComesBack() throws Exception {
    assertThat(files.rootKeyPresent()).isTrue();
    var pem = files.exportRootKey(PASSPHRASE, EXPORTED);
    assertThat(files.rootKeyExported()).isFalse();
    files.noteRootKeyExported(NOW);
    files.forgetRootKey(false);
    assertThat(files.rootKeyPresent()).isFalse();
    assertThat(directory.resolve("root.key")).doesNotExist();
    files.load(PASSPHRASE);
    assertRefused(() -> files.exportRootKey(PASSPHRASE, EXPORTED), Reason.ROOT_KEY_ABSENT);
    assertRefused(() -> files.forgetRootKey(true), Reason.ROOT_KEY_ABSENT);

    assertRefused(() -> files.importRootKey(pem, PASSPHRASE, PASSPHRASE), Reason.SEAL_BROKEN);
    assertRefused(() -> files.importRootKey(pem, EXPORTED, EXPORTED), Reason.SEAL_BROKEN);
    assertThat(files.rootKeyPresent()).isFalse();
    files.importRootKey(pem, EXPORTED, PASSPHRASE);
    assertThat(files.rootKeyPresent()).isTrue();
    assertThat(mode(directory.resolve("root.key"))).isEqualTo("rw-------");
  }

  @Test
  void importsNoForeignRootKey() throws Exception {
    var foreign = EncryptedKeyPem.write(KeyPairs.p384().getPrivate(), EXPORTED);
    assertRefused(() -> files.importRootKey(foreign, EXPORTED, PASSPHRASE), Reason.KEY_MISMATCH);
  }

  @Test
  void forgetsNoRootKeyThatNobodyHasUnlessForced() throws AuthorityRefused {
    assertRefused(() -> files.forgetRootKey(false), Reason.NOT_EXPORTED);
    assertThat(files.rootKeyPresent()).isTrue();
    files.forgetRootKey(true);
    assertThat(files.rootKeyPresent()).isFalse();
  }

  @Test
  void neverPrintsAKey() {
    assertThat(files.toString()).startsWith("AuthorityFiles[").endsWith("ca]");
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertRefused(ThrowingCallable action, Reason reason) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            AuthorityRefused.class,
            refused -> assertThat(refused.reason()).as(refused.getMessage()).isEqualTo(reason));
  }
}
