package io.sallyport.identity.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps by names, as the standard's own bytes have them. */
class CborTextTest {
  private static final HexFormat HEX = HexFormat.of();

  private static Map<String, Object> letters() {
    var letters = new LinkedHashMap<String, Object>();
    for (char letter = 'a'; letter <= 'e'; letter++) {
      letters.put(
          String.valueOf(letter), String.valueOf(letter).toUpperCase(java.util.Locale.ROOT));
    }
    return letters;
  }

  /** RFC 8949, appendix A. */
  @Test
  void writesTheExamplesOfTheStandard() {
    assertThat(CborText.write(letters()))
        .asHexString()
        .isEqualToIgnoringCase("a56161614161626142616361436164614461656145");
    assertThat(CborText.write(Map.of())).asHexString().isEqualToIgnoringCase("a0");
    assertThat(CborText.write(Map.of("a", 1_000)))
        .asHexString()
        .isEqualToIgnoringCase("a161611903e8");
    assertThat(CborText.write(Map.of("a", -1))).asHexString().isEqualToIgnoringCase("a1616120");
    assertThat(CborText.write(Map.of("a", Map.of("b", "\u6c34"))))
        .asHexString()
        .isEqualToIgnoringCase("a16161a1616263e6b0b4");
  }

  @Test
  void whatIsWrittenIsReadInItsOrder() throws Exception {
    var read = CborReader.of(CborText.write(letters()), 64, "it").members();

    assertThat(read).hasSize(5);
    assertThat(read.keySet()).containsExactly("a", "b", "c", "d", "e");
    assertThat(member(read, "e").text()).isEqualTo("E");
    var inner = CborReader.of(CborText.write(Map.of("x", Map.of("y", 7))), 64, "it");
    assertThat(member(member(inner.members(), "x").members(), "y").number()).isEqualTo(7);
  }

  private static CborReader member(Map<String, CborReader> members, String name) {
    return Objects.requireNonNull(members.get(name));
  }

  @Test
  void writesNothingThatItDoesNotKnow() {
    assertThatIllegalArgumentException().isThrownBy(() -> CborText.write(Map.of("a", 1L)));
    assertThatIllegalArgumentException().isThrownBy(() -> CborText.write(Map.of("a", new byte[1])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CborText.write(Map.of("a", Map.of("b", true))));
  }

  @ParameterizedTest
  @CsvSource({
    "a name that is a number, a10161 61, a name is not a text",
    "a name twice, a261610161 6102, not one CBOR value",
    "no map, 8101, is not a map",
    "a map with a tag, d9d9f7a0, is not a map",
    "a name that is no UTF-8, a161ff01, not one CBOR value",
    "a map that is cut, a2616101, not one CBOR value",
    "nothing, '', it is",
  })
  void readsNoMapThatIsNoneByNames(String what, String hex, String why) {
    assertThatThrownBy(() -> CborReader.of(HEX.parseHex(hex.replace(" ", "")), 64, "it").members())
        .as(what)
        .isInstanceOf(MalformedCbor.class)
        .hasMessageContaining(why);
  }

  /** RFC 8949, 3.2: one of them is what some clients' libraries write. */
  @Test
  void readsMapsAndTextsOfUnknownLength() throws Exception {
    var read = CborReader.of(HEX.parseHex("bf61617f61786179ffff"), 64, "it").members();

    assertThat(member(read, "a").text()).isEqualTo("xy");
  }
}
