package io.sallyport.identity.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.cose.CoseSign1;
import io.sallyport.identity.cose.MalformedCbor;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The examples of cose-wg/Examples at 53c9d634, by the reader of COSE_Sign1 in general, and by the
 * one of commands, which takes none of them. RFC 9052 lets the algorithm be outside the signature
 * (sign-pass-01) and ES512 be over P-256 (ecdsa-sig-04); neither is taken here.
 */
class CoseVectorsTest {
  private static final String PAYLOAD = "54546869732069732074686520636f6e74656e742e5840";
  private static final String SIGNATURE =
      "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
          + "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36";
  private static final String OTHER_SIGNATURE =
      "6520bbaf2081d7e0ed0f95f76eb0733d667005f7467cec4b87b9381a6ba1ede8"
          + "e00df29f32a37230f39a842a54821fdd223092819d7728efb9d3a0080b75380b";

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "sign-pass-02,d28443a10126a104423131,"
        + "10729cd711cb3813d8d8e944a8da7111e7b258c9bdca6135f7ae1adbee950989"
        + "1267837e1e33bd36c150326ae62755c6bd8e540c3e8f92d7d225e8db72b8820b,"
        + "11aa22bb33cc44dd55006699,true",
    "sign-pass-03,8443a10126a104423131," + SIGNATURE + ",'',true",
    "ecdsa-sig-01,d28445a201260300a104423131," + OTHER_SIGNATURE + ",'',true",
    "ecdsa-sig-04,d28444a1013823a104423131,"
        + "eb18b84ed674284e5ed861c3943e101bed5db9f560c0f0292b34362990d1c59b"
        + "10df7946cbc6ca3dcbd6c17a6dd1d711f50337baa6b4fcfae0efc70e52c1de0f,'',false",
    "sign-pass-01,d28441a0a201260442313"
        + "1,"
        + "87db0d2e5571843b78ac33ecb2830df7b6e0a4d5b7376de336b23c591c90c425"
        + "317e56127fbe04370097ce347087b233bf722b64072beb4486bda4031d27244f,'',false",
    "sign-fail-01,d903e68443a10126a104423131," + SIGNATURE + ",'',false",
    "sign-fail-03,d28445a1013903e6a104423131," + SIGNATURE + ",'',false",
    "sign-fail-04,d2844aa10167756e6b6e6f776ea104423131," + SIGNATURE + ",'',false",
    "sign-fail-06,d28445a201260300a104423131," + SIGNATURE + ",'',false",
    "sign-fail-07,d28443a10126a104423131," + OTHER_SIGNATURE + ",'',false",
  })
  void areAsTheyShouldBe(
      String name, String head, String signature, String besides, boolean verified) {
    var message = HexFormat.of().parseHex(head + PAYLOAD + signature);
    assertThat(isVerified(message, HexFormat.of().parseHex(besides))).as(name).isEqualTo(verified);
    isNoCommand(message);
  }

  @ParameterizedTest
  @CsvSource("sign-fail-02")
  void aChangedPayloadIsNoticed(String name) {
    var changed = PAYLOAD.replace("2e5840", "2f5840");
    var message = HexFormat.of().parseHex("d28443a10126a104423131" + changed + SIGNATURE);
    assertThat(isVerified(message, new byte[0])).as(name).isFalse();
    isNoCommand(message);
  }

  private static boolean isVerified(byte[] message, byte[] besides) {
    try {
      return CoseSign1.parse(message, 4096).isSignedBy(TestKeys.COMMAND.publicKey(), besides);
    } catch (MalformedCbor e) {
      return false;
    }
  }

  private static void isNoCommand(byte[] message) {
    var verdict =
        CommandVerifierTest.verifier()
            .decide(
                message,
                Channel.COMMANDS,
                new Freshness.Clock(Instant.ofEpochSecond(Vectors.NOW), Duration.ofSeconds(60)),
                _ -> ReplayWindow.empty(64));
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
  }
}
