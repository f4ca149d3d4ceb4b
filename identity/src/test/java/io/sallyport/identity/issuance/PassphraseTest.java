package io.sallyport.identity.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassphraseTest {
  @ParameterizedTest
  @ValueSource(strings = {"pässword ", "pässword \n", "pässword \r\n"})
  void leavesOutOnlyTheLineEnd(String text) {
    try (var passphrase = Passphrase.of(text.getBytes(StandardCharsets.UTF_8))) {
      assertThat(new String(passphrase.utf8(), StandardCharsets.UTF_8)).isEqualTo("pässword ");
      assertThat(passphrase.characters()).isEqualTo("pässword ".toCharArray());
    }
  }

  @Test
  void refusesNothingTooMuchAndWhatIsNotText() {
    for (var bad :
        new byte[][] {
          {}, {'\n'}, {'\r', '\n'}, new byte[Passphrase.BYTES_MAX + 1], {(byte) 0xff}
        }) {
      assertThatThrownBy(() -> Passphrase.of(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    Passphrase.of(new byte[Passphrase.BYTES_MAX]).close();
  }

  @Test
  void generatedOnesAreLongAndNeverEqual() {
    try (var one = Passphrase.generate();
        var other = Passphrase.generate()) {
      assertThat(one.utf8()).hasSize(43).isNotEqualTo(other.utf8());
    }
  }

  @Test
  void hidesAndWipesItself() {
    var secret = "secret".getBytes(StandardCharsets.UTF_8);
    var passphrase = Passphrase.of(secret);
    assertThat(passphrase).hasToString("Passphrase[hidden]");
    passphrase.close();
    assertThat(passphrase.utf8()).containsOnly(0);
    assertThat(secret).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
  }
}
