package io.sallyport.policy.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final int LENGTH = 1 << 16;

  /** How often a letter may be looked at; going back for ever would be a share of LENGTH. */
  private static final long READS_MAX = 2_000;

  private static Set<Secret> found(String payload) {
    return Secret.in(payload.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PRIVATE_KEY|{\"k\": \"-----BEGIN PRIVATE KEY-----\\nMIG\"}",
        "PRIVATE_KEY|-----BEGIN EC PRIVATE KEY-----",
        "PRIVATE_KEY|-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "PRIVATE_KEY|-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "PASSWORD|{\"wifi_password\" : \"hunter22\"}",
        "PASSWORD|{\"mqtt\":{\"Passwd\":\"hunter22\"}}",
        "PASSWORD|ssid=plant&psk=0123456789",
        "PASSWORD|password: 'correct horse'",
        "PASSWORD|{\"url\":\"https://bob:hunter22@example.com/a\"}",
        "TOKEN|{\"access_token\":\"0a1b2c3d4e\"}",
        "TOKEN|{\"aws\":\"AKIAABCDEFGHIJKLMNOP\"}",
        "TOKEN|Authorization: Bearer abcdefghijklmnopqrstuvwx",
        "TOKEN|ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "TOKEN|eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"
      })
  void knowsASecretByItsForm(Secret expected, String payload) {
    assertThat(found(payload)).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"temperature\": 21.5, \"state\": \"on\"}",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "{\"password\": \"\"}",
        "{\"password\": null, \"n\": 1}",
        "{\"password\": \"********\"}",
        "{\"password\": \"${WIFI_PASSWORD}\"}",
        "{\"password\": \"<redacted>\"}",
        "{\"passwordExpired\": \"tomorrow-morning\"}",
        "{\"clientToken\": \"0a1b2c3d4e5f\"}",
        "{\"nextToken\": \"0a1b2c3d4e5f\"}",
        "the password is changed in the app",
        "https://example.com:8443/a@b",
        "eyJust.a.word"
      })
  void saysNothingOfWhatIsNone(String payload) {
    assertThat(found(payload)).isEmpty();
  }

  @Test
  void findsItAmongBytesThatAreNoText() {
    var payload = "\u0000\u00ff-----BEGIN RSA PRIVATE KEY-----\u0001 password=hunter22";
    assertThat(found(payload)).containsExactly(Secret.PRIVATE_KEY, Secret.PASSWORD);
    assertThat(Secret.words(found(payload))).isEqualTo("a private key and a password");
  }

  /** Whoever may retain must not be able to keep the server busy with it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "eyJ",
        "eyJa-",
        "a:",
        "a://b",
        "a://b:c",
        "password",
        "password:",
        "a_",
        "-----BEGIN "
      })
  void takesNoLongerForATextMadeToGoBackForever(String part) {
    var text = new Counting(part.repeat(LENGTH / part.length()));
    Secret.in(text);
    assertThat(text.reads).isLessThan(READS_MAX * LENGTH);
  }

  /** Counts how often a letter is looked at, which is the same on every machine. */
  private static final class Counting implements CharSequence {
    private final String text;
    private long reads;

    Counting(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
