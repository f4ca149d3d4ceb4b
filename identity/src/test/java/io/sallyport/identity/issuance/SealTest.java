package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that installations with the same authorities share, and nobody else opens. */
class SealTest {
  private static final byte[] SECRET = "a secret of some length".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private AuthorityFiles files;

  @BeforeEach
  void create() throws Exception {
    files = new AuthorityFiles(folder.resolve("ca"));
    try (var passphrase = passphrase("right")) {
      files.create(passphrase, Serials.random(), Instant.EPOCH);
    }
  }

  @Test
  void whatOneSealsAnotherOpensWithTheSameFilesAndPassphrase() throws Exception {
    try (var one = seal("tickets");
        var other = seal("tickets")) {
      var sealed = one.seal("key", SECRET);
      assertThat(sealed).doesNotContain("a secret");
      assertThat(other.open("key", sealed)).isEqualTo(SECRET);
      assertThat(one.seal("key", SECRET)).as("never the same twice").isNotEqualTo(sealed);
    }
  }

  @Test
  void anotherPurposeOrNameDoesNotOpenIt() throws Exception {
    try (var one = seal("tickets");
        var other = seal("letters")) {
      var sealed = one.seal("key", SECRET);
      assertThatThrownBy(() -> other.open("key", sealed)).isInstanceOf(SealBroken.class);
      assertThatThrownBy(() -> one.open("other", sealed)).isInstanceOf(SealBroken.class);
    }
  }

  @Test
  void itOpensNoKeyOfTheAuthoritiesAndNoneOfOtherAuthorities() throws Exception {
    var others = new AuthorityFiles(folder.resolve("other"));
    try (var passphrase = passphrase("right");
        var one = seal("tickets")) {
      others.create(passphrase, Serials.random(), Instant.EPOCH);
      var key = java.nio.file.Files.readString(folder.resolve("ca/root.key"));
      assertThatThrownBy(() -> one.open("root", key)).isInstanceOf(SealBroken.class);
      try (var other = others.seal(passphrase, "tickets")) {
        var sealed = other.seal("key", SECRET);
        assertThatThrownBy(() -> one.open("key", sealed)).isInstanceOf(SealBroken.class);
      }
    }
  }

  @Test
  void aWrongPassphraseMakesNoSeal() {
    try (var wrong = passphrase("wrong")) {
      assertThatThrownBy(() -> files.seal(wrong, "tickets")).isInstanceOf(AuthorityRefused.class);
    }
  }

  private Seal seal(String purpose) throws AuthorityRefused {
    try (var passphrase = passphrase("right")) {
      return files.seal(passphrase, purpose);
    }
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
