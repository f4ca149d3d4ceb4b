package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.policy.MalformedPolicy.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
  private static final String PUBLISH = Example.allow("iot:Publish", "topic/a");

  @Test
  void keepsTheTextAsItWasPut() throws Exception {
    var text = Example.text(PUBLISH) + " \n";
    assertThat(PolicyDocument.parse(text).json()).isEqualTo(text);
    assertThat(PolicyDocument.parse(text)).hasToString(text);
  }

  @Test
  void isEqualToADocumentOfTheSameText() throws Exception {
    var text = Example.text(PUBLISH);
    var one = PolicyDocument.parse(text);
    assertThat(one).isEqualTo(PolicyDocument.parse(text)).isNotEqualTo(text);
    assertThat(one).hasSameHashCodeAs(PolicyDocument.parse(text));
    assertThat(one).isNotEqualTo(PolicyDocument.parse(text + " "));
  }

  @Test
  void takesOneValueForAListOfOne() {
    assertThatCode(
            () ->
                PolicyDocument.parse(
                    """
                    {"Id": "x", "Version": "2012-10-17", "Statement": {"Effect": "Deny",
                     "NotAction": "iot:Connect", "NotResource": "*", "Sid": "s"}}\
                    """))
        .doesNotThrowAnyException();
  }

  @Test
  void readsTheVersionAlsoBehindTheStatements() {
    accepted("{\"Statement\": [" + PUBLISH + "], \"Version\": \"2012-10-17\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "  ", "{", "[", "nul", "{} {}", "{\"Version\": \"2012-10-17\",}", "{'a': 1}"})
  void refusesWhatIsNotJson(String text) {
    assertThat(refusal(text).reason()).isIn(Reason.NOT_JSON, Reason.WRONG_TYPE);
  }

  @Test
  void refusesAnythingBehindTheDocument() {
    refused(Example.text(PUBLISH) + " {}", Reason.NOT_JSON);
    refused(Example.text(PUBLISH) + " x", Reason.NOT_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"x\"", "null", "true"})
  void refusesAnotherTypeThanAnObject(String text) {
    refused(text, Reason.WRONG_TYPE);
  }

  @Test
  void refusesWrongTypesInside() {
    refused("{\"Version\": 2012, \"Statement\": []}", Reason.WRONG_TYPE);
    refused("{\"Id\": null, \"Statement\": []}", Reason.WRONG_TYPE);
    refused("{\"Statement\": \"x\"}", Reason.WRONG_TYPE);
    refused("{\"Statement\": [[" + PUBLISH + "]]}", Reason.WRONG_TYPE);
    refused(statement("\"Action\": {}"), Reason.WRONG_TYPE);
    refused(statement("\"Action\": [[\"iot:*\"]]"), Reason.WRONG_TYPE);
    refused(statement("\"Resource\": [1]"), Reason.WRONG_TYPE);
    refused(statement("\"Effect\": [\"Allow\"]"), Reason.WRONG_TYPE);
  }

  @Test
  void refusesEmptyLists() {
    refused("{\"Version\": \"2012-10-17\", \"Statement\": []}", Reason.EMPTY_LIST);
    refused(statement("\"Action\": []"), Reason.EMPTY_LIST);
    refused(statement("\"Resource\": []"), Reason.EMPTY_LIST);
  }

  @Test
  void refusesAMemberTwice() {
    refused("{\"Version\": \"2012-10-17\", \"Version\": \"2012-10-17\"}", Reason.DUPLICATE_MEMBER);
    refused(statement("\"Effect\": \"Deny\", \"Effect\": \"Allow\""), Reason.DUPLICATE_MEMBER);
    refused(
        statement("\"Effect\": \"Deny\", \"\\u0045ffect\": \"Allow\""), Reason.DUPLICATE_MEMBER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Principal", "effect", "ACTION", "Effect ", "Comment", ""})
  void refusesUnknownMembersOfAStatement(String name) {
    refused(statement("\"" + name + "\": \"x\""), Reason.UNKNOWN_MEMBER);
  }

  @Test
  void refusesUnknownMembersOfThePolicy() {
    refused("{\"version\": \"2012-10-17\"}", Reason.UNKNOWN_MEMBER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2008-10-17", "2012-10-18", "", "latest"})
  void refusesEveryOtherVersion(String version) {
    refused("{\"Version\": \"" + version + "\", \"Statement\": " + PUBLISH + "}", Reason.VERSION);
  }

  @Test
  void refusesAMissingVersion() {
    refused("{\"Statement\": " + PUBLISH + "}", Reason.VERSION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allow", "ALLOW", "Permit", "", " Allow"})
  void refusesEveryOtherEffect(String effect) {
    refused(statement("\"Effect\": \"" + effect + "\""), Reason.EFFECT);
  }

  @Test
  void refusesAStatementThatLacksSomething() {
    var action = "\"Action\": \"iot:*\"";
    var effect = "\"Effect\": \"Allow\"";
    var resource = "\"Resource\": \"*\"";
    accepted(statement(effect + "," + action + "," + resource));
    refused(statement(action + "," + resource), Reason.MISSING_OR_CONFLICTING_MEMBER);
    refused(statement(effect + "," + resource), Reason.MISSING_OR_CONFLICTING_MEMBER);
    refused(statement(effect + "," + action), Reason.MISSING_OR_CONFLICTING_MEMBER);
    refused(statement(""), Reason.MISSING_OR_CONFLICTING_MEMBER);
    refused("{\"Version\": \"2012-10-17\"}", Reason.MISSING_OR_CONFLICTING_MEMBER);
  }

  @Test
  void refusesAnElementTogetherWithItsNegation() {
    refused(
        statement("\"Action\": \"iot:*\", \"NotAction\": \"iot:Publish\""),
        Reason.MISSING_OR_CONFLICTING_MEMBER);
    refused(
        statement("\"NotResource\": \"*\", \"Resource\": \"*\""),
        Reason.MISSING_OR_CONFLICTING_MEMBER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iot:Foo", "iot:Publish2", "iot:Publishh", "Publish", "publish", "s3:GetObject", "iot",
        "iot:", "", "iot:Pub*x", "iot:Publish ", "i o t:*", "iot:${iot:ClientId}", "topic/*",
        "iot:Publi\\u00dfh"
      })
  void refusesActionsThatNobodyKnows(String action) {
    refused(Example.text(Example.allow(action, "*")), Reason.ACTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "iot:*",
        "IOT:PUBLISH",
        "iot:pub*",
        "iot:?ublish",
        "iot:GetThingShadow",
        "iotjobsdata:*",
        "iot:DeleteConnection",
        "sallyport:ShareGroup",
        "*Thing*"
      })
  void takesActionsThatAreKnownAlsoIfNothingHereAsksForThem(String action) {
    accepted(Example.text(Example.allow(action, "*")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iot:us-east-1:123456789012:topic/a",
        "arn:aws-cn:iot:cn-north-1:123456789012:topic/a",
        "arn:aws-us-gov:iot:us-*-1:12345678901?:client/*",
        "arn:aws:iot:*:*:*",
        "arn:aws:iot:*:*:top*",
        "arn:aws:iot:*:*:topic/a:b/c d/+/#",
        "arn:aws:iot:*:*:topicfilter/$aws/things/+/shadow/#",
        "arn:aws:iot:*:*:topic/{}/$/${$}/${*}/${?}",
        "arn:aws:iot:*:*:thing/x",
        "arn:aws:iot:*:*:sharegroup/workers",
        "arn:aws:iot:*:*:topic/\uD83D\uDE00"
      })
  void takesArnsOfAwsIot(String arn) {
    accepted(Example.text(resource(arn)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "topic/a",
        "**",
        "?",
        "arn:*",
        "arn:aws:iot:*",
        "arn:aws:iot:us-east-1:*",
        "arn:aws:iot:us-*:topic/x",
        "arn:aws:iot::123456789012:topic/a",
        "arn:aws:iot:us-east-1::topic/a",
        "arn:aws:s3:*:*:topic/a",
        "arn:*:iot:*:*:topic/a",
        "ARN:aws:iot:*:*:topic/a",
        "arn:aws:IOT:*:*:topic/a",
        "arn:aws:iot:*:*:",
        "arn:aws:iot:*:*:topic",
        "arn:aws:iot:*:*:topic/",
        "arn:aws:iot:*:*:Topic/a",
        "arn:aws:iot:*:*:topics/a",
        "arn:aws:iot:*:*:x*/a",
        "arn:aws:iot:*:*:/topic/a",
        " arn:aws:iot:*:*:topic/a",
        "arn:aws:iot:US:*:topic/a",
        "arn:aws:iot:*:abc:topic/a",
        "arn:aws:iot:*:*:${iot:ClientId}/a",
        "arn:aws:iot:*:*:*${iot:ClientId}",
        "arn:aws:iot:${iot:ClientId}:*:topic/a"
      })
  void refusesOtherResources(String resource) {
    refused(Example.text(resource(resource)), Reason.RESOURCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "iot:ClientId",
        "iot:Connection.Thing.ThingName",
        "iot:Connection.Thing.ThingTypeName",
        "iot:Connection.Thing.IsAttached",
        "iot:Connection.Thing.Attributes[site]",
        "iot:Connection.Thing.Attributes[a.b/c#1]",
        "iot:Certificate.Subject.CommonName",
        "iot:Certificate.Subject.CommonName.0",
        "iot:Certificate.Issuer.Organization.4",
        "iot:Certificate.Subject.AlternativeName.DNSName.1",
        "iot:Certificate.SerialNumber",
        "iot:Certificate.Subject.SerialNumber",
        "iot:Certificate.AvailableKeys",
        "iot:DomainName",
        "aws:SourceIp",
        "aws:SecureTransport",
        "sallyport:ListenerName"
      })
  void takesTheVariablesOfThisLanguage(String variable) {
    accepted(Example.text(Example.allow("iot:Publish", "topic/${" + variable + "}")));
  }

  @ParameterizedTest
  @CsvSource({
    "${,                                            VARIABLE",
    "${iot:ClientId,                                VARIABLE",
    "x${}y,                                         VARIABLE",
    "${iot:clientid},                               VARIABLE",
    "${ iot:ClientId},                              VARIABLE",
    "${iot:ClientId${*}},                           VARIABLE",
    "${**},                                         VARIABLE",
    "${iot:Thing.ThingName},                        VARIABLE",
    "${aws:username},                               VARIABLE",
    "${iot:Connection.Thing.Attributes},            VARIABLE",
    "${iot:Connection.Thing.Attributes[]},          VARIABLE",
    "${iot:Connection.Thing.Attributes[a]b]},       VARIABLE",
    "${iot:Certificate.Subject.Foo},                VARIABLE",
    "${iot:Certificate.Subject.CommonName.5},       VARIABLE",
    "${iot:Certificate.Subject.CommonName.01},      VARIABLE",
    "${iot:Certificate.Subject.CommonName.-1},      VARIABLE",
    "${iot:Certificate.Subject.Organization.List},  VARIABLE",
    "${iot:Certificate.SerialNumber.0},             VARIABLE",
    "${aws:CurrentTime},                            UNSUPPORTED",
    "${iot:LastWillTopic},                          UNSUPPORTED",
    "${sallyport:TimeOfDay},                        VARIABLE",
  })
  void refusesOtherVariables(String name, Reason reason) {
    refused(Example.text(Example.allow("iot:Publish", "topic/" + name)), reason);
  }

  @Test
  void namesTheVariableThatWasMeant() {
    assertThat(refusal(Example.text(Example.allow("iot:Publish", "topic/${iot:Thing.ThingName}"))))
        .hasMessageContaining("iot:Connection.Thing.ThingName");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\u0007", "\\n", "\\u007f", "\\u0085", "\\ud800", "\\udc00x"})
  void refusesLettersThatNoNameMayHold(String letter) {
    refused(
        "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\":"
            + " \"iot:*\", \"Resource\": \"arn:aws:iot:*:*:topic/"
            + letter
            + "\"}}",
        Reason.TEXT);
    refused("{\"Id\": \"" + letter + "\"}", Reason.TEXT);
    refused(statement("\"Sid\": \"" + letter + "\""), Reason.TEXT);
  }

  @Test
  void refusesAnOverlongSid() {
    refused(statement("\"Sid\": \"" + "s".repeat(129) + "\""), Reason.TEXT);
  }

  @Test
  void takesAResourceOfTheGreatestLengthAndNoneLonger() {
    var prefix = "arn:aws:iot:*:*:topic/";
    var rest = "a".repeat(ResourcePattern.LENGTH_MAX - prefix.length());
    accepted(Example.text(resource(prefix + rest)));
    refused(Example.text(resource(prefix + rest + "a")), Reason.TEXT);
  }

  @Test
  void takesADocumentOfTheGreatestSizeAndNoneLarger() {
    var text = Example.text(PUBLISH);
    var padding = " ".repeat(PolicyDocument.BYTES_MAX - text.length());
    accepted(text + padding);
    refused(text + padding + " ", Reason.TOO_LARGE);
    refused("\u00e9".repeat(PolicyDocument.BYTES_MAX - 1), Reason.TOO_LARGE);
  }

  @Test
  void refusesNestingWithoutEnd() {
    refused("[".repeat(10_000), Reason.WRONG_TYPE);
    assertThat(refusal("{\"Statement\": " + "[".repeat(10_000)).reason())
        .isIn(Reason.WRONG_TYPE, Reason.NOT_JSON);
  }

  @Test
  void sayingWhatWasReadItShortensItAndDisarmsIt() {
    var refusal = refusal(statement("\"Effect\": \"\\u001b[31m" + "x".repeat(500) + "\""));
    assertThat(refusal.getMessage()).hasSizeLessThan(200).doesNotContain("\u001b").contains("...");
  }

  @Test
  void countsLinesAndColumnsFromOne() {
    var refusal = refusal("{\n  \"Version\": \"2012-10-17\",\n  \"Foo\": 1}");
    assertThat(refusal.line()).isEqualTo(3);
    assertThat(refusal.column()).isEqualTo(3);
    var unreadable = refusal("{\n  \"Version\": nix}");
    assertThat(unreadable.line()).isEqualTo(2);
    assertThat(refusal("").line()).isEqualTo(1);
  }

  private static String resource(String arn) {
    return "{\"Effect\": \"Allow\", \"Action\": \"iot:*\", \"Resource\": \"" + arn + "\"}";
  }

  private static String statement(String members) {
    return "{\"Version\": \"2012-10-17\", \"Statement\": [{" + members + "}]}";
  }

  private static void accepted(String text) {
    assertThatCode(() -> PolicyDocument.parse(text)).doesNotThrowAnyException();
  }

  private static void refused(String text, Reason reason) {
    assertThat(refusal(text).reason()).as(text).isEqualTo(reason);
  }

  private static MalformedPolicy refusal(String text) {
    var refusal = catchThrowableOfType(MalformedPolicy.class, () -> PolicyDocument.parse(text));
    assertThat(refusal).as("refusal of " + text).isNotNull();
    assertThat(refusal.line()).isPositive();
    assertThat(refusal.column()).isPositive();
    assertThat(refusal.getMessage()).isNotBlank().doesNotContain("\n");
    return refusal;
  }
}
