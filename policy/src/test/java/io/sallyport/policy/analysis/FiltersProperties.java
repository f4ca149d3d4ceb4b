package io.sallyport.policy.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Filters and topics against a matcher that is as plain as the specification's text. */
class FiltersProperties {
  private static final List<String> LEVELS = List.of("a", "b", "", "$a", "$", "\u00E4");
  private static final List<String> FILTER_LEVELS =
      List.of("a", "b", "", "$a", "$", "\u00E4", "+", "+", "#");

  private final SplittableRandom random = new SplittableRandom(20_261_124);

  /** MQTT 5, 4.7, level by level. */
  private static boolean matches(List<String> filter, List<String> topic) {
    if (topic.getFirst().startsWith("$") && List.of("+", "#").contains(filter.getFirst())) {
      return false;
    }
    for (int i = 0; i < filter.size(); i++) {
      if (filter.get(i).equals("#")) {
        return i <= topic.size();
      }
      if (i == topic.size() || !(filter.get(i).equals("+") || filter.get(i).equals(topic.get(i)))) {
        return false;
      }
    }
    return filter.size() == topic.size();
  }

  @Test
  void aTopicIsMatchedAsTheSpecificationSays() {
    int matched = 0;
    for (int i = 0; i < 1_500; i++) {
      var filter = filter();
      var topics = Filters.topics(String.join("/", filter));
      for (int n = 0; n < 40; n++) {
        var topic = levels(LEVELS);
        boolean expected = matches(filter, topic);
        assertThat(topics.contains(String.join("/", topic)))
            .as("%s %s", filter, topic)
            .isEqualTo(expected);
        matched += expected ? 1 : 0;
      }
    }
    assertThat(matched).isGreaterThan(5_000);
  }

  @Test
  void theFiltersOfATopicAreThoseThatMatchIt() {
    for (int i = 0; i < 600; i++) {
      var topic = levels(LEVELS);
      var filters = Filters.matching(String.join("/", topic));
      assertThat(filters.isWithin(Names.FILTERS)).isTrue();
      for (int n = 0; n < 40; n++) {
        var filter = filter();
        assertThat(filters.contains(String.join("/", filter)))
            .as("%s %s", filter, topic)
            .isEqualTo(matches(filter, topic));
      }
    }
  }

  @Test
  void theTopicsOfManyFiltersAreThoseOfEachTogether() {
    for (int i = 0; i < 300; i++) {
      var first = String.join("/", filter());
      var second = String.join("/", filter());
      var together = Filters.topics(Names.only(first).or(Names.only(second)));
      assertThat(together.isSameAs(Filters.topics(first).or(Filters.topics(second))))
          .as("%s %s", first, second)
          .isTrue();
    }
  }

  private List<String> filter() {
    var filter = levels(FILTER_LEVELS);
    int hash = filter.indexOf("#");
    return hash < 0 ? filter : filter.subList(0, hash + 1);
  }

  private List<String> levels(List<String> choices) {
    var levels = new ArrayList<String>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      levels.add(choices.get(random.nextInt(choices.size())));
    }
    // No name is empty.
    return levels.equals(List.of("")) ? List.of("a") : levels;
  }
}
