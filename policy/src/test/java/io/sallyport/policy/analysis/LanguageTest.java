package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.policy.Action;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanguageTest {
  @Test
  void comparesTwoPoliciesWithAShortestCounterexample() {
    var narrow =
        publishing(Given.allow("Publish", "topic/a/*"), Given.deny("Publish", "topic/a/x"));
    var wide = publishing(Given.allow("Publish", "topic/a/*"));

    assertThat(narrow.isWithin(wide)).isTrue();
    assertThat(wide.isWithin(narrow)).isFalse();
    assertThat(wide.minus(narrow).shortest()).contains("a/x");
    assertThat(narrow.isSameAs(wide)).isFalse();
    assertThat(narrow.and(publishing(Given.allow("Publish", "topic/b/*"))).isEmpty()).isTrue();
  }

  @Test
  void aQuestionMarkIsOneCodePointOfAnyLength() {
    var language = publishing(Given.allow("Publish", "topic/?"));

    assertThat(language.contains("\uD83D\uDE00")).isTrue();
    assertThat(language.contains("ab")).isFalse();
    assertThat(language.shortest()).contains("a");
  }

  @Test
  void theParentIsMatchedToo() {
    assertThat(Filters.topics("a/#").contains("a")).isTrue();
    assertThat(Filters.topics("+/#").contains("a")).isTrue();
    assertThat(Filters.topics("a/b/#").contains("a")).isFalse();
  }

  @Test
  void aLeadingWildcardDoesNotMatchTheServersTopics() {
    assertThat(Filters.topics("#").contains("$SYS/x")).isFalse();
    assertThat(Filters.topics("+/x").contains("$SYS/x")).isFalse();
    assertThat(Filters.topics("$SYS/#").contains("$SYS/x")).isTrue();
    assertThat(Filters.matching("$SYS/x").contains("#")).isFalse();
  }

  @Test
  void aShareGroupMatchesWhatTheFilterBehindItMatches() {
    assertThat(Filters.topics("$share/g/a/+").contains("a/b")).isTrue();
    assertThat(Filters.topics("$share/g/+/b").contains("$a/b")).isFalse();
  }

  @Test
  void aDoubtfulValueCountsForAnAllowAndNotForADeny() {
    Valuation unknown = _ -> new Valuation.Unknown();
    var set =
        Given.set(
            Given.allow("Publish", "topic/a/" + Given.SELF),
            Given.deny("Publish", "topic/a/" + Given.SELF));
    var mode = io.sallyport.policy.Mode.STRICT;

    assertThat(Rights.of(set, unknown, mode, Certainty.POSSIBLE).allows(Action.PUBLISH, "a/x"))
        .isTrue();
    assertThat(Rights.of(set, unknown, mode, Certainty.CERTAIN).allows(Action.PUBLISH, "a/x"))
        .isFalse();
  }

  @Test
  void aPolicyThatExplodesEndsAtTheBudget() {
    var patterns =
        IntStream.range(0, 26)
            .mapToObj(i -> "topic/*" + (char) ('a' + i) + "*" + (char) ('A' + i) + "*")
            .toArray(String[]::new);

    assertThatThrownBy(() -> publishing(Given.allow("Publish", patterns)))
        .isInstanceOf(TooComplex.class)
        .hasMessageContaining("10000 states");
  }

  private static Language publishing(String... statements) {
    return Given.rights("d", statements).names(Action.PUBLISH);
  }
}
