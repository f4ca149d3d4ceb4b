package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The engine against the naive interpreter, over the letters that have a meaning somewhere. */
class PolicyProperties {
  // Sets of policies, each asked for NAMES names: millions of decisions if somebody wants them.
  private static final int POLICY_SETS = Integer.getInteger("sallyport.policy.sets", 14_000);
  private static final int NAMES = 16;

  private static final List<String> LETTERS =
      List.of("a", "/", "+", "#", "*", "?", "$", "{", "}", "\uD83D\uDE00");
  private static final List<String> PLAIN_LETTERS = List.of("a", "/", "\uD83D\uDE00", "$");
  private static final List<String> VARIABLES =
      List.of(
          "${*}",
          "${?}",
          "${$}",
          "${iot:ClientId}",
          "${iot:Connection.Thing.ThingName}",
          "${iot:Connection.Thing.Attributes[k]}",
          "${iot:Certificate.Subject.CommonName}");
  private static final List<String> TYPES =
      List.of(
          "topic", "topic", "topic", "topicfilter", "client", "sharegroup", "*", "t*c", "top?c");
  private static final List<String> ACTIONS =
      List.of("iot:Publish", "iot:Publish", "iot:*", "*", "IOT:*b*", "iot:Re*", "iot:Connect");
  private static final List<Action> ASKED =
      List.of(Action.PUBLISH, Action.PUBLISH, Action.SUBSCRIBE, Action.CONNECT, Action.RECEIVE);

  private static final List<String> SETS = List.of("", "ForAnyValue:", "ForAllValues:");
  private static final List<String> SUFFIXES = List.of("", "", "IfExists");
  private static final List<String> TEXT_OPERATORS =
      List.of(
          "StringEquals",
          "StringNotEquals",
          "StringLike",
          "StringNotLike",
          "StringEqualsIgnoreCase",
          "StringNotEqualsIgnoreCase");
  private static final List<String> TEXT_KEYS =
      List.of(
          "iot:ClientId",
          "iot:Connection.Thing.ThingName",
          "iot:Connection.Thing.Attributes[k]",
          "sallyport:DeviceTag/t");
  private static final List<NaiveCondition> TYPED =
      List.of(
          typed("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
          typed("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"),
          typed("TimeOfDayBetween", "sallyport:TimeOfDay", "08:00-12:00"),
          typed("TimeOfDayNotBetween", "sallyport:TimeOfDay", "20:00-09:00"),
          typed("DateLessThan", "aws:CurrentTime", "2026-11-22T10:00:00Z"),
          typed("VersionGreaterThanEquals", "sallyport:FirmwareVersion", "1.4.0"));

  private static NaiveCondition typed(String operator, String key, String value) {
    return new NaiveCondition(operator, key, List.of(value));
  }

  private final SplittableRandom random = new SplittableRandom(20_261_122);

  @Test
  void theEngineDecidesAsTheNaiveInterpreterDoes() throws Exception {
    int wellFormed = 0;
    int allowed = 0;
    int denied = 0;
    for (int i = 0; i < POLICY_SETS; i++) {
      var policies = some(1, 3, this::policy);
      if (policies.stream().allMatch(NaivePolicy::isWellFormed)) {
        wellFormed++;
        var outcome = compare(policies);
        allowed += outcome[0];
        denied += outcome[1];
      } else {
        assertThatThrownBy(() -> set(policies)).isInstanceOf(MalformedPolicy.class);
      }
    }
    // The generator is worth something only if every outcome is frequent.
    assertThat(wellFormed * NAMES).isGreaterThan(POLICY_SETS * NAMES / 2);
    assertThat(allowed).isGreaterThan(POLICY_SETS);
    assertThat(denied).isGreaterThan(POLICY_SETS);
  }

  private int[] compare(List<NaivePolicy> policies) throws MalformedPolicy {
    var subject = subject();
    var mode = oneOf(List.of(Mode.values()));
    var rights = SessionPolicy.compile(set(policies), subject, mode);
    var outcome = new int[2];
    for (int i = 0; i < NAMES; i++) {
      var action = oneOf(ASKED);
      var name = random.nextInt(3) == 0 ? text(1, 7, LETTERS) : text(1, 5, PLAIN_LETTERS);
      var request = action == Action.CONNECT ? request() : RequestContext.NONE;
      var expected = NaivePolicy.decide(policies, subject, request, mode, action, name);
      var decision = rights.decide(action, name, request);
      var bytes = name.getBytes(StandardCharsets.UTF_8);
      boolean again = request.equals(RequestContext.NONE);
      if (!summary(decision).equals(expected)
          || (again && rights.allows(action, bytes) != decision.isAllowed())
          || (again && rights.allows(action, bytes) != decision.isAllowed())) {
        throw new AssertionError(
            "%s %s of '%s' by %s: expected %s, got %s; policies %s"
                .formatted(
                    mode,
                    action,
                    name,
                    subject,
                    expected,
                    decision,
                    policies.stream().map(NaivePolicy::json).toList()));
      }
      outcome[0] += decision instanceof Decision.Allowed ? 1 : 0;
      outcome[1] += decision instanceof Decision.ExplicitlyDenied ? 1 : 0;
    }
    return outcome;
  }

  private static String summary(Decision decision) {
    return switch (decision) {
      case Decision.Allowed(var by) -> "Allow " + by.policy() + " " + by.index();
      case Decision.ExplicitlyDenied(var by) -> "Deny " + by.policy() + " " + by.index();
      case Decision.ImplicitlyDenied() -> "none";
    };
  }

  @Test
  void addingADenyNeverAllows() throws Exception {
    for (int i = 0; i < 8_000; i++) {
      var before = some(1, 3, this::wellFormedPolicy);
      var after = new ArrayList<>(before);
      after.add(new NaivePolicy(some(1, 2, () -> statement("Deny"))));
      if (!after.getLast().isWellFormed()) {
        continue;
      }
      var subject = subject();
      for (var mode : Mode.values()) {
        var less = SessionPolicy.compile(set(after), subject, mode);
        var more = SessionPolicy.compile(set(before), subject, mode);
        var action = oneOf(ASKED);
        var name = text(1, 6, LETTERS).getBytes(StandardCharsets.UTF_8);
        if (less.allows(action, name)) {
          assertThat(more.allows(action, name)).isTrue();
        }
      }
    }
  }

  @Test
  void strictAllowsNothingThatAwsWouldNot() throws Exception {
    for (int i = 0; i < 8_000; i++) {
      var set = set(some(1, 3, this::wellFormedPolicy));
      var subject = subject();
      var action = oneOf(ASKED);
      var name = text(1, 6, LETTERS);
      if (SessionPolicy.compile(set, subject, Mode.STRICT).decide(action, name).isAllowed()) {
        assertThat(SessionPolicy.compile(set, subject, Mode.AWS_COMPAT).decide(action, name))
            .isInstanceOf(Decision.Allowed.class);
      }
    }
  }

  @Test
  void anExplanationDecidesAlikeAndItsChangesAllow() throws Exception {
    int changed = 0;
    for (int i = 0; i < POLICY_SETS / 4; i++) {
      var policies = some(1, 3, this::wellFormedPolicy);
      var subject = subject();
      var mode = oneOf(List.of(Mode.values()));
      var action = oneOf(ASKED);
      var name = text(1, 5, LETTERS);
      var rights = SessionPolicy.compile(set(policies), subject, mode);
      var explanation = rights.explain(action, name);
      assertThat(explanation.decision()).isEqualTo(rights.decide(action, name));
      assertThat(explanation.trace()).isNotBlank().doesNotContain("\n");
      var applying =
          explanation.considered().stream().filter(one -> one.failed().isEmpty()).toList();
      if (explanation.decision() instanceof Decision.ImplicitlyDenied) {
        assertThat(applying).isEmpty();
      }
      if (!explanation.decision().isAllowed()) {
        var after = SessionPolicy.compile(applied(policies, explanation), subject, mode);
        assertThat(after.decide(action, name).isAllowed())
            .as("%s %s %s by %s: %s of %s", mode, action, name, subject, explanation, policies)
            .isTrue();
        changed++;
      }
    }
    assertThat(changed).isGreaterThan(POLICY_SETS / 16);
  }

  /** The policies with the changes that an explanation proposes. */
  private static PolicySet applied(List<NaivePolicy> policies, Explanation explanation)
      throws MalformedPolicy {
    var documents = new ArrayList<ObjectNode>();
    policies.forEach(
        policy -> documents.add((ObjectNode) JsonMapper.shared().readTree(policy.json())));
    for (var change : explanation.changes()) {
      var json = (ObjectNode) JsonMapper.shared().readTree(change.json());
      var by = change.statement();
      if (by == null) {
        ((ArrayNode) documents.getFirst().path("Statement")).add(json);
      } else {
        int policy = Integer.parseInt(by.policy().substring(1));
        merge((ObjectNode) documents.get(policy).path("Statement").path(by.index()), json);
      }
    }
    var versions = new ArrayList<PolicyVersion>();
    for (var document : documents) {
      var parsed = PolicyDocument.parse(document.toString());
      versions.add(new PolicyVersion("p" + versions.size(), 1, parsed));
    }
    return PolicySet.of(versions);
  }

  private static void merge(ObjectNode into, ObjectNode members) {
    members
        .properties()
        .forEach(
            member -> {
              var before = into.get(member.getKey());
              if (before instanceof ObjectNode object) {
                merge(object, (ObjectNode) member.getValue());
              } else if (before instanceof ArrayNode array) {
                array.add(member.getValue());
              } else {
                into.set(member.getKey(), member.getValue());
              }
            });
  }

  private static PolicySet set(List<NaivePolicy> policies) throws MalformedPolicy {
    var versions = new ArrayList<PolicyVersion>();
    for (var policy : policies) {
      versions.add(
          new PolicyVersion("p" + versions.size(), 1, PolicyDocument.parse(policy.json())));
    }
    return PolicySet.of(versions);
  }

  private NaivePolicy wellFormedPolicy() {
    var policy = policy();
    while (!policy.isWellFormed()) {
      policy = policy();
    }
    return policy;
  }

  private NaivePolicy policy() {
    return new NaivePolicy(some(1, 3, () -> statement(random.nextInt(4) == 0 ? "Deny" : "Allow")));
  }

  private NaivePolicy.Rule statement(String effect) {
    return new NaivePolicy.Rule(
        effect,
        random.nextInt(10) == 0,
        some(1, 2, () -> oneOf(ACTIONS)),
        random.nextInt(8) == 0,
        some(1, 2, () -> oneOf(TYPES) + "/" + pattern()),
        random.nextInt(3) == 0 ? Optional.of(condition()) : Optional.empty());
  }

  private NaiveCondition condition() {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 ->
          new NaiveCondition(
              oneOf(SETS) + oneOf(TEXT_OPERATORS) + oneOf(SUFFIXES),
              oneOf(TEXT_KEYS),
              some(1, 2, this::pattern));
      case 3 ->
          new NaiveCondition(
              oneOf(SETS.subList(1, 3)) + oneOf(TEXT_OPERATORS),
              oneOf(List.of("iot:ConnectAttributes", "iot:Certificate.Subject.Organization.List")),
              some(0, 2, () -> oneOf(List.of("PersistentConnect", "LastWill", "a", "*"))));
      case 4 ->
          new NaiveCondition(
              oneOf(List.of("ArnLike", "ArnNotLike", "ArnLikeIfExists")),
              "iot:LastWillTopic",
              some(1, 2, () -> "arn:aws:iot:*:*:topic/" + pattern()));
      case 5 ->
          new NaiveCondition(
              "Null", oneOf(TEXT_KEYS), some(1, 1, () -> oneOf(List.of("true", "false"))));
      case 6 ->
          new NaiveCondition(
              oneOf(List.of("NumericLessThan", "NumericNotEquals", "NumericEqualsIfExists")),
              oneOf(List.of("sallyport:CertificateAge", "iot:Connection.Thing.Attributes[k]")),
              some(1, 2, () -> Integer.toString(random.nextInt(3))));
      case 7 -> oneOf(TYPED);
      default ->
          new NaiveCondition(
              oneOf(List.of("Bool", "BoolIfExists")),
              "sallyport:Attested",
              some(1, 1, () -> oneOf(List.of("true", "false"))));
    };
  }

  private RequestContext request() {
    return RequestContext.connect(
        random.nextBoolean(), random.nextBoolean() ? null : text(1, 4, PLAIN_LETTERS));
  }

  private String pattern() {
    return String.join(
        "",
        some(
            1,
            5,
            () ->
                switch (random.nextInt(10)) {
                  case 0 -> oneOf(LETTERS);
                  case 1, 2 -> oneOf(VARIABLES);
                  case 3, 4, 5 -> "*";
                  case 6 -> "?";
                  default -> oneOf(PLAIN_LETTERS);
                }));
  }

  private Subject subject() {
    return new Subject(
            text(0, 2, LETTERS),
            random.nextInt(4) == 0 ? null : text(1, 2, PLAIN_LETTERS),
            null,
            random.nextBoolean() ? Map.of() : Map.of("k", text(0, 2, LETTERS)),
            Subject.known(
                random.nextBoolean()
                    ? Map.of()
                    : Map.of(
                        "Subject.CommonName",
                        List.of(text(0, 2, LETTERS)),
                        "Subject.Organization",
                        some(1, 3, () -> oneOf(List.of("a", "b", "*"))))))
        .with(connection(), live());
  }

  private ConnectionFacts connection() {
    var address = oneOf(List.of("10.1.2.3", "11.1.2.3", ""));
    return new ConnectionFacts.Known(address.isEmpty() ? null : address, null, null, null);
  }

  private LiveFacts live() {
    return random.nextInt(4) == 0
        ? LiveFacts.NONE
        : new LiveFacts.Known(
            Instant.parse("2026-11-22T00:00:00Z").plusSeconds(random.nextInt(86_400)),
            random.nextLong(3),
            oneOf(List.of("1.3.9", "1.4.0", "1.5.0")),
            random.nextBoolean(),
            random.nextBoolean() ? Map.of() : Map.of("t", text(0, 2, LETTERS)));
  }

  private String text(int least, int most, List<String> letters) {
    return String.join("", some(least, most, () -> oneOf(letters)));
  }

  private <T> List<T> some(int least, int most, Supplier<T> element) {
    var list = new ArrayList<T>();
    for (int i = random.nextInt(least, most + 1); i > 0; i--) {
      list.add(element.get());
    }
    return list;
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
