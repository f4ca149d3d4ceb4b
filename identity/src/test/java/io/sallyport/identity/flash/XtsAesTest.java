package io.sallyport.identity.flash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of IEEE 1619-2007, annex B. */
class XtsAesTest {
  /** Vectors 2 and 3: two blocks, so that the second mask is multiplied once. */
  @ParameterizedTest
  @CsvSource({
    "11111111111111111111111111111111,"
        + "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0",
    "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0,"
        + "af85336b597afc1a900b2eb21ec949d292df4c047e0b21532186a5971a227a89"
  })
  void encryptsAsTheStandardWith128Bits(String dataKey, String expected) {
    var bytes = hex("44".repeat(32));

    XtsAes.encrypting(hex(dataKey + "22".repeat(16))).process(bytes, 0, 32, 0x3333333333L);

    assertThat(bytes).isEqualTo(hex(expected));
  }

  /** Vector 1, which has nothing but zeros. */
  @Test
  void encryptsZerosAsTheStandard() {
    var bytes = new byte[32];

    XtsAes.encrypting(new byte[32]).process(bytes, 0, 32, 0);

    assertThat(bytes)
        .isEqualTo(hex("917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e"));
  }

  /** Vector 10: 256 bits and 32 blocks, with every carry of the multiplication. */
  @Test
  void encryptsAsTheStandardWith256Bits() {
    var key =
        hex(
            "2718281828459045235360287471352662497757247093699959574966967627"
                + "3141592653589793238462643383279502884197169399375105820974944592");
    var bytes = new byte[512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    var clear = bytes.clone();

    XtsAes.encrypting(key).process(bytes, 0, bytes.length, 0xff);
    assertThat(bytes).isEqualTo(hex(EXPECTED));

    XtsAes.decrypting(key).process(bytes, 0, bytes.length, 0xff);
    assertThat(bytes).isEqualTo(clear);
  }

  @Test
  void changesNothingBesideTheDataUnit() {
    var bytes = new byte[96];

    XtsAes.encrypting(new byte[64]).process(bytes, 32, 32, 7);

    assertThat(Arrays.copyOf(bytes, 32)).containsOnly(0);
    assertThat(Arrays.copyOfRange(bytes, 64, 96)).containsOnly(0);
    assertThatThrownBy(() -> XtsAes.encrypting(new byte[64]).process(bytes, 0, 33, 7))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static final String EXPECTED =
      "1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b5d31e276f8fe"
          + "4a8d66b317f9ac683f44680a86ac35adfc3345befecb4bb188fd5776926c49a3095eb108fd10"
          + "98baec70aaa66999a72a82f27d848b21d4a741b0c5cd4d5fff9dac89aeba122961d03a757123"
          + "e9870f8acf1000020887891429ca2a3e7a7d7df7b10355165c8b9a6d0a7de8b062c4500dc4cd"
          + "120c0f7418dae3d0b5781c34803fa75421c790dfe1de1834f280d7667b327f6c8cd7557e12ac"
          + "3a0f93ec05c52e0493ef31a12d3d9260f79a289d6a379bc70c50841473d1a8cc81ec583e9645"
          + "e07b8d9670655ba5bbcfecc6dc3966380ad8fecb17b6ba02469a020a84e18e8f84252070c13e"
          + "9f1f289be54fbc481457778f616015e1327a02b140f1505eb309326d68378f8374595c849d84"
          + "f4c333ec4423885143cb47bd71c5edae9be69a2ffeceb1bec9de244fbe15992b11b77c040f12"
          + "bd8f6a975a44a0f90c29a9abc3d4d893927284c58754cce294529f8614dcd2aba991925fedc4"
          + "ae74ffac6e333b93eb4aff0479da9a410e4450e0dd7ae4c6e2910900575da401fc07059f645e"
          + "8b7e9bfdef33943054ff84011493c27b3429eaedb4ed5376441a77ed43851ad77f16f541dfd2"
          + "69d50d6a5f14fb0aab1cbb4c1550be97f7ab4066193c4caa773dad38014bd2092fa755c824bb"
          + "5e54c4f36ffda9fcea70b9c6e693e148c151";
}
