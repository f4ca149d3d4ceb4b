package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.DefaultPolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InclusionTest {
  private static Inclusion receiving(String... statements) {
    return new Inclusion(Given.rights("d1", statements));
  }

  @Test
  void aWildcardDoesNotWalkAroundADeny() {
    var inclusion =
        receiving(Given.allow("Receive", "topic/a/*"), Given.deny("Receive", "topic/a/secret/*"));

    assertThat(inclusion.notReceived("a/#")).contains("a/secret/");
    assertThat(inclusion.notReceived("a/+/x")).contains("a/secret/x");
    assertThat(inclusion.notReceived("a/open/#")).isEmpty();
    assertThat(inclusion.notReceived("a/+")).isEmpty();
    assertThat(inclusion.notReceived("a/secret/1")).contains("a/secret/1");
    assertThat(inclusion.notReceived("$share/g/a/#")).contains("a/secret/");
  }

  @Test
  void theServersTopicsDoNotStandInTheWayOfALeadingWildcard() {
    var inclusion = receiving(Given.allow("Receive", "*"), Given.deny("Receive", "topic/$*"));

    assertThat(inclusion.notReceived("#")).isEmpty();
    assertThat(inclusion.notReceived("+/x")).isEmpty();
    assertThat(inclusion.notReceived("$SYS/#")).isPresent();
  }

  @Test
  void theDefaultPoliciesAllowWhatTheyAreMadeFor() {
    var device = PolicyClass.anybody(PrincipalKind.DEVICE, Given.set(DefaultPolicies.device()));
    var backend = PolicyClass.anybody(PrincipalKind.BACKEND, Given.set(DefaultPolicies.backend()));

    assertThat(new Inclusion(device.rights("d", Certainty.CERTAIN)).notReceived("$aws/things/d/#"))
        .isEmpty();
    assertThat(new Inclusion(backend.rights("b", Certainty.CERTAIN)).notReceived("devices/#"))
        .isEmpty();
    assertThat(
            new Inclusion(backend.rights("b", Certainty.CERTAIN))
                .notReceived("devices/+/telemetry"))
        .isEmpty();
  }

  @Test
  void whatIsTooComplexIsNotAnswered() {
    var patterns =
        IntStream.range(0, 20)
            .mapToObj(i -> "topic/*" + (char) ('a' + i) + "*" + (char) ('A' + i) + "*")
            .toArray(String[]::new);
    var inclusion = receiving(Given.allow("Receive", "*"), Given.deny("Receive", patterns));

    assertThatThrownBy(
            () ->
                receiving(Given.allow("Receive", patterns), Given.allow("Receive", "topic/?*"))
                    .notReceived("#"))
        .isInstanceOf(TooComplex.class);
    assertThat(inclusion.notReceived("#")).isPresent();
  }

  /** The same question by the languages, which are made in another way. */
  @Test
  void itAgreesWithTheLanguages() {
    var random = new SplittableRandom(20_261_126);
    var parts = List.of("a", "b", "/", "/", "*", "?", "$", "\u00E4");
    int included = 0;
    for (int i = 0; i < 400; i++) {
      var statements = new ArrayList<String>();
      statements.add(Given.allow("Receive", "topic/" + (random.nextInt(3) == 0 ? "*" : "a/*")));
      for (int n = random.nextInt(3); n > 0; n--) {
        var pattern = new StringBuilder("topic/");
        for (int p = random.nextInt(1, 5); p > 0; p--) {
          pattern.append(parts.get(random.nextInt(parts.size())));
        }
        var effect = random.nextBoolean() ? "Deny" : "Allow";
        statements.add(Given.statement(effect, "Receive", "Resource", pattern.toString()));
      }
      var rights = Given.rights("d1", statements.toArray(String[]::new));
      for (var filter : List.of("a/+", "+/a", "a/b/+", "#", "a/+/b", "+", "a/b")) {
        var missing = Filters.topics(filter).minus(rights.names(Action.RECEIVE));
        var found = new Inclusion(rights).notReceived(filter);
        assertThat(found.isEmpty()).as("%s %s", statements, filter).isEqualTo(missing.isEmpty());
        found.ifPresent(
            topic -> {
              assertThat(missing.contains(topic)).isTrue();
              assertThat(topic.length()).isLessThanOrEqualTo(missing.shortest().get().length());
            });
        included += found.isEmpty() ? 1 : 0;
      }
    }
    assertThat(included).isGreaterThan(200);
  }
}
