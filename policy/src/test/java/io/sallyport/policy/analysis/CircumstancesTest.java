package io.sallyport.policy.analysis;

import static io.sallyport.policy.analysis.Given.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.analysis.Invariant.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Conditions in every question: what holds together, what never does, and when. */
class CircumstancesTest {
  private static final String CONNECT = Given.allow("Connect", "client/" + SELF);
  private static final String ATTESTED = "\"Bool\": {\"sallyport:Attested\": \"true\"}";
  private static final String NOT_ATTESTED = "\"Bool\": {\"sallyport:Attested\": \"false\"}";

  private static String when(String condition, String statement) {
    return statement.substring(0, statement.length() - 1) + ", \"Condition\": {" + condition + "}}";
  }

  private static PolicyClass devices(String... statements) {
    return PolicyClass.anybody(PrincipalKind.DEVICE, Given.set(statements));
  }

  private static Reach.Answer write(PolicyClass principals, String topic) {
    return Reach.of(principals, "d", Access.WRITE, topic);
  }

  @Test
  void whatOneConditionAllowsAndTheSameDeniesIsNeverAllowed() {
    var never =
        devices(
            CONNECT,
            when(ATTESTED, Given.allow("Publish", "topic/a")),
            when(ATTESTED, Given.deny("Publish", "topic/a")));

    assertThat(write(never, "a")).isInstanceOf(Reach.Answer.Impossible.class);
    assertThat(new Invariant("x", null, Set.of(), Access.WRITE, "a").verdict(never, () -> false))
        .isInstanceOf(Verdict.Holds.class);
  }

  @Test
  void theAnswerSaysWhen() throws Exception {
    var set =
        Given.set(
            CONNECT,
            Given.allow("Publish", "topic/a"),
            when(ATTESTED, Given.deny("Publish", "topic/a")));
    var answer = write(PolicyClass.anybody(PrincipalKind.DEVICE, set), "a");

    assertThat(answer)
        .isInstanceOfSatisfying(
            Reach.Answer.Possible.class,
            possible -> assertThat(possible.when()).containsExactly("sallyport:Attested is false"));
    assertThat(decides(set, Map.of("sallyport:Attested", List.of("false")))).isTrue();
    assertThat(decides(set, Map.of("sallyport:Attested", List.of("true")))).isFalse();
  }

  private static boolean decides(PolicySet set, Map<String, List<String>> facts) throws Exception {
    return SessionPolicy.compile(set, Given.device("d").assuming(facts))
        .decide(Action.PUBLISH, "a")
        .isAllowed();
  }

  @Test
  void oppositeConditionsCoverEachOtherOnlyWhereTheKeyIsKnown() {
    var name = "\"%s\": {\"sallyport:ListenerName\": \"plant\"}";
    var both =
        devices(
            CONNECT,
            when(name.formatted("StringEquals"), Given.allow("Publish", "topic/a")),
            when(name.formatted("StringNotEquals"), Given.deny("Publish", "topic/b")),
            when(name.formatted("StringEquals"), Given.allow("Publish", "topic/b")));

    assertThat(write(both, "b"))
        .isInstanceOfSatisfying(
            Reach.Answer.Possible.class,
            one -> assertThat(one.when()).containsExactly("sallyport:ListenerName is plant"));
    assertThat(
            write(
                devices(
                    CONNECT,
                    when(name.formatted("StringEquals"), Given.allow("Publish", "topic/a")),
                    when(name.formatted("StringEquals"), Given.deny("Connect", "client/*"))),
                "a"))
        .isInstanceOf(Reach.Answer.Impossible.class);
  }

  @Test
  void whatChangesInASessionMayBeOneThingNowAndAnotherLater() {
    var liveOnly =
        devices(when(ATTESTED, CONNECT), when(NOT_ATTESTED, Given.allow("Publish", "topic/a")));

    assertThat(write(liveOnly, "a"))
        .isInstanceOfSatisfying(
            Reach.Answer.Possible.class,
            one ->
                assertThat(one.when())
                    .containsExactly("sallyport:Attested is true", "sallyport:Attested is false"));
  }

  @Test
  void whatTheRegistryKnowsIsEvaluated() {
    var site = "\"StringEquals\": {\"iot:Connection.Thing.Attributes[site]\": \"north\"}";
    var set = Given.set(CONNECT, when(site, Given.allow("Publish", "topic/a")));

    for (var where : List.of("north", "south")) {
      var known = new PolicyClass(PrincipalKind.DEVICE, set, null, Map.of("site", where), 1);
      var answer = write(known, "a");
      assertThat(answer instanceof Reach.Answer.Possible one && one.when().isEmpty())
          .as(where)
          .isEqualTo(where.equals("north"));
    }
  }

  @Test
  void aConditionOnTheNameIsAClassOfNames() {
    var name = "\"StringLike\": {\"iot:Connection.Thing.ThingName\": \"adm?n\"}";
    var principals = devices(CONNECT, when(name, Given.allow("Publish", "topic/devices/*")));

    assertThat(new Invariant("x", null, Set.of(), Access.WRITE, "devices/#").verdict(principals))
        .isInstanceOfSatisfying(
            Verdict.Broken.class,
            broken -> assertThat(broken.breach().principal()).matches("adm.n"));
  }

  @Test
  void adifferenceInAConditionIsADifference() {
    var before = Given.document(when(ATTESTED, Given.allow("Publish", "topic/a")));
    var after = Given.document(Given.allow("Publish", "topic/a"));

    assertThat(Diff.of(PrincipalKind.DEVICE, before, before).same()).isTrue();
    assertThat(Diff.of(PrincipalKind.DEVICE, before, after).changes())
        .singleElement()
        .satisfies(
            change -> assertThat(change.when()).containsExactly("sallyport:Attested is false"));
  }

  @Test
  void tooManyConditionsAreTakenForPossible() {
    var statements = new java.util.ArrayList<>(List.of(CONNECT));
    for (int i = 0; i < 12; i++) {
      statements.add(
          when(
              "\"StringEquals\": {\"sallyport:DeviceTag/t" + i + "\": \"x\"}",
              Given.allow("Publish", "topic/a" + i)));
    }
    var principals = devices(statements.toArray(String[]::new));

    assertThat(write(principals, "a7")).isInstanceOf(Reach.Answer.Possible.class);
    assertThat(write(principals, "b")).isInstanceOf(Reach.Answer.Impossible.class);
  }
}
