package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Action;
import io.sallyport.policy.ConnectionFacts;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.LiveFacts;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.SearchBudget;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.SubscribeDecision;
import io.sallyport.policy.SubscribeRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InclusionTest {
  /** Somebody who may subscribe to everything, and receive so much. */
  private static SessionPolicy receivingAt(String time, List<String> statements) {
    var now = Instant.parse("2026-11-22T" + time + ":00Z");
    var live = new LiveFacts.Known(now, null, null, null, Map.of());
    return receiving(
        Given.device("d1").with(ConnectionFacts.NONE, live), statements.toArray(String[]::new));
  }

  private static SessionPolicy receiving(String... statements) {
    return receiving(Given.device("d1"), statements);
  }

  private static SessionPolicy receiving(Subject subject, String... statements) {
    var all = new ArrayList<>(List.of(statements));
    all.add(
        "{\"Effect\": \"Allow\", \"Action\": [\"iot:Subscribe\", \"sallyport:ShareGroup\"],"
            + " \"Resource\": \"*\"}");
    return SessionPolicy.compile(Given.set(all.toArray(String[]::new)), subject);
  }

  private static SubscribeDecision decide(SessionPolicy policy, String filter) {
    return policy.subscribe(filter, SubscribeRule.INCLUSIVE, new SearchBudget(Integer.MAX_VALUE));
  }

  private static Optional<String> notReceived(SessionPolicy policy, String filter) {
    return switch (decide(policy, filter)) {
      case SubscribeDecision.Granted _ -> Optional.empty();
      case SubscribeDecision.NotReceivable(_, var topic, _) -> Optional.of(topic);
      case SubscribeDecision other -> throw new AssertionError(other.explanation());
    };
  }

  @Test
  void aWildcardDoesNotWalkAroundADeny() {
    var inclusion =
        receiving(Given.allow("Receive", "topic/a/*"), Given.deny("Receive", "topic/a/secret/*"));

    assertThat(notReceived(inclusion, "a/#")).contains("a/secret/");
    assertThat(notReceived(inclusion, "a/+/x")).contains("a/secret/x");
    assertThat(notReceived(inclusion, "a/open/#")).isEmpty();
    assertThat(notReceived(inclusion, "a/+")).isEmpty();
    assertThat(notReceived(inclusion, "a/secret/1")).contains("a/secret/1");
    assertThat(notReceived(inclusion, "$share/g/a/#")).contains("a/secret/");
  }

  @Test
  void theServersTopicsDoNotStandInTheWayOfALeadingWildcard() {
    var inclusion = receiving(Given.allow("Receive", "*"), Given.deny("Receive", "topic/$*"));

    assertThat(notReceived(inclusion, "#")).isEmpty();
    assertThat(notReceived(inclusion, "+/x")).isEmpty();
    assertThat(notReceived(inclusion, "$SYS/#")).isPresent();
  }

  @Test
  void theDefaultPoliciesAllowWhatTheyAreMadeFor() {
    var device = session(DefaultPolicies.device(), Given.device("d"));
    var backend =
        session(
            DefaultPolicies.backend(), new Subject("b", null, null, Map.of(), _ -> List.of("b")));

    assertThat(notReceived(device, "$aws/things/d/#")).isEmpty();
    assertThat(notReceived(device, "$aws/things/d/jobs/+/get/accepted")).isEmpty();
    assertThat(notReceived(device, "devices/d/commands")).isEmpty();
    assertThat(notReceived(backend, "devices/#")).isEmpty();
    assertThat(notReceived(backend, "devices/+/telemetry")).isEmpty();
    assertThat(decide(device, "$aws/things/e/#").isGranted()).isFalse();
  }

  private static SessionPolicy session(PolicyDocument document, Subject subject) {
    return SessionPolicy.compile(Given.set(document), subject);
  }

  @Test
  void whatIsTooComplexIsRefused() {
    var patterns =
        IntStream.range(0, 20)
            .mapToObj(i -> "topic/*" + (char) ('a' + i) + "*" + (char) ('A' + i) + "*")
            .toArray(String[]::new);
    var allowing = receiving(Given.allow("Receive", patterns), Given.allow("Receive", "topic/?*"));

    assertThat(decide(allowing, "#").isGranted()).isTrue();
    var explosive = receiving(Given.allow("Receive", patterns));
    assertThat(notReceived(explosive, "#")).isPresent();
    var guarded = receiving(Given.allow("Receive", "*"), Given.deny("Receive", needles()));
    assertThat(decide(guarded, "a/+/b")).isInstanceOf(SubscribeDecision.TooComplex.class);
    assertThat(decide(guarded, "a/+/b").isGranted()).isFalse();
    assertThat(decide(guarded, "a/+/b").explanation()).contains("too complex");
  }

  /** Of all of them it has to be known how far each has come, and none ever ends. */
  private static String[] needles() {
    return IntStream.range(0, 12)
        .mapToObj(i -> "topic/*" + (char) ('a' + i) + "*" + (char) ('A' + i) + "*$*$*")
        .map(pattern -> pattern + "/x")
        .toArray(String[]::new);
  }

  @Test
  void whatOneFilterCostsIsTakenFromTheBudget() {
    var policy = receiving(Given.allow("Receive", "topic/a/*"), Given.deny("Receive", "topic/a/b"));
    var budget = new SearchBudget(10);
    assertThat(policy.subscribe("a/#", SubscribeRule.LITERAL, budget).isGranted()).isTrue();
    assertThat(budget.isSpent()).isFalse();
    assertThat(policy.subscribe("a/+", SubscribeRule.INCLUSIVE, budget).isGranted()).isFalse();
    assertThat(budget.isSpent()).isTrue();
    budget.refill(1_000_000);
    assertThat(budget.isSpent()).isFalse();
  }

  @Test
  void aConditionThatCanChangeCountsAsItIsNow() {
    var night =
        ", \"Condition\": {\"TimeOfDayBetween\": {\"sallyport:TimeOfDay\": \"22:00-06:00\"}}}";
    var allowed = List.of(Given.allow("Receive", "topic/a/*").replaceAll("}$", night));
    var denied =
        List.of(
            Given.allow("Receive", "topic/a/*"),
            Given.deny("Receive", "topic/a/b").replaceAll("}$", night));

    assertThat(notReceived(receivingAt("23:00", allowed), "a/#")).isEmpty();
    assertThat(notReceived(receivingAt("12:00", allowed), "a/#")).contains("a/");
    assertThat(notReceived(receivingAt("23:00", denied), "a/#")).contains("a/b");
    assertThat(notReceived(receivingAt("12:00", denied), "a/#")).isEmpty();
    // What is not known allows nothing and denies.
    assertThat(notReceived(receiving(allowed.getFirst()), "a/#")).contains("a/");
    assertThat(notReceived(receiving(denied.toArray(String[]::new)), "a/#")).contains("a/b");
  }

  @Test
  void aConditionThatTheSessionSettlesCountsExactly() {
    var own = ", \"Condition\": {\"StringEquals\": {\"iot:Connection.Thing.ThingName\": \"%s\"}}}";
    var allowed = Given.allow("Receive", "topic/a/*").replaceAll("}$", own);

    assertThat(notReceived(receiving(allowed.formatted("d1")), "a/#")).isEmpty();
    assertThat(notReceived(receiving(allowed.formatted("d2")), "a/#")).contains("a/");
  }

  /** The same question by the languages, which are made in another way. */
  @Test
  void itAgreesWithTheLanguages() {
    var random = new SplittableRandom(20_261_126);
    var parts = List.of("a", "b", "/", "/", "*", "?", "$", "\u00E4", Given.SELF, "d1");
    int included = 0;
    for (int i = 0; i < 100; i++) {
      var statements = new ArrayList<String>();
      statements.add(Given.allow("Receive", "topic/" + (random.nextInt(3) == 0 ? "*" : "a/*")));
      for (int n = random.nextInt(3); n > 0; n--) {
        var pattern = new StringBuilder("topic/");
        for (int p = random.nextInt(1, 5); p > 0; p--) {
          pattern.append(parts.get(random.nextInt(parts.size())));
        }
        var effect = random.nextBoolean() ? "Deny" : "Allow";
        statements.add(
            Given.statement(
                effect,
                "Receive",
                random.nextInt(5) == 0 ? "NotResource" : "Resource",
                pattern.toString()));
      }
      var texts = statements.toArray(String[]::new);
      var rights = Given.rights("d1", texts);
      for (var filter :
          List.of("a/+", "+/a", "a/b/+", "#", "a/+/b", "+", "a/b", "d1/+/a", "+/d1/+")) {
        var missing = Filters.topics(filter).minus(rights.names(Action.RECEIVE));
        var found = notReceived(receiving(texts), filter);
        assertThat(found.isEmpty()).as("%s %s", statements, filter).isEqualTo(missing.isEmpty());
        found.ifPresent(
            topic -> {
              assertThat(missing.contains(topic)).isTrue();
              assertThat(topic.length()).isLessThanOrEqualTo(missing.shortest().get().length());
            });
        included += found.isEmpty() ? 1 : 0;
      }
    }
    assertThat(included).isGreaterThan(50);
  }
}
