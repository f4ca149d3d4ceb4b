package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Action;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The languages against the engine that decides for live sessions. */
class LanguageProperties {
  private static final int POLICY_SETS = 1_050;
  private static final int NAMES = 100;

  private static final List<String> LETTERS =
      List.of("a", "b", "/", "+", "#", "*", "?", "$", "\u00E4", "\uD83D\uDE00");
  private static final List<String> VARIABLES =
      List.of(
          "${*}",
          "${?}",
          "${$}",
          "${iot:ClientId}",
          Given.SELF,
          "${iot:Connection.Thing.Attributes[k]}",
          "${iot:Certificate.Subject.CommonName}");
  private static final List<String> TYPES =
      List.of("topic", "topic", "topicfilter", "client", "sharegroup", "*", "t*c", "top?c");
  private static final List<String> ACTIONS =
      List.of("Publish", "Publish", "*", "Re*", "Subscribe", "Connect");
  private static final List<Action> ASKED =
      List.of(Action.PUBLISH, Action.PUBLISH, Action.SUBSCRIBE, Action.CONNECT, Action.RECEIVE);

  private final SplittableRandom random = new SplittableRandom(20_261_123);

  @Test
  void aNameIsInTheLanguageExactlyIfTheEngineAllowsIt() throws Exception {
    int decided = 0;
    int allowed = 0;
    for (int i = 0; i < POLICY_SETS; i++) {
      var documents = some(1, 2, this::document);
      var set = Given.set(documents.toArray(PolicyDocument[]::new));
      var subject = subject();
      var mode = oneOf(List.of(Mode.values()));
      var engine = SessionPolicy.compile(set, subject, mode);
      var rights = Rights.of(set, Valuation.of(subject, mode), mode, Certainty.POSSIBLE);
      var action = oneOf(ASKED);
      var language = rights.names(action);
      for (int n = 0; n < NAMES; n++) {
        var name = text(1, 6);
        boolean expected = engine.decide(action, name).isAllowed();
        if (language.contains(name) != expected || rights.allows(action, name) != expected) {
          throw new AssertionError(
              "%s %s '%s' by %s: engine %s; %s"
                  .formatted(
                      mode,
                      action,
                      name,
                      subject,
                      expected,
                      set.policies().stream().map(policy -> policy.document().json()).toList()));
        }
        decided++;
        allowed += expected ? 1 : 0;
      }
      var shortest = language.shortest();
      if (shortest.isPresent()) {
        assertThat(engine.decide(action, shortest.get()).isAllowed()).isTrue();
      }
    }
    // The generator is worth something only if both outcomes are frequent.
    assertThat(decided).isGreaterThanOrEqualTo(100_000);
    assertThat(allowed).isBetween(decided / 20, decided / 2);
  }

  private PolicyDocument document() {
    var statements = some(1, 3, this::statement);
    try {
      return PolicyDocument.parse(Given.text(statements.toArray(String[]::new)));
    } catch (MalformedPolicy e) {
      return document();
    }
  }

  private String statement() {
    return Given.statement(
        random.nextInt(4) == 0 ? "Deny" : "Allow",
        oneOf(ACTIONS),
        random.nextInt(8) == 0 ? "NotResource" : "Resource",
        some(1, 2, () -> oneOf(TYPES) + "/" + pattern()).toArray(String[]::new));
  }

  private String pattern() {
    return String.join(
        "",
        some(
            1,
            4,
            () ->
                switch (random.nextInt(8)) {
                  case 0, 1 -> oneOf(VARIABLES);
                  case 2, 3 -> "*";
                  case 4 -> "?";
                  default -> oneOf(LETTERS);
                }));
  }

  private Subject subject() {
    return new Subject(
        text(0, 2),
        random.nextInt(4) == 0 ? null : text(1, 2),
        null,
        random.nextBoolean() ? Map.of() : Map.of("k", text(0, 2)),
        Subject.known(
            random.nextBoolean() ? Map.of() : Map.of("Subject.CommonName", List.of(text(0, 2)))));
  }

  private String text(int least, int most) {
    return String.join("", some(least, most, () -> oneOf(LETTERS)));
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
