package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.analysis.Invariant.Breach;
import io.sallyport.policy.analysis.Invariant.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Proofs against trying everything: all small names, all small topics, the engine itself. */
class InvariantProperties {
  private static final int POLICIES = 1_000;

  private static final List<String> NAMES = words(List.of("a", "b"), 3);
  private static final List<String> TOPICS = words(List.of("a", "b", "/"), 5);
  private static final List<String> FILTERS =
      words(List.of("a", "b", "/", "+", "#"), 4).stream().filter(Names.FILTERS::contains).toList();
  private static final List<String> PIECES =
      List.of("a", "b", "/", "/", "/", "*", "?", "ab", Given.SELF, "/" + Given.SELF + "/");
  private static final List<String> ASKED =
      List.of("{other}/#", "{other}", "a/{other}", "+/{other}/#", "a{other}/#", "a/#", "{other}/b");

  private final SplittableRandom random = new SplittableRandom(20_261_122);

  static List<String> words(List<String> letters, int most) {
    var words = new ArrayList<>(letters);
    for (int first = 0; words.getLast().length() < most; ) {
      int end = words.size();
      for (; first < end; first++) {
        var word = words.get(first);
        letters.forEach(letter -> words.add(word + letter));
      }
    }
    return words.stream().filter(word -> word.length() <= most).toList();
  }

  @Test
  void aProofHoldsWhereverEverythingIsTriedAndACounterexampleIsReal() throws Exception {
    int held = 0;
    int broken = 0;
    int unproven = 0;
    for (int i = 0; i < POLICIES; i++) {
      var set = Given.set(document());
      var invariant = invariant();
      switch (invariant.verdict(PolicyClass.anybody(PrincipalKind.DEVICE, set))) {
        case Verdict.Holds() -> {
          held++;
          assertThat(found(invariant, set)).as(said(invariant, set)).isEmpty();
        }
        case Verdict.Broken(var breach) -> {
          broken++;
          assertThat(isReal(breach, invariant, set)).as(said(invariant, set) + breach).isTrue();
        }
        case Verdict.Unproven _ -> unproven++;
      }
    }
    // The generator is worth something only if all outcomes are frequent.
    assertThat(held).isGreaterThan(POLICIES / 8);
    assertThat(broken).isGreaterThan(POLICIES / 8);
    assertThat(unproven).isBetween(1, POLICIES / 3);
  }

  private static String said(Invariant invariant, PolicySet set) {
    return invariant + " by " + set.policies().getFirst().document().json() + " ";
  }

  /** Some breach, found by trying everything that is small. */
  private static List<String> found(Invariant invariant, PolicySet set) {
    for (var name : NAMES) {
      if (invariant.except().contains(name)) {
        continue;
      }
      var engine = SessionPolicy.compile(set, Given.device(name));
      if (!engine.decide(Action.CONNECT, name).isAllowed()) {
        continue;
      }
      var filters =
          invariant.never() == Access.WRITE
              ? List.<String>of()
              : FILTERS.stream()
                  .filter(filter -> engine.decide(Action.SUBSCRIBE, filter).isAllowed())
                  .toList();
      for (var topic : TOPICS) {
        if (isMeant(invariant, name, topic)
            && (invariant.never() == Access.WRITE
                ? engine.decide(Action.PUBLISH, topic).isAllowed()
                : engine.decide(Action.RECEIVE, topic).isAllowed()
                    && filters.stream().anyMatch(filter -> matches(filter, topic)))) {
          return List.of(name, topic);
        }
      }
    }
    return List.of();
  }

  private static boolean isReal(Breach breach, Invariant invariant, PolicySet set) {
    var name = breach.principal();
    var engine = SessionPolicy.compile(set, Given.device(name));
    boolean connects =
        Stream.concat(
                Stream.of(name),
                Stream.of("", "a", "b", "aa", "ab", "bb", "aab", name, name + "a", name + "b")
                    .map((name + ":")::concat))
            .anyMatch(
                id -> {
                  var as = new Subject(id, name, null, Map.of(), Subject.known(Map.of()));
                  return SessionPolicy.compile(set, as).decide(Action.CONNECT, id).isAllowed();
                });
    boolean does =
        invariant.never() == Access.WRITE
            ? engine.decide(Action.PUBLISH, breach.topic()).isAllowed()
            : engine.decide(Action.RECEIVE, breach.topic()).isAllowed()
                && engine.decide(Action.SUBSCRIBE, breach.filter()).isAllowed()
                && matches(breach.filter(), breach.topic());
    return connects && does && isMeant(invariant, name, breach.topic());
  }

  /** Whether the topic is meant by the filter, with somebody else's name in it. */
  private static boolean isMeant(Invariant invariant, String self, String topic) {
    var regex = new StringBuilder();
    var filter = invariant.filter();
    for (int i = 0; i < filter.length(); i++) {
      if (filter.startsWith(Others.PLACEHOLDER, i)) {
        regex.append("(?!\\Q").append(self).append("\\E(?![A-Za-z0-9:_-]))[A-Za-z0-9:_-]+");
        i += Others.PLACEHOLDER.length() - 1;
      } else if (filter.startsWith("/#", i)) {
        regex.append("(/.*)?");
        i++;
      } else {
        regex.append(filter.charAt(i) == '+' ? "[^/]*" : String.valueOf(filter.charAt(i)));
      }
    }
    return topic.matches(regex.toString());
  }

  static boolean matches(String filter, String topic) {
    var regex =
        filter.equals("#") ? ".*" : filter.replaceAll("/#$", "(/.*)?").replace("+", "[^/]*");
    return topic.matches(regex) && !(topic.startsWith("$") && Filters.startsWild(filter));
  }

  private Invariant invariant() {
    return new Invariant(
        "x",
        null,
        random.nextInt(4) == 0 ? Set.of(oneOf(NAMES)) : Set.of(),
        random.nextInt(3) == 0 ? Access.READ : Access.WRITE,
        oneOf(ASKED));
  }

  private PolicyDocument document() {
    var statements = new ArrayList<String>();
    statements.add(
        random.nextInt(3) == 0
            ? Given.allow("Connect", "client/" + pattern(3))
            : Given.allow("Connect", "client/" + Given.SELF));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      statements.add(
          Given.statement(
              i > 1 && random.nextInt(3) == 0 ? "Deny" : "Allow",
              oneOf(List.of("Publish", "Publish", "Receive")),
              random.nextInt(8) == 0 ? "NotResource" : "Resource",
              "topic/" + pattern(5)));
    }
    statements.add(Given.allow("Subscribe", "topicfilter/" + pattern(4)));
    statements.add(Given.allow("Receive", "topic/" + pattern(5)));
    try {
      return PolicyDocument.parse(Given.text(statements.toArray(String[]::new)));
    } catch (MalformedPolicy e) {
      return document();
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
