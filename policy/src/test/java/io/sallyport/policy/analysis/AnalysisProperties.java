package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.analysis.Diff.Change;
import io.sallyport.policy.analysis.Reach.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What diff and reach say of small policies, against the engine asked about everything small. */
class AnalysisProperties {
  private static final int PAIRS = 400;
  private static final int POLICIES = 60;

  private static final List<String> NAMES = InvariantProperties.words(List.of("a", "b"), 2);
  private static final List<String> TOPICS = InvariantProperties.words(List.of("a", "b", "/"), 4);
  private static final List<String> FILTERS =
      InvariantProperties.words(List.of("a", "b", "/", "+", "#"), 4).stream()
          .filter(Names.FILTERS::contains)
          .toList();
  private static final List<Action> ACTIONS =
      List.of(Action.CONNECT, Action.PUBLISH, Action.RECEIVE, Action.SUBSCRIBE);
  private static final List<String> PIECES =
      List.of("a", "b", "/", "/", "*", "?", Given.SELF, "/" + Given.SELF + "/");

  private final SplittableRandom random = new SplittableRandom(20_261_122);

  @Test
  void aDifferenceIsRealAndNoneIsMissed() {
    int changed = 0;
    int same = 0;
    int unproven = 0;
    for (int i = 0; i < PAIRS; i++) {
      var statements = statements();
      var before = document(statements);
      var after = document(altered(statements));
      var result = Diff.of(PrincipalKind.DEVICE, before, after);
      for (var change : result.changes()) {
        assertThat(change.examples()).isNotEmpty();
        assertReal(change, before, after);
      }
      for (var action : ACTIONS) {
        boolean told = result.changes().stream().anyMatch(one -> one.action() == action);
        boolean open = result.unproven().containsKey(action);
        if (!told && !open) {
          assertThat(differences(action, before, after))
              .as("%s %s %s", action, before.json(), after.json())
              .isEmpty();
        }
        unproven += open ? 1 : 0;
      }
      changed += result.changes().isEmpty() ? 0 : 1;
      same += result.same() ? 1 : 0;
    }
    // The generator is worth something only if all outcomes are frequent.
    assertThat(changed).isGreaterThan(PAIRS / 4);
    assertThat(same).isGreaterThan(PAIRS / 20);
    assertThat(unproven).isBetween(1, PAIRS);
  }

  private static void assertReal(Change change, PolicyDocument before, PolicyDocument after) {
    var was = engine(before, change.principal());
    var becomes = engine(after, change.principal());
    for (var example : change.examples()) {
      assertThat(List.of(allows(was, change, example), allows(becomes, change, example)))
          .as("%s: %s %s", change, before.json(), after.json())
          .containsExactly(!change.allowed(), change.allowed());
    }
  }

  private static boolean allows(SessionPolicy engine, Change change, String name) {
    return engine.decide(change.action(), name).isAllowed();
  }

  private static List<String> differences(
      Action action, PolicyDocument before, PolicyDocument after) {
    var found = new ArrayList<String>();
    for (var name : NAMES) {
      var was = engine(before, name);
      var becomes = engine(after, name);
      for (var one : action == Action.SUBSCRIBE ? FILTERS : TOPICS) {
        if (was.decide(action, one).isAllowed() != becomes.decide(action, one).isAllowed()) {
          found.add(name + " " + one);
        }
      }
    }
    return found;
  }

  @Test
  void reachSaysNeverOnlyWhereNothingThatIsTriedReachesIt() {
    int reached = 0;
    int never = 0;
    for (int i = 0; i < POLICIES; i++) {
      var document = document(statements());
      var principals = PolicyClass.anybody(PrincipalKind.DEVICE, Given.set(document));
      for (var name : List.of("a", "b", "ab")) {
        var engine = engine(document, name);
        for (int n = 0; n < 3; n++) {
          var topic = oneOf(TOPICS);
          for (var access : Access.values()) {
            var answer = Reach.of(principals, name, access, topic);
            boolean possible = answer instanceof Answer.Possible;
            assertThat(possible || !reaches(engine, name, access, topic))
                .as("%s %s %s by %s", name, access, topic, document.json())
                .isTrue();
            if (answer instanceof Answer.Possible(var filter, _, _) && access == Access.READ) {
              assertThat(engine.decide(Action.SUBSCRIBE, filter).isAllowed()).isTrue();
              assertThat(engine.decide(Action.RECEIVE, topic).isAllowed()).isTrue();
            }
            reached += possible ? 1 : 0;
            never += possible ? 0 : 1;
          }
        }
      }
    }
    assertThat(reached).isGreaterThan(POLICIES);
    assertThat(never).isGreaterThan(POLICIES);
  }

  private static boolean reaches(SessionPolicy engine, String name, Access access, String topic) {
    if (!engine.decide(Action.CONNECT, name).isAllowed()) {
      return false;
    }
    return access == Access.WRITE
        ? engine.decide(Action.PUBLISH, topic).isAllowed()
        : engine.decide(Action.RECEIVE, topic).isAllowed()
            && FILTERS.stream()
                .filter(filter -> InvariantProperties.matches(filter, topic))
                .anyMatch(filter -> engine.decide(Action.SUBSCRIBE, filter).isAllowed());
  }

  private static SessionPolicy engine(PolicyDocument document, String name) {
    return SessionPolicy.compile(Given.set(document), Given.device(name));
  }

  private List<String> statements() {
    var statements = new ArrayList<String>();
    statements.add(
        Given.allow("Connect", "client/" + (random.nextInt(3) == 0 ? pattern(2) : Given.SELF)));
    for (int i = random.nextInt(2, 6); i > 0; i--) {
      statements.add(statement());
    }
    return statements;
  }

  private String statement() {
    var action = oneOf(List.of("Publish", "Receive", "Subscribe"));
    var type = action.equals("Subscribe") ? "topicfilter/" : "topic/";
    return Given.statement(
        random.nextInt(4) == 0 ? "Deny" : "Allow",
        action,
        random.nextInt(8) == 0 ? "NotResource" : "Resource",
        type + pattern(4));
  }

  /** One statement more, one less, another one, or the same in another order. */
  private List<String> altered(List<String> statements) {
    var altered = new ArrayList<>(statements);
    int at = random.nextInt(altered.size());
    switch (random.nextInt(4)) {
      case 0 -> altered.add(statement());
      case 1 -> altered.remove(at);
      case 2 -> altered.set(at, statement());
      default -> altered.add(altered.remove(at));
    }
    return altered;
  }

  private static PolicyDocument document(List<String> statements) {
    try {
      return PolicyDocument.parse(Given.text(statements.toArray(String[]::new)));
    } catch (MalformedPolicy e) {
      throw new AssertionError(e.located(), e);
    }
  }

  private String pattern(int most) {
    var pattern = new StringBuilder();
    for (int i = random.nextInt(1, most + 1); i > 0; i--) {
      pattern.append(oneOf(PIECES));
    }
    return pattern.toString();
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
