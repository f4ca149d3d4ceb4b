package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShadowRequestTest {
  private static final int MAX = 8 * 1024;

  private static ShadowRequest update(String json) throws MalformedShadowRequest {
    return ShadowRequest.update(json.getBytes(StandardCharsets.UTF_8), MAX);
  }

  private static MalformedShadowRequest refusal(byte[] payload) {
    var refusal =
        catchThrowableOfType(
            MalformedShadowRequest.class, () -> ShadowRequest.update(payload, MAX));
    assertThat(refusal).as(new String(payload, StandardCharsets.UTF_8)).isNotNull();
    return refusal;
  }

  /** As AWS's SDKs send it. */
  @Test
  void whatTheTopicSaysMayBeSaidAgain() throws Exception {
    var json =
        "{\"thingName\":\"t\",\"shadowName\":\"s\",\"state\":{\"reported\":{\"a\":1}},\"clientToken\":\"c\"}";
    assertThat(ShadowRequest.update(json.getBytes(StandardCharsets.UTF_8), 8_192).clientToken())
        .isEqualTo("c");
  }

  private static void assertRefused(String json, int code, String message, @Nullable String token) {
    var refusal = refusal(json.getBytes(StandardCharsets.UTF_8));
    assertThat(refusal.error()).isEqualTo(new ShadowError(code, message));
    assertThat(refusal.clientToken()).isEqualTo(token);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'clientToken':'t'}                              | Missing required node: state",
        "{'clientToken':'t','state':[]}                   | State node must be an object",
        "{'clientToken':'t','state':'x'}                  | State node must be an object",
        "{'clientToken':'t','state':1}                    | State node must be an object",
        "{'clientToken':'t','state':true}                 | State node must be an object",
        "{'clientToken':'t','state':{'desired':[]}}       | Desired node must be an object",
        "{'clientToken':'t','state':{'reported':'x'}}     | Reported node must be an object",
        "{'clientToken':'t','state':{'wanted':{}}} | State contains an invalid node: 'wanted'",
        "{'clientToken':'t','state':{},'x':1}      | Document contains an invalid node: 'x'",
        "{'clientToken':'t','state':{},'version':-1}      | Invalid version",
        "{'clientToken':'t','state':{},'version':1.0}     | Invalid version",
        "{'clientToken':'t','state':{},'version':'1'}     | Invalid version",
        "{'clientToken':'t','state':{},'version':null}    | Invalid version",
        "{'clientToken':'t','state':{},'version':9223372036854775808} | Invalid version",
        "{'clientToken':'t','state':{'desired':{'a':[1,null]}}}"
            + " | State contains an invalid node: null in an array",
        "{'clientToken':'t','state':{'desired':{'a':[{'b':null}]}}}"
            + " | State contains an invalid node: null in an array",
      })
  void isRefusedInTheWordsOfAwsIotAndTheTokenIsRepeated(String json, String message) {
    assertRefused(json.replace('\'', '"'), 400, message, "t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{\"state\":{}}x",
        "{\"state\":{}} {}",
        "{\"state\":{},\"state\":{}}",
        "{\"state\":{\"desired\":{\"a\":1,\"a\":2}}}",
        "{\"state\":{\"desired\":{\"a\":1,\"\\u0061\":2}}}",
        "{state:{}}",
        "{'state':{}}",
        "{\"state\":{},}",
        "{\"state\":{\"desired\":{\"a\":01}}}",
        "{\"state\":{\"desired\":{\"a\":+1}}}",
        "{\"state\":{\"desired\":{\"a\":.5}}}",
        "{\"state\":{\"desired\":{\"a\":5.}}}",
        "{\"state\":{\"desired\":{\"a\":NaN}}}",
        "{\"state\":{\"desired\":{\"a\":\"\\ud800\"}}}",
        "{\"state\":{\"desired\":{\"\\ud800\":1}}}",
        "{\"state\":{\"desired\":{\"a\":\"\n\"}}}",
        "/**/{\"state\":{}}",
        "\uFEFF{\"state\":{}}",
      })
  void whatIsNoStrictJsonIsRefused(String json) {
    assertRefused(json, 400, "Invalid JSON", null);
  }

  @Test
  void otherEncodingsAreRefused() {
    assertThat(refusal(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}).error())
        .isEqualTo(ShadowError.NOT_UTF_8);
    // A surrogate in UTF-8.
    assertThat(refusal(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}).error().code())
        .isEqualTo(415);
    // A parser that guesses would read it.
    assertThat(refusal("{\"state\":{}}".getBytes(StandardCharsets.UTF_16BE)).error().code())
        .isEqualTo(400);
  }

  @Test
  void aTokenHasAtMost64Bytes() throws Exception {
    var most = "ä".repeat(32);
    assertThat(update("{\"state\":{},\"clientToken\":\"" + most + "\"}").clientToken())
        .isEqualTo(most);
    assertRefused(
        "{\"state\":{},\"clientToken\":\"" + most + "x\"}", 400, "Invalid clientToken", null);
    assertRefused("{\"state\":{},\"clientToken\":7}", 400, "Invalid clientToken", null);
  }

  @Test
  void eightLevelsAreRead() throws Exception {
    for (var open : new String[] {"{\"a\":", "["}) {
      var close = open.startsWith("{") ? "}" : "]";
      var eight = "{\"state\":{\"desired\":{\"x\":" + open.repeat(8) + "1" + close.repeat(8);
      assertThat(update(eight + "}}}").desired()).isNotNull();
      assertRefused(
          eight.replaceFirst("x\":", "x\":[") + "]}}}",
          400,
          "JSON contains too many levels of nesting; maximum is 8",
          null);
    }
    assertRefused("[".repeat(5_000), 400, "Invalid JSON", null);
  }

  @Test
  void aRequestIsAtMostTwiceAsLongAsAState() throws Exception {
    var spaces = " ".repeat(2 * MAX - 12);
    assertThat(update("{\"state\":{}}" + spaces).desired()).isNull();
    assertRefused(
        "{\"state\":{}} " + spaces, 413, "The payload exceeds the maximum size allowed", null);
  }

  @Test
  void longNamesAreCutInMessagesBetweenCharacters() {
    assertRefused(
        "{\"" + "\uD83D\uDE00".repeat(100) + "\":1}",
        400,
        "Document contains an invalid node: '" + "\uD83D\uDE00".repeat(64) + "'",
        null);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    var request =
        update("{\"state\":{\"desired\":null,\"reported\":{\"a\":{\"b\":null}}},\"version\":7}");
    assertThat(request.desired()).isEqualTo(JsonValue.Nothing.NOTHING);
    assertThat(request.reported()).isEqualTo(SectionTest.object("{\"a\":{\"b\":null}}"));
    assertThat(request.version()).isEqualTo(7);
    // The guide: a state of null empties the shadow.
    var empty = update("{\"state\":null}");
    assertThat(empty.desired()).isEqualTo(empty.reported()).isEqualTo(JsonValue.Nothing.NOTHING);
  }

  @Test
  void getAndDeleteSayNothingButATokenAndAVersion() throws Exception {
    assertThat(ShadowRequest.bare(new byte[0], MAX).clientToken()).isNull();
    var bare = "{\"clientToken\":\"t\",\"version\":3,\"more\":1}".getBytes(StandardCharsets.UTF_8);
    assertThat(ShadowRequest.bare(bare, MAX).version()).isEqualTo(3);
    assertThat(ShadowRequest.tokenOf(bare, MAX)).isEqualTo("t");
    var broken = "{\"clientToken\":\"t\",\"version\":-3}".getBytes(StandardCharsets.UTF_8);
    assertThat(ShadowRequest.tokenOf(broken, MAX)).isEqualTo("t");
    assertThat(ShadowRequest.tokenOf(new byte[] {'x'}, MAX)).isNull();
  }
}
