package io.sallyport.identity.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages with one signature, of others and of attackers. */
class CoseSign1Test {
  // RFC 9052, appendix C.2.1, with the key of appendix C.7.1 that is named "11".
  private static final String SIGNED =
      "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac"
          + "34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b09"
          + "16e5a4c345cacb36";
  private static final String X =
      "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff";
  private static final String Y =
      "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";

  @Test
  void verifiesTheExampleOfTheStandard() throws Exception {
    var message = parse(SIGNED);

    assertThat(message.isSignedBy(key())).isTrue();
    assertThat(message.payload()).asString().isEqualTo("This is the content.");
    assertThat(message.keyId()).asString().isEqualTo("11");
  }

  @Test
  void isNotSignedTogetherWithSomethingElse() throws Exception {
    assertThat(parse(SIGNED).isSignedBy(key(), new byte[] {1})).isFalse();
  }

  /** But for the name of the key, which is a hint and not covered. */
  @Test
  void anyOtherByteIsNoticed() throws Exception {
    var good = HexFormat.of().parseHex(SIGNED);
    var key = key();
    int keyIdFrom = SIGNED.indexOf("a104423131") / 2;
    for (int at = 0; at < good.length; at++) {
      if (at >= keyIdFrom && at < keyIdFrom + 5) {
        continue;
      }
      var changed = good.clone();
      changed[at] ^= 1;
      assertThat(isBelieved(changed, key)).as("byte %s", at).isFalse();
    }
  }

  @Test
  void aShorterOneIsNone() throws Exception {
    var good = HexFormat.of().parseHex(SIGNED);
    for (int length = 0; length < good.length; length++) {
      assertThat(isBelieved(java.util.Arrays.copyOf(good, length), key()))
          .as("%s bytes", length)
          .isFalse();
    }
  }

  @Test
  void aKeyOfAnotherCurveVerifiesNothing() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));

    assertThat(parse(SIGNED).isSignedBy(generator.generateKeyPair().getPublic())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "the algorithm is not covered, 8441a0a101264040, lacks the claim 1",
    "the algorithm is told twice, 8443a10126a101264040, unprotected",
    "unknown algorithm, 8445a1013900ffa04040, algorithm -256",
    "RSA is for receipts only, 8444a1013824a04040, algorithm -37",
    "critical parameters, 8446a20126028103a04040, critical",
    "a key twice, 8445a201260126a04040, not one CBOR value",
    "three parts, 8343a10126a040, four parts",
    "detached payload, 8443a10126a0f640, not a byte string",
    "a tag for something else, d18443a10126a04040, another tag",
    "two tags, d2d28443a10126a04040, another tag",
    "something after it, 8443a10126a0404000, not one CBOR value",
    "a header that is none, 844101a04040, not a map",
  })
  void refuses(String what, String hex, String why) {
    assertThatThrownBy(() -> parse(hex))
        .as(what)
        .isInstanceOf(MalformedCbor.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesTooManyLevelsAndBytes() {
    var deep = "81".repeat(CborReader.DEPTH_MAX + 1) + "00";

    assertThatThrownBy(() -> parse(deep)).isInstanceOf(MalformedCbor.class);
    assertThatThrownBy(() -> parse("81".repeat(4000) + "00")).isInstanceOf(MalformedCbor.class);
    assertThatThrownBy(() -> CoseSign1.parse(HexFormat.of().parseHex(SIGNED), 97))
        .isInstanceOf(MalformedCbor.class)
        .hasMessageContaining("97 bytes");
  }

  private static boolean isBelieved(byte[] encoded, PublicKey key) {
    try {
      return CoseSign1.parse(encoded, 4096).isSignedBy(key);
    } catch (MalformedCbor e) {
      return false;
    }
  }

  private static CoseSign1 parse(String hex) throws MalformedCbor {
    return CoseSign1.parse(HexFormat.of().parseHex(hex), 8192);
  }

  private static PublicKey key() throws Exception {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var point = new ECPoint(new BigInteger(X, 16), new BigInteger(Y, 16));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }
}
