package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
  private static final String SITE = "iot:Connection.Thing.Attributes[site]";

  @ParameterizedTest
  @CsvSource({
    "StringEquals,              berlin,            berlin,     true",
    "StringEquals,              berlin,            Berlin,     false",
    "StringEquals,              ber*,              berlin,     false",
    "StringEquals,              ber${*},           ber*,       true",
    "StringNotEquals,           berlin,            berlin,     false",
    "StringNotEquals,           berlin,            paris,      true",
    "StringEqualsIgnoreCase,    BERLIN,            berlin,     true",
    "StringNotEqualsIgnoreCase, BERLIN,            berlin,     false",
    "StringLike,                b?r*n,             berlin,     true",
    "StringLike,                b?r*n,             brn,        false",
    "StringLike,                b${*},             berlin,     false",
    "StringLike,                ${iot:ClientId}-*, *-1,        true",
    "StringLike,                ${iot:ClientId}-*, x-1,        false",
    "StringNotLike,             b*,                berlin,     false",
    "StringEquals,              ${iot:ClientId},   *,          true",
    "NumericEquals,             5,                 5.0,        true",
    "NumericNotEquals,          5,                 5.0,        false",
    "NumericNotEquals,          5,                 4,          true",
    "NumericLessThan,           5,                 4.99,       true",
    "NumericLessThan,           5,                 5,          false",
    "NumericLessThanEquals,     5,                 5,          true",
    "NumericGreaterThan,        -5,                -4,         true",
    "NumericGreaterThanEquals,  5,                 5,          true",
    "DateLessThan,              2026-11-22T00:00:00Z,      2026-11-21,                true",
    "DateLessThan,              2026-11-22,                2026-11-22T00:00:00+02:00, true",
    "DateGreaterThan,           1700000000,                2026-11-22T10:00Z,         true",
    "DateEquals,                2026-11-22T00:00:00Z,      2026-11-22T02:00:00+02:00, true",
    "DateNotEquals,             2026-11-22,                2026-11-22,                false",
    "DateLessThanEquals,        2026-11-22,                2026-11-22,                true",
    "DateGreaterThanEquals,     2026-11-22,                2026-11-21,                false",
    "Bool,                      true,              True,       true",
    "Bool,                      false,             true,       false",
    "BinaryEquals,              YmVybGlu,          berlin,     true",
    "BinaryEquals,              YmVybGlu,          Berlin,     false",
    "IpAddress,                 10.0.0.0/8,        10.9.8.7,   true",
    "IpAddress,                 10.0.0.0/9,        10.128.0.1, false",
    "IpAddress,                 10.0.0.1,          10.0.0.1,   true",
    "IpAddress,                 0.0.0.0/0,         ::1,        false",
    "IpAddress,                 2001:db8::/33,     2001:db8:7fff::1, true",
    "IpAddress,                 2001:db8::/33,     2001:db8:8000::1, false",
    "IpAddress,                 10.0.0.0/8,        ::ffff:10.1.1.1,  true",
    "NotIpAddress,              10.0.0.0/8,        10.9.8.7,   false",
    "NotIpAddress,              10.0.0.0/8,        11.9.8.7,   true",
    "VersionLessThan,           1.10.0,            1.9.9,      true",
    "VersionLessThan,           1.0.0,             1.0.0-rc.2, true",
    "VersionGreaterThan,        1.0.0-rc.2,        1.0.0-rc.10,      true",
    "VersionEquals,             1.4,               v1.4.0+b7,  true",
    "VersionNotEquals,          1.4,               1.4.0,      false",
    "VersionGreaterThanEquals,  2,                 1.99,       false",
    "VersionLessThanEquals,     2,                 2.0.0,      true",
  })
  void comparesAsItsOperatorSays(String operator, String expected, String actual, boolean holds) {
    var condition = condition(operator, SITE, expected);
    for (var mode : Mode.values()) {
      assertThat(holds(condition, mode, SITE, actual)).isEqualTo(holds);
      assertThat(denies(condition, mode, SITE, actual)).isEqualTo(holds);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TimeOfDayBetween,    08:00-17:30, 08:00, true",
    "TimeOfDayBetween,    08:00-17:30, 17:29, true",
    "TimeOfDayBetween,    08:00-17:30, 17:30, false",
    "TimeOfDayBetween,    08:00-17:30, 07:59, false",
    "TimeOfDayBetween,    22:00-06:00, 23:59, true",
    "TimeOfDayBetween,    22:00-06:00, 00:00, true",
    "TimeOfDayBetween,    22:00-06:00, 06:00, false",
    "TimeOfDayNotBetween, 22:00-06:00, 06:00, true",
  })
  void comparesTheTimeOfDay(String operator, String expected, String actual, boolean holds) {
    var key = "sallyport:TimeOfDay";
    assertThat(holds(condition(operator, key, expected), Mode.STRICT, key, actual))
        .isEqualTo(holds);
  }

  /** Columns: as AWS has it, strictly in an Allow, strictly in a Deny. */
  @ParameterizedTest
  @CsvSource({
    "StringEquals,                  false, false, true",
    "StringNotEquals,               true,  false, true",
    "StringLike,                    false, false, true",
    "NumericLessThan,               false, false, true",
    "NumericNotEquals,              true,  false, true",
    "NotIpAddress,                  true,  false, true",
    "Bool,                          false, false, true",
    "StringEqualsIfExists,          true,  true,  true",
    "StringNotEqualsIfExists,       true,  true,  true",
    "ForAllValues:StringEquals,     true,  false, true",
    "ForAnyValue:StringEquals,      false, false, true",
    "ForAnyValue:StringNotEquals,   false, false, true",
    "ForAllValues:StringEqualsIfExists, true, true, true",
    "ForAnyValue:StringEqualsIfExists,  true, true, true",
  })
  void knowsWhatAMissingKeyMeans(
      String operator, boolean aws, boolean strictAllow, boolean strictDeny) {
    var value =
        operator.contains("Numeric")
            ? "1"
            : operator.contains("Ip") ? "10.0.0.1" : operator.equals("Bool") ? "true" : "x";
    var condition = condition(operator, SITE, value);
    assertThat(holds(condition, Mode.AWS_COMPAT, null)).isEqualTo(aws);
    assertThat(denies(condition, Mode.AWS_COMPAT, null)).isEqualTo(aws);
    assertThat(holds(condition, Mode.STRICT, null)).isEqualTo(strictAllow);
    assertThat(denies(condition, Mode.STRICT, null)).isEqualTo(strictDeny);
  }

  @Test
  void asksWhetherAKeyIsThere() {
    for (var mode : Mode.values()) {
      assertThat(holds(condition("Null", SITE, "true"), mode, null)).isTrue();
      assertThat(holds(condition("Null", SITE, "false"), mode, null)).isFalse();
      assertThat(holds(condition("Null", SITE, "false"), mode, SITE, "x")).isTrue();
      assertThat(denies(condition("Null", SITE, "false"), mode, null)).isFalse();
    }
  }

  @Test
  void anActualValueOfAnotherTypeIsUnknown() {
    var condition = condition("NumericNotEquals", SITE, "5");
    assertThat(holds(condition, Mode.AWS_COMPAT, SITE, "five")).isTrue();
    assertThat(holds(condition, Mode.STRICT, SITE, "five")).isFalse();
    assertThat(denies(condition, Mode.STRICT, SITE, "five")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ForAllValues:StringEquals,    a|b,   a,    true",
    "ForAllValues:StringEquals,    a|b,   a|b,  true",
    "ForAllValues:StringEquals,    a|b,   a|c,  false",
    "ForAnyValue:StringEquals,     a|b,   a|c,  true",
    "ForAnyValue:StringEquals,     a|b,   c|d,  false",
    "ForAnyValue:StringNotEquals,  a|b,   a|c,  true",
    "ForAnyValue:StringNotEquals,  a|b,   a|b,  false",
    "ForAllValues:StringNotEquals, a|b,   c|d,  true",
    "ForAllValues:StringNotEquals, a|b,   c|a,  false",
    "ForAnyValue:StringLike,       a*,    c|ab, true",
  })
  void countsTheValuesOfAList(String operator, String expected, String actual, boolean holds) {
    var key = "iot:Certificate.Subject.Organization.List";
    var condition = condition(operator, key, expected.split("\\|"));
    for (var mode : Mode.values()) {
      assertThat(holds(condition, mode, key, actual.split("\\|"))).isEqualTo(holds);
    }
  }

  @Test
  void aCertificateWithMoreValuesThanVariablesKnowIsSeenInFull() {
    var key = "iot:Certificate.Subject.Organization.List";
    var condition = condition("ForAllValues:StringEquals", key, "a");
    assertThat(holds(condition, Mode.STRICT, key, "a", "a", "a", "a", "a", "evil")).isFalse();
  }

  @Test
  void operatorsAndKeysMustAllHoldAndOneValueMustFit() {
    var both =
        "{\"StringEquals\": {\"iot:ClientId\": [\"x\", \"*\"], \"%s\": \"a\"},".formatted(SITE)
            + " \"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}}";
    var facts = new HashMap<>(Map.of(SITE, List.of("a"), "aws:SourceIp", List.of("10.1.1.1")));
    assertThat(decide("Allow", both, Mode.STRICT, facts)).isTrue();
    facts.put(SITE, List.of("b"));
    assertThat(decide("Allow", both, Mode.STRICT, facts)).isFalse();
    facts.put(SITE, List.of("a"));
    facts.put("aws:SourceIp", List.of("11.1.1.1"));
    assertThat(decide("Allow", both, Mode.STRICT, facts)).isFalse();
  }

  @Test
  void anUnresolvedVariableInAValueKillsTheStatementOrWidensTheDeny() {
    var condition =
        condition("StringNotEquals", "iot:ClientId", "${iot:Connection.Thing.ThingName}");
    assertThat(holds(condition, Mode.STRICT, null)).isFalse();
    assertThat(denies(condition, Mode.STRICT, null)).isTrue();
    assertThat(holds(condition, Mode.AWS_COMPAT, null)).isFalse();
    assertThat(denies(condition, Mode.AWS_COMPAT, null)).isFalse();
  }

  @Test
  void onlyAConnectHasAttributesAndAWill() {
    var none = condition("ForAllValues:StringEquals", "iot:ConnectAttributes");
    var will =
        condition("ArnLike", "iot:LastWillTopic", "arn:aws:iot:eu-1:123456789012:topic/will/*");
    for (var mode : Mode.values()) {
      var rights = rights("Allow", none, mode, Map.of());
      assertThat(rights.decide(Action.CONNECT, "*").isAllowed()).isTrue();
      assertThat(rights.decide(Action.PUBLISH, "x").isAllowed()).isTrue();
      assertThat(rights.decide(Action.CONNECT, "*", RequestContext.connect(true, null)).isAllowed())
          .isFalse();
      var left = rights("Allow", will, mode, Map.of());
      assertThat(left.decide(Action.CONNECT, "*").isAllowed()).isFalse();
      assertThat(left.decide(Action.PUBLISH, "will/x").isAllowed()).isFalse();
      assertThat(
              left.decide(Action.CONNECT, "*", RequestContext.connect(false, "will/x")).isAllowed())
          .isTrue();
      assertThat(
              left.decide(Action.CONNECT, "*", RequestContext.connect(false, "other")).isAllowed())
          .isFalse();
      // No Will is a fact: a Deny of one topic does not deny whoever leaves none.
      assertThat(denies(will, mode, null)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "StringEqual,            iot:ClientId,                              x,    OPERATOR",
    "stringEquals,           iot:ClientId,                              x,    OPERATOR",
    "ForAnyValues:StringEquals, iot:ClientId,                           x,    OPERATOR",
    "StringEqualsIfExist,    iot:ClientId,                              x,    OPERATOR",
    "NullIfExists,           iot:ClientId,                              true, OPERATOR",
    "ForAnyValue:Null,       iot:ClientId,                              true, OPERATOR",
    "IfExists,               iot:ClientId,                              x,    OPERATOR",
    "ForAnyValue:IfExists,   iot:ClientId,                              x,    OPERATOR",
    "StringEquals,           iot:Client,                                x,    CONDITION_KEY",
    "StringEquals,           aws:username,                              x,    CONDITION_KEY",
    "StringEquals,           iot:Certificate.SerialNumber.List,         x,    CONDITION_KEY",
    "StringEquals,           iot:Certificate.Subject.Organization.List, x,    CONDITION_KEY",
    "StringEquals,           iot:ConnectAttributes,                     x,    CONDITION_KEY",
    "StringEquals,           sallyport:DeviceTag/,                      x,    CONDITION_KEY",
    "StringEquals,           aws:SourceIp,                              x,    OPERATOR",
    "IpAddress,              iot:DomainName,                            x,    CONDITION_VALUE",
    "IpAddress,              aws:SourceIp,                              x,    CONDITION_VALUE",
    "IpAddress,              aws:SourceIp,                              10.0.0.0/33,"
        + " CONDITION_VALUE",
    "IpAddress,              aws:SourceIp,                              10.1, CONDITION_VALUE",
    "NumericEquals,          sallyport:CertificateAge,                  x,    CONDITION_VALUE",
    "StringEquals,           sallyport:CertificateAge,                  1,    OPERATOR",
    "Bool,                   sallyport:Attested,                        yes,  CONDITION_VALUE",
    "Null,                   iot:ClientId,                              no,   CONDITION_VALUE",
    "DateLessThan,           aws:CurrentTime,                           now,  CONDITION_VALUE",
    "DateLessThan,           aws:CurrentTime,                           2026-02-30,"
        + " CONDITION_VALUE",
    "TimeOfDayBetween,       sallyport:TimeOfDay,                       08:00, CONDITION_VALUE",
    "TimeOfDayBetween,       sallyport:TimeOfDay,                       08:00-24:00,"
        + " CONDITION_VALUE",
    "TimeOfDayBetween,       sallyport:TimeOfDay,                       08:00-08:00,"
        + " CONDITION_VALUE",
    "VersionLessThan,        sallyport:FirmwareVersion,                 latest, CONDITION_VALUE",
    "BinaryEquals,           iot:ClientId,                              '#',  CONDITION_VALUE",
    "ArnEquals,              iot:LastWillTopic,                         topic/x, CONDITION_VALUE",
    "ArnEquals,              iot:ClientId,                              x,    OPERATOR",
    "StringEquals,           iot:ClientId,                              ${x}, VARIABLE",
    "StringEquals,           iot:ClientId,                              ${iot:ClientId, VARIABLE",
    "StringEquals,           iot:ClientId,                              ${aws:CurrentTime},"
        + " UNSUPPORTED",
  })
  void refusesWhatIsNotOfTheLanguage(String operator, String key, String value, Reason reason) {
    assertThat(refusal(condition(operator, key, value)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; EMPTY_LIST",
        "{\"StringEquals\": {}}; EMPTY_LIST",
        "{\"StringEquals\": {\"iot:ClientId\": []}}; EMPTY_LIST",
        "[]; WRONG_TYPE",
        "{\"StringEquals\": []}; WRONG_TYPE",
        "{\"StringEquals\": {\"iot:ClientId\": null}}; WRONG_TYPE",
        "{\"StringEquals\": {\"iot:ClientId\": {}}}; WRONG_TYPE",
        "{\"StringEquals\": {\"iot:ClientId\": [[\"x\"]]}}; WRONG_TYPE",
        "{\"Bool\": {}, \"Bool\": {}}; EMPTY_LIST",
        "{\"StringEquals\": {\"iot:ClientId\": \"x\", \"iot:ClientId\": \"x\"}}; DUPLICATE_MEMBER",
        "{\"StringEquals\": {\"iot:ClientId\": \"x\", \"IOT:clientid\": \"x\"}}; DUPLICATE_MEMBER",
        "{\"StringEquals\": {\"iot:ClientId\": \"x\\u0000\"}}; TEXT",
      })
  void refusesWhatIsNotOfTheGrammar(String condition, Reason reason) {
    assertThat(refusal(condition).reason()).isEqualTo(reason);
  }

  @Test
  void takesTruthValuesAndNumbersWithoutQuotationMarks() {
    assertThat(
            decide(
                "Allow",
                "{\"Bool\": {\"sallyport:Attested\": true},"
                    + " \"NumericLessThan\": {\"sallyport:CertificateAge\": [30]}}",
                Mode.STRICT,
                Map.of(
                    "sallyport:Attested", List.of("true"),
                    "sallyport:CertificateAge", List.of("29"))))
        .isTrue();
  }

  @Test
  void refusesWithLineAndColumn() {
    var refusal =
        catchThrowableOfType(
            MalformedPolicy.class,
            () ->
                PolicyDocument.parse(
                    """
                    {
                      "Version": "2012-10-17",
                      "Statement": [{
                        "Effect": "Allow", "Action": "iot:Connect", "Resource": "*",
                        "Condition": {"Bool": {
                          "iot:Connection.Thing.IsAttached": "perhaps"}}
                      }]
                    }\
                    """));
    assertThat(refusal.located())
        .isEqualTo("line 6, column 42: 'Bool' needs true or false, not 'perhaps'");
  }

  @Test
  void assumptionsAreOfTheTypeOfTheirKey() {
    var subject = Example.stranger("x");
    for (var wrong :
        List.of(
            Map.of("aws:SourceIp", List.of("10.0.0.0/8")),
            Map.of("aws:SourceIp", List.of("10.0.0.1", "10.0.0.2")),
            Map.of("sallyport:TimeOfDay", List.of("25:00")),
            Map.of("sallyport:Attested", List.of("perhaps")),
            Map.of("sallyport:CertificateAge", List.of("old")),
            Map.of("moon", List.of("full")))) {
      assertThatThrownBy(() -> subject.assuming(wrong)).isInstanceOf(MalformedPolicy.class);
    }
    var many = new HashMap<String, List<String>>();
    for (int i = 0; i <= Assumptions.FACTS_MAX; i++) {
      many.put("sallyport:DeviceTag/" + i, List.of("x"));
    }
    assertThatThrownBy(() -> subject.assuming(many)).hasMessageContaining("at most");
  }

  static String condition(String operator, String key, String... values) {
    var quoted = Arrays.stream(values).map(value -> '"' + value + '"').toList();
    return "{\"%s\": {\"%s\": %s}}".formatted(operator, key, quoted);
  }

  private static boolean holds(
      String condition, Mode mode, @Nullable String key, String... values) {
    return decide("Allow", condition, mode, facts(key, values));
  }

  private static boolean denies(
      String condition, Mode mode, @Nullable String key, String... values) {
    return !decide("Deny", condition, mode, facts(key, values));
  }

  private static Map<String, List<String>> facts(@Nullable String key, String... values) {
    return key == null ? Map.of() : Map.of(key, List.of(values));
  }

  private static boolean decide(
      String effect, String condition, Mode mode, Map<String, List<String>> facts) {
    var rights = rights(effect, condition, mode, facts);
    return rights.decide(Action.CONNECT, "*").isAllowed();
  }

  private static SessionPolicy rights(
      String effect, String condition, Mode mode, Map<String, List<String>> facts) {
    var document = text(effect, condition);
    try {
      var set =
          effect.equals("Deny")
              ? Example.set(
                  Example.document(Example.allow("*", "*")), PolicyDocument.parse(document))
              : Example.set(PolicyDocument.parse(document));
      return SessionPolicy.compile(set, Example.stranger("*").assuming(facts), mode);
    } catch (MalformedPolicy e) {
      throw new AssertionError(document + ": " + e.located(), e);
    }
  }

  private static MalformedPolicy refusal(String condition) {
    var refusal =
        catchThrowableOfType(
            MalformedPolicy.class, () -> PolicyDocument.parse(text("Allow", condition)));
    assertThat(refusal).as(condition).isNotNull();
    return refusal;
  }

  private static String text(String effect, String condition) {
    return Example.text(
        "{\"Effect\": \"%s\", \"Action\": \"*\", \"Resource\": \"*\", \"Condition\": %s}"
            .formatted(effect, condition));
  }
}
