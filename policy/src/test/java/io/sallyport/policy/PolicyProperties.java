package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The engine against the naive interpreter, over the letters that have a meaning somewhere. */
class PolicyProperties {
  private static final int POLICY_SETS = 14_000;
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
    assertThat(wellFormed * NAMES).isGreaterThan(200_000);
    assertThat(allowed).isGreaterThan(20_000);
    assertThat(denied).isGreaterThan(20_000);
  }

  private int[] compare(List<NaivePolicy> policies) throws MalformedPolicy {
    var subject = subject();
    var mode = oneOf(List.of(Mode.values()));
    var rights = SessionPolicy.compile(set(policies), subject, mode);
    var outcome = new int[2];
    for (int i = 0; i < NAMES; i++) {
      var action = oneOf(ASKED);
      var name = random.nextInt(3) == 0 ? text(1, 7, LETTERS) : text(1, 5, PLAIN_LETTERS);
      var expected = NaivePolicy.decide(policies, subject, mode, action, name);
      var decision = rights.decide(action, name);
      var bytes = name.getBytes(StandardCharsets.UTF_8);
      if (!summary(decision).equals(expected)
          || rights.allows(action, bytes) != decision.isAllowed()
          || rights.allows(action, bytes) != decision.isAllowed()) {
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
        some(1, 2, () -> oneOf(TYPES) + "/" + pattern()));
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
                : Map.of("Subject.CommonName", List.of(text(0, 2, LETTERS)))));
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
