package io.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class HashesTest {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void fingerprintIsTheSha256OfTheDerForm() {
    assertThat(Fingerprint.ofDer(new byte[0])).hasToString(EMPTY);
  }

  @Test
  void refuseAnythingButLowerCaseHex() {
    var upper = EMPTY.toUpperCase(Locale.ROOT);
    assertThatThrownBy(() -> new Fingerprint(upper)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PublicKeyHash(upper)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new PublicKeyHash(EMPTY)).hasToString(EMPTY);
  }

  @Test
  void revocationReasonsAreFoundByTheirExactWord() {
    for (var reason : RevocationReason.values()) {
      assertThat(RevocationReason.ofWord(reason.word())).contains(reason);
    }
    assertThat(RevocationReason.ofWord("keycompromise")).isEmpty();
    assertThat(RevocationReason.KEY_COMPROMISE.code()).isEqualTo(1);
  }

  @Test
  void idsKeepTheAlphabetOfThings() {
    assertThat(PrincipalId.isValid("a".repeat(128))).isTrue();
    for (var bad : new String[] {"", "a".repeat(129), "a\n", "é", "a/b", "a+", "#"}) {
      assertThatThrownBy(() -> new PrincipalId(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new PrincipalId("a")).isLessThan(new PrincipalId("b")).hasToString("a");
  }
}
