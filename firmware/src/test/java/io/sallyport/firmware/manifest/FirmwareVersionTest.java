package io.sallyport.firmware.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareVersionTest {
  /** The example of Semantic Versioning 2.0.0, section 11, and a fourth number. */
  private static final List<String> ASCENDING =
      List.of(
          "0.9.99999999",
          "1.0.0-alpha",
          "1.0.0-alpha.1",
          "1.0.0-alpha.beta",
          "1.0.0-beta",
          "1.0.0-beta.2",
          "1.0.0-beta.11",
          "1.0.0-rc.1",
          "1",
          "1.0.0.1",
          "1.0.1",
          "1.2",
          "1.10",
          "2.0.0",
          "10");

  @Test
  void areInTheOrderOfSemanticVersioning() {
    for (int low = 0; low < ASCENDING.size(); low++) {
      for (int high = 0; high < ASCENDING.size(); high++) {
        var one = new FirmwareVersion(ASCENDING.get(low));
        var other = new FirmwareVersion(ASCENDING.get(high));
        assertThat(Integer.signum(one.compareTo(other)))
            .as(one + " and " + other)
            .isEqualTo(Integer.compare(low, high));
      }
    }
  }

  @Test
  void buildMetadataAndTrailingZerosDoNotCount() {
    var plain = new FirmwareVersion("1.2.3");

    assertThat(plain).isEqualByComparingTo(new FirmwareVersion("1.2.3+45"));
    assertThat(plain).isEqualByComparingTo(new FirmwareVersion("1.2.3.0"));
    assertThat(new FirmwareVersion("1.2.3-rc.01"))
        .isEqualByComparingTo(new FirmwareVersion("1.2.3-rc.1"));
    assertThat(plain).isNotEqualTo(new FirmwareVersion("1.2.3.0"));
    assertThat(plain).hasSameHashCodeAs(new FirmwareVersion("1.2.3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v1",
        "1.",
        ".1",
        "1..2",
        "1.2.3.4.5",
        "1-",
        "1.2+",
        "1.2.3-a..b",
        "1234567890",
        "1 2",
        "1.2.3-ä",
        "1.2.3-01234567890123456789012345678901234567890123456789012345678901"
      })
  void refusesWhatIsNone(String text) {
    assertThat(FirmwareVersion.isValid(text)).isFalse();
    assertThatThrownBy(() -> new FirmwareVersion(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.4.2");
  }
}
