package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedKeyProperties {
  private static final Passphrase PASSPHRASE = Passphrase.generate();
  private static final PrivateKey KEY = KeyPairs.p256().getPrivate();
  private static final SealingKey SEALING = SealingKey.create(PASSPHRASE);
  private static final String SEALED = SealedKey.seal("devices", KEY, SEALING).toString();

  @Test
  void opensWithThePassphraseItWasSealedWith() throws SealBroken {
    assertThat(open(SEALED, PASSPHRASE)).isEqualTo(KEY);
  }

  @Test
  void isSealedAnewEachTime() {
    assertThat(SealedKey.seal("devices", KEY, SEALING).toString()).isNotEqualTo(SEALED);
  }

  @Test
  void refusesAnotherPassphrase() {
    assertThatThrownBy(() -> open(SEALED, Passphrase.generate()))
        .isInstanceOf(SealBroken.class)
        .hasMessageContaining("passphrase is wrong");
  }

  @Test
  void refusesTheKeyOfAnotherAuthorityEvenUnderTheRightName() {
    var servers = SealedKey.seal("servers", KEY, SEALING).toString();
    assertThatThrownBy(() -> open(servers, PASSPHRASE))
        .isInstanceOf(SealBroken.class)
        .hasMessageContaining("'servers'");
    assertThatThrownBy(() -> open(servers.replace("Key: servers", "Key: devices"), PASSPHRASE))
        .isInstanceOf(SealBroken.class);
  }

  @Test
  void everyTruncationIsRefused() {
    for (int length = 0; length < SEALED.length(); length++) {
      var cut = SEALED.substring(0, length);
      assertThatThrownBy(() -> open(cut, PASSPHRASE)).isInstanceOf(SealBroken.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void everyChangedByteIsRefused(long seed) {
    var random = new SplittableRandom(seed);
    for (int position = 0; position < SEALED.length(); position++) {
      var bytes = SEALED.getBytes(StandardCharsets.US_ASCII);
      bytes[position] ^= (byte) (1 << random.nextInt(8));
      var changed = new String(bytes, StandardCharsets.UTF_8);
      assertThatThrownBy(() -> open(changed, PASSPHRASE))
          .as("position " + position + " of seed " + seed)
          .isInstanceOf(SealBroken.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=999999 t=1 p=1",
        "m=262145 t=1 p=1",
        "m=1024 t=1 p=1",
        "m=65536 t=13 p=1",
        "m=65536 t=1 p=5",
        "m=9999999999 t=1 p=1",
        "m=0 t=1 p=1"
      })
  void refusesToSpendMoreThanItsBound(String parameters) {
    var greedy = SEALED.replaceFirst("Derivation: .*", "Derivation: Argon2id " + parameters);
    assertThatThrownBy(() -> SealedKey.parse(greedy)).isInstanceOf(SealBroken.class);
  }

  @Test
  void refusesMoreTextThanItsBound() {
    var tooLong = SEALED.replace("\n-----END", "A".repeat(8192) + "\n-----END");
    assertThatThrownBy(() -> SealedKey.parse(tooLong)).isInstanceOf(SealBroken.class);
  }

  @Test
  void onlyGuessablePassphrasesPayForEachGuess() {
    assertThat(SEALED).contains("Derivation: HKDF-SHA256\n");
    try (var chosen = Passphrase.of("hunter2".getBytes(StandardCharsets.UTF_8));
        var sealing = SealingKey.create(chosen)) {
      assertThat(SealedKey.seal("root", KEY, sealing).toString())
          .contains("Argon2id m=65536 t=3 p=1");
    }
  }

  @Test
  void aDerivationThatWasMadeCheaperOpensNothing() {
    try (var chosen = Passphrase.of("hunter2".getBytes(StandardCharsets.UTF_8));
        var sealing = SealingKey.create(chosen)) {
      var cheaper =
          SealedKey.seal("devices", KEY, sealing)
              .toString()
              .replaceFirst("Derivation: .*", "Derivation: HKDF-SHA256");
      assertThatThrownBy(() -> open(cheaper, chosen)).isInstanceOf(SealBroken.class);
    }
  }

  @Test
  void opensWhatAnEarlierProgramSealed() throws SealBroken {
    var earlier = new Derivation.Argon2id(8192, 1, 1, "AAAAAAAAAAAAAAAAAAAAAA==");
    try (var sealing = SealingKey.derive(PASSPHRASE, earlier)) {
      var sealed = SealedKey.seal("devices", KEY, sealing).toString();
      assertThat(open(sealed, PASSPHRASE)).isEqualTo(KEY);
    }
  }

  @Test
  void neverPrintsWhatItHides() {
    assertThat(SEALING).hasToString("SealingKey[hidden]");
    assertThat(SEALED).contains("-----BEGIN SALLYPORT SEALED KEY-----\nVersion: 1\n");
  }

  private static PrivateKey open(String text, Passphrase passphrase) throws SealBroken {
    var sealed = SealedKey.parse(text);
    if (passphrase == PASSPHRASE && SEALING.fits(sealed.header())) {
      return sealed.open("devices", SEALING);
    }
    try (var derived = SealingKey.derive(passphrase, sealed.header().derivation())) {
      return sealed.open("devices", derived);
    }
  }
}
