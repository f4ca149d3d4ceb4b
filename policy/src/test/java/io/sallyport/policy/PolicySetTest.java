package io.sallyport.policy;

import static io.sallyport.policy.Example.allow;
import static io.sallyport.policy.Example.device;
import static io.sallyport.policy.Example.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicySetTest {
  @Test
  void equalSetsShareTheirTemplates() {
    var one = set(allow("iot:Publish", "topic/shared/${iot:Connection.Thing.ThingName}"));
    var other = set(allow("iot:Publish", "topic/shared/${iot:Connection.Thing.ThingName}"));
    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other).isNotSameAs(other);
    assertThat(one.templates()).isSameAs(other.templates()).isSameAs(one.templates());
    IntStream.range(0, 1_000).forEach(i -> SessionPolicy.compile(other, device("dev-" + i)));
    assertThat(one.templates().variants()).isEqualTo(1);
  }

  @Test
  void keepsABoundedNumberOfTemplatesAndDecidesRightBeyondIt() {
    var statements =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    allow(
                        "iot:Publish",
                        "topic/" + i + "/${iot:Connection.Thing.Attributes[a" + i + "]}"))
            .toArray(String[]::new);
    var set = set(statements);
    for (int bits = 0; bits < 64; bits++) {
      int chosen = bits;
      var attributes =
          IntStream.range(0, 6)
              .filter(i -> (chosen >> i & 1) == 1)
              .boxed()
              .collect(Collectors.toMap(i -> "a" + i, i -> "v"));
      var rights =
          SessionPolicy.compile(
              set, new Subject("c", "c", null, attributes, Subject.known(Map.of())));
      for (int i = 0; i < 6; i++) {
        assertThat(rights.decide(Action.PUBLISH, i + "/v").isAllowed())
            .isEqualTo((bits >> i & 1) == 1);
      }
    }
    assertThat(set.templates().variants()).isEqualTo(Templates.VARIANTS_MAX);
  }

  @Test
  void aSetHoldsEachPolicyOnceAndABoundedNumber() {
    var document = Example.document(allow("iot:*", "*"));
    var twice = List.of(new PolicyVersion("p", 1, document), new PolicyVersion("p", 2, document));
    assertThatThrownBy(() -> PolicySet.of(twice)).hasMessage("policy twice: 'p'");
    var many =
        IntStream.rangeClosed(0, PolicySet.POLICIES_MAX)
            .mapToObj(i -> new PolicyVersion("p" + i, 1, document))
            .toList();
    assertThat(PolicySet.of(many.subList(1, many.size())).policies())
        .hasSize(PolicySet.POLICIES_MAX);
    assertThatThrownBy(() -> PolicySet.of(many)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PolicyVersion("p", 0, document))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(PolicySet.of(twice.subList(0, 1))).hasToString("[p v1]").isNotEqualTo("p");
  }
}
