package io.sallyport.policy;

import static io.sallyport.policy.Example.allow;
import static io.sallyport.policy.Example.deny;
import static io.sallyport.policy.Example.device;
import static io.sallyport.policy.Example.set;
import static io.sallyport.policy.Example.statement;
import static io.sallyport.policy.Example.stranger;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SessionPolicyTest {
  private static final Subject DEV = device("dev-1");

  @ParameterizedTest
  @EnumSource
  void deniesByDefault(Action action) {
    assertThat(rights(PolicySet.of(List.of())).decide(action, "a"))
        .isEqualTo(new Decision.ImplicitlyDenied());
  }

  @Test
  void anyDenyWinsWhateverTheOrder() {
    var allowed = Example.document(allow("iot:Publish", "topic/*"));
    var denied = Example.document(deny("iot:Publish", "topic/a"));
    for (var set : List.of(set(allowed, denied), set(denied, allowed))) {
      assertThat(allows(set, Action.PUBLISH, "a")).isFalse();
      assertThat(allows(set, Action.PUBLISH, "b")).isTrue();
    }
  }

  @Test
  void namesTheDecidingStatement() {
    var set =
        PolicySet.of(
            List.of(
                new PolicyVersion("z", 1, Example.document(allow("iot:*", "*"))),
                new PolicyVersion(
                    "y",
                    7,
                    Example.document(
                        allow("iot:Publish", "topic/a"),
                        "{\"Sid\": \"No\", \"Effect\": \"Deny\", \"Action\": \"iot:Publish\","
                            + " \"Resource\": \"arn:aws:iot:*:*:topic/b\"}"))));
    var rights = rights(set);
    assertThat(rights.decide(Action.PUBLISH, "b"))
        .isEqualTo(new Decision.ExplicitlyDenied(new StatementRef("y", 7, 1, "No", 1)));
    assertThat(rights.decide(Action.PUBLISH, "b").explanation())
        .isEqualTo("denied by y v7 statement 1 (No) line 1");
    assertThat(rights.decide(Action.PUBLISH, "a").explanation())
        .isEqualTo("allowed by y v7 statement 0 line 1");
    assertThat(rights.decide(Action.SHARE_GROUP, "a").explanation())
        .isEqualTo("no statement allows it");
  }

  @Test
  void checksEachActionAgainstItsOwnTypeOfResource() {
    var set = set(allow("*", "topic/x"));
    assertThat(allowed(set, "x"))
        .containsExactly(Action.PUBLISH, Action.RETAIN_PUBLISH, Action.RECEIVE);
    assertThat(allowed(set(allow("*", "topicfilter/x")), "x")).containsExactly(Action.SUBSCRIBE);
    assertThat(allowed(set(allow("*", "client/x")), "x")).containsExactly(Action.CONNECT);
    assertThat(allowed(set(allow("*", "sharegroup/x")), "x")).containsExactly(Action.SHARE_GROUP);
    assertThat(allowed(set(allow("*", "thing/x")), "x")).isEmpty();
    assertThat(allowed(set(allow("*", "topic*")), "x"))
        .containsExactly(Action.PUBLISH, Action.RETAIN_PUBLISH, Action.SUBSCRIBE, Action.RECEIVE);
    assertThat(allowed(set(allow("*", "*/x")), "x")).containsExactly(Action.values());
    assertThat(allowed(set(allow("*", "?????/x")), "x"))
        .containsExactly(Action.PUBLISH, Action.RETAIN_PUBLISH, Action.RECEIVE);
  }

  @Test
  void aWildcardInTheTypeRunsOnIntoTheName() {
    var set = set(allow("*", "*/b"));
    assertThat(allowed(set, "a/b")).containsExactly(Action.values());
    assertThat(allowed(set(allow("*", "t*c?b")), "b"))
        .containsExactly(Action.PUBLISH, Action.RETAIN_PUBLISH, Action.RECEIVE);
  }

  @Test
  void readsActionsInAnyCaseAndResourcesInTheirOwn() {
    var set = set(allow("IOT:pUb*", "topic/A"));
    assertThat(allowed(set, "A")).containsExactly(Action.PUBLISH);
    assertThat(allowed(set, "a")).isEmpty();
  }

  @Test
  void allActionsOfAwsDoNotGrantAShareGroup() {
    assertThat(allowed(set(allow("iot:*", "*")), "x")).doesNotContain(Action.SHARE_GROUP);
    assertThat(allowed(set(allow("*", "*")), "x")).containsExactly(Action.values());
  }

  @Test
  void notActionCoversEveryOtherAction() {
    var set =
        set(
            "{\"Effect\": \"Allow\", \"NotAction\": [\"iot:Connect\", \"iot:*ublish\"],"
                + " \"Resource\": \"*\"}");
    assertThat(allowed(set, "x"))
        .containsExactly(Action.SUBSCRIBE, Action.RECEIVE, Action.SHARE_GROUP);
  }

  @Test
  void notResourceCoversEveryOtherName() {
    var set = set(statement("Allow", "iot:Receive", "NotResource", "topic/a/*", "topic/b"));
    assertThat(allows(set, Action.RECEIVE, "a/x")).isFalse();
    assertThat(allows(set, Action.RECEIVE, "b")).isFalse();
    assertThat(allows(set, Action.RECEIVE, "c")).isTrue();
    assertThat(allows(set, Action.PUBLISH, "c")).isFalse();
    assertThat(allowed(set(statement("Allow", "*", "NotResource", "*")), "x")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a/*,       a/,              true",
    "a/*,       a/b/c/d,         true",
    "a/*,       a,               false",
    "a/*/c,     a/b/b/c,         true",
    "a/*/c,     a/c,             false",
    "*,         $aws/x,          true",
    "**,        x,               true",
    "?,         \uD83D\uDE00,    true",
    "??,        \uD83D\uDE00,    false",
    "a?c,       a/c,             true",
    "*?,        x,               true",
    "?*?,       x,               false",
    "*\uD83D\uDE00?*, x\uD83D\uDE00\u00e9, true",
    "*a?b,      xab\u20acb,      false",
    "*a?b,      xaba\u20acb,     true",
    "*é*?é,     éxé,             true",
    "*?é,       é,               false",
    "a*a,       a,               false",
    "a*a,       aa,              true",
    "a*ab*b,    aabb,            true",
    "a*ab*b,    aab,             false",
    "*ab*ab*,   abab,            true",
    "*ab*ab*,   aba,             false",
    "*aab*,     aaab,            true",
    "a/+/c,     a/b/c,           false",
    "a/+/c,     a/+/c,           true",
    "a/#,       a/b,             false",
    "a/#,       a/#,             true",
    "${*}x,     yx,              false",
    "${*}x,     *x,              true",
    "a${?}b,    a?b,             true",
    "a${?}b,    axb,             false",
    "${$}aws,   $aws,            true",
    "$aws/{},   $aws/{},         true",
  })
  void matchesAsDocumented(String pattern, String name, boolean expected) {
    assertThat(allows(set(allow("iot:Publish", "topic/" + pattern)), Action.PUBLISH, name))
        .isEqualTo(expected);
  }

  @Test
  void takesNoLongerForAPatternMadeToGoBackForever() {
    var set = set(allow("iot:Publish", "topic/*a*a*a*a*a*a*a*a*a*a*a*a*b", "topic/*?a?a?a?a?a*b"));
    var rights = rights(set);
    var name = "a".repeat(Utf8.NAME_MAX).getBytes(StandardCharsets.UTF_8);
    long start = System.nanoTime();
    assertThat(rights.allows(Action.PUBLISH, name)).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "iot:ClientId,                                      c-9",
    "iot:Connection.Thing.ThingName,                    t-9",
    "iot:Connection.Thing.ThingTypeName,                lamp",
    "iot:Connection.Thing.IsAttached,                   true",
    "iot:Connection.Thing.Attributes[site],             berlin",
    "iot:Certificate.Subject.CommonName,                cn",
    "iot:Certificate.Subject.Organization,              Foo",
    "iot:Certificate.Subject.Organization.0,            Foo",
    "iot:Certificate.Subject.Organization.1,            Bar",
    "iot:Certificate.Subject.OrganizationalUnit,        'a\\, b \\= c'",
    "iot:Certificate.Issuer.AlternativeName.DNSName,    x.example",
    "iot:Certificate.SerialNumber,                      0f",
  })
  void fillsVariablesFromTheSubject(String variable, String value) {
    var set = set(allow("iot:Publish", "topic/x/${" + variable + "}/y"));
    assertThat(Example.allows(set, rich(), Action.PUBLISH, "x/" + value + "/y")).isTrue();
    assertThat(Example.allows(set, rich(), Action.PUBLISH, "x/other/y")).isFalse();
    assertThat(Example.allows(set, rich(), Action.PUBLISH, "x/${" + variable + "}/y")).isFalse();
  }

  private static Subject rich() {
    return new Subject(
        "c-9",
        "t-9",
        "lamp",
        Map.of("site", "berlin"),
        Subject.known(
            Map.of(
                "Subject.CommonName", List.of("cn"),
                "Subject.Organization", List.of("Foo", "Bar"),
                "Subject.OrganizationalUnit", List.of("a, b = c"),
                "Issuer.AlternativeName.DNSName", List.of("x.example"),
                "SerialNumber", List.of("0f"))));
  }

  @Test
  void tellsAnAttachedThingFromOneThatIsNot() {
    var set = set(allow("iot:Publish", "topic/${iot:Connection.Thing.IsAttached}"));
    assertThat(Example.allows(set, stranger("x"), Action.PUBLISH, "false")).isTrue();
    var other = new Subject("x", "x", null, Map.of(), Subject.known(Map.of()), false);
    assertThat(Example.allows(set, other, Action.PUBLISH, "true")).isFalse();
  }

  @Test
  void aValueIsNeverAPattern() {
    var set = set(allow("iot:Publish", "topic/${iot:ClientId}/x", "topic/?/${iot:ClientId}*"));
    assertThat(Example.allows(set, stranger("*"), Action.PUBLISH, "a/x")).isFalse();
    assertThat(Example.allows(set, stranger("*"), Action.PUBLISH, "*/x")).isTrue();
    assertThat(Example.allows(set, stranger("??"), Action.PUBLISH, "a/bcd")).isFalse();
    assertThat(Example.allows(set, stranger("${*}"), Action.PUBLISH, "a/*")).isFalse();
    assertThat(
            Example.allows(set, stranger("${iot:ClientId}"), Action.PUBLISH, "${iot:ClientId}/x"))
        .isTrue();
  }

  @Test
  void aClientIdCannotBecomeAWildcardOfMqtt() {
    var set = set(allow("iot:Subscribe", "topicfilter/my/${iot:ClientId}/topic"));
    assertThat(Example.allows(set, stranger("+"), Action.SUBSCRIBE, "my/+/topic")).isFalse();
    assertThat(Example.allows(set, stranger("#"), Action.SUBSCRIBE, "my/#/topic")).isFalse();
    var asAws = SessionPolicy.compile(set, stranger("+"), Mode.AWS_COMPAT);
    assertThat(asAws.decide(Action.SUBSCRIBE, "my/+/topic").isAllowed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"dev*", "a$b", "a+b", "a?b", "a#b"})
  void aCertificateAttributeWithPatternLettersIsNotPutIn(String value) {
    var set = set(allow("iot:Publish", "topic/${iot:Certificate.Subject.CommonName}"));
    var subject =
        new Subject(
            "c", null, null, Map.of(), Subject.known(Map.of("Subject.CommonName", List.of(value))));
    for (var mode : Mode.values()) {
      var rights = SessionPolicy.compile(set, subject, mode);
      assertThat(rights.decide(Action.PUBLISH, value).isAllowed()).isFalse();
      assertThat(rights.decide(Action.PUBLISH, "dev1").isAllowed()).isFalse();
    }
  }

  @Test
  void aCertificateAttributeHasFiveValuesOfBoundedLength() {
    var set =
        set(
            allow("iot:Publish", "topic/${iot:Certificate.Subject.Organization.4}"),
            allow("iot:Publish", "topic/${iot:Certificate.Subject.CommonName}"));
    var greatest = "x".repeat(Variable.VALUE_LENGTH_MAX);
    var subject =
        new Subject(
            "c",
            null,
            null,
            Map.of(),
            Subject.known(
                Map.of(
                    "Subject.Organization", List.of("0", "1", "2", "3", "4", "5"),
                    "Subject.CommonName", List.of(greatest))));
    assertThat(Example.allows(set, subject, Action.PUBLISH, "4")).isTrue();
    assertThat(Example.allows(set, subject, Action.PUBLISH, "5")).isFalse();
    assertThat(Example.allows(set, subject, Action.PUBLISH, greatest)).isTrue();
    var tooLong =
        new Subject(
            "c",
            null,
            null,
            Map.of(),
            Subject.known(Map.of("Subject.CommonName", List.of(greatest + "x"))));
    assertThat(Example.allows(set, tooLong, Action.PUBLISH, greatest + "x")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(value = {"''", "'a\u0000b'", "'a\u0085'", "'\ud800'"})
  void aValueThatIsEmptyOrUnprintableIsNone(String value) {
    var set = set(allow("iot:Publish", "topic/${iot:ClientId}*"));
    for (var mode : Mode.values()) {
      var rights = SessionPolicy.compile(set, stranger(value), mode);
      assertThat(rights.decide(Action.PUBLISH, "abc").isAllowed()).isFalse();
    }
  }

  @Test
  void anAllowWithAnUnknownValueIsDeadAsAWhole() {
    var set = set(allow("iot:Publish", "topic/${iot:Connection.Thing.ThingName}", "topic/public"));
    for (var mode : Mode.values()) {
      var rights = SessionPolicy.compile(set, stranger("x"), mode);
      assertThat(rights.decide(Action.PUBLISH, "public").isAllowed()).isFalse();
      assertThat(rights.decide(Action.PUBLISH, "${iot:Connection.Thing.ThingName}").isAllowed())
          .isFalse();
    }
    assertThat(allows(set, Action.PUBLISH, "public")).isTrue();
  }

  @Test
  void aDenyWithAnUnknownValueCoversItsWholeType() {
    var set =
        set(
            allow("iot:*", "*"),
            deny("iot:*", "topic/${iot:Connection.Thing.ThingName}/bar", "client/other"));
    var strict = SessionPolicy.compile(set, stranger("x"));
    assertThat(strict.decide(Action.PUBLISH, "anything"))
        .isInstanceOf(Decision.ExplicitlyDenied.class);
    assertThat(strict.decide(Action.CONNECT, "x").isAllowed()).isTrue();
    assertThat(strict.decide(Action.CONNECT, "other").isAllowed()).isFalse();
    assertThat(strict.decide(Action.SUBSCRIBE, "x").isAllowed()).isTrue();
    var asAws = SessionPolicy.compile(set, stranger("x"), Mode.AWS_COMPAT);
    assertThat(asAws.decide(Action.PUBLISH, "anything").isAllowed()).isTrue();
    assertThat(asAws.decide(Action.CONNECT, "other").isAllowed()).isTrue();
  }

  @Test
  void aDenyWithAnUnknownValueAndAPatternForItsTypeCoversEverything() {
    var set = set(allow("*", "*"), deny("*", "topic*/${iot:Connection.Thing.ThingName}"));
    assertThat(
            List.of(Action.values()).stream()
                .filter(action -> Example.allows(set, stranger("x"), action, "y")))
        .isEmpty();
  }

  @Test
  void whatIsUnknownIsNoExceptionFromADeny() {
    var set =
        set(
            allow("iot:*", "*"),
            statement(
                "Deny",
                "iot:Publish",
                "NotResource",
                "topic/${iot:Connection.Thing.ThingName}",
                "topic/public"));
    assertThat(Example.allows(set, stranger("x"), Action.PUBLISH, "x")).isFalse();
    assertThat(Example.allows(set, stranger("x"), Action.PUBLISH, "public")).isTrue();
    assertThat(allows(set, Action.PUBLISH, "dev-1")).isTrue();
  }

  @Test
  void anAllowOfEverythingButAnUnknownValueAllowsNothing() {
    var set =
        set(
            statement(
                "Allow", "iot:Publish", "NotResource", "topic/${iot:Connection.Thing.ThingName}"));
    assertThat(Example.allows(set, stranger("x"), Action.PUBLISH, "y")).isFalse();
    assertThat(allows(set, Action.PUBLISH, "y")).isTrue();
  }

  @Test
  void neverAllowsWhatCannotBeAName() {
    var rights = rights(set(allow("*", "*")));
    byte[][] names = {
      {},
      {0},
      {'a', 0},
      {(byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xC1, (byte) 0xBF},
      {(byte) 0xC3},
      {(byte) 0xE0, (byte) 0x9F, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82},
      {(byte) 0xE2, (byte) 0x82, 'a'},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF0, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
      {(byte) 0xFF},
      new byte[Utf8.NAME_MAX + 1]
    };
    for (var name : names) {
      for (int time = 0; time < 2; time++) {
        assertThat(rights.allows(Action.PUBLISH, name)).isFalse();
      }
    }
    assertThat(rights.decide(Action.PUBLISH, "\ud800").isAllowed()).isFalse();
    assertThat(rights.decide(Action.PUBLISH, "a\u0000").isAllowed()).isFalse();
    assertThat(rights.decide(Action.PUBLISH, "").isAllowed()).isFalse();
    assertThat(rights.decide(Action.PUBLISH, "a".repeat(Utf8.NAME_MAX)).isAllowed()).isTrue();
    assertThat(rights.decide(Action.PUBLISH, "a".repeat(Utf8.NAME_MAX + 1)).isAllowed()).isFalse();
  }

  @Test
  void takesEveryCodePointAsALetter() {
    var rights = rights(set(allow("iot:Publish", "topic/?", "topic/x*?y")));
    for (int letter = 1; letter <= Character.MAX_CODE_POINT; letter++) {
      if (letter < Character.MIN_SURROGATE || letter > Character.MAX_SURROGATE) {
        var name = Character.toString(letter).getBytes(StandardCharsets.UTF_8);
        if (!rights.allows(Action.PUBLISH, name)) {
          throw new AssertionError("code point " + letter);
        }
      }
    }
    assertThat(rights.allows(Action.PUBLISH, "x\uD83D\uDE00y".getBytes(StandardCharsets.UTF_8)))
        .isTrue();
  }

  @Test
  void remembersDecisionsWithoutMixingThemUp() {
    var rights = rights(set(allow("iot:Publish", "topic/a*"), allow("iot:Receive", "topic/b*")));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 10; i++) {
        var a = ("a" + "x".repeat(i * 40)).getBytes(StandardCharsets.UTF_8);
        var b = ("b" + "x".repeat(i * 40)).getBytes(StandardCharsets.UTF_8);
        for (int time = 0; time < 2; time++) {
          assertThat(rights.allows(Action.PUBLISH, a)).isTrue();
          assertThat(rights.allows(Action.PUBLISH, b)).isFalse();
          assertThat(rights.allows(Action.RECEIVE, b)).isTrue();
          assertThat(rights.allows(Action.RECEIVE, a)).isFalse();
        }
      }
    }
  }

  @Test
  void doesNotKeepTheCallersBytes() {
    var rights = rights(set(allow("iot:Publish", "topic/a")));
    var name = "a".getBytes(StandardCharsets.UTF_8);
    assertThat(rights.allows(Action.PUBLISH, name)).isTrue();
    name[0] = 'b';
    assertThat(rights.allows(Action.PUBLISH, name)).isFalse();
  }

  @Test
  void allocatesNothingOnceNamesOfThatLengthWereSeen() {
    var rights = rights(set(DefaultPolicies.device()));
    var names =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    "devices/dev-1/events/number-%05d"
                        .formatted(i)
                        .getBytes(StandardCharsets.UTF_8))
            .toList();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int allowed = decideAll(rights, names, 2_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    allowed += decideAll(rights, names, 2_000);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allowed).isEqualTo(2 * 2_000 * names.size());
    assertThat(bytes).as("bytes for 128 000 decisions").isLessThan(16_384);
  }

  private static int decideAll(SessionPolicy rights, List<byte[]> names, int times) {
    int allowed = 0;
    for (int time = 0; time < times; time++) {
      for (int i = 0; i < names.size(); i++) {
        allowed += rights.allows(Action.PUBLISH, names.get(i)) ? 1 : 0;
      }
    }
    return allowed;
  }

  private static SessionPolicy rights(PolicySet set) {
    return SessionPolicy.compile(set, DEV);
  }

  private static boolean allows(PolicySet set, Action action, String name) {
    return Example.allows(set, DEV, action, name);
  }

  private static List<Action> allowed(PolicySet set, String name) {
    return List.of(Action.values()).stream().filter(action -> allows(set, action, name)).toList();
  }
}
