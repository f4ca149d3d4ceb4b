package io.sallyport.policy.analysis;

import static io.sallyport.policy.analysis.Given.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.analysis.Diff.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiffTest {
  private static List<Change> diff(PolicyDocument before, PolicyDocument after) {
    return Diff.of(PrincipalKind.DEVICE, before, after).changes();
  }

  @Test
  void theSameRightsInOtherWordsAreNoChange() {
    assertThat(
            diff(
                Given.document(Given.allow("Publish", "topic/a/*", "topic/a/b")),
                Given.document(Given.allow("Publish", "topic/a/*"))))
        .isEmpty();
  }

  @Test
  void saysWhatBecomesAllowedAndWhatDenied() {
    var changes =
        diff(
            Given.document(Given.allow("Publish", "topic/a/*")),
            Given.document(
                Given.allow("Publish", "topic/a/*", "topic/b/" + SELF),
                Given.deny("Publish", "topic/a/x")));

    assertThat(changes)
        .containsExactly(
            new Change(
                Action.PUBLISH,
                true,
                List.of("b/this-device"),
                List.of("topic/b/" + SELF),
                "this-device",
                List.of()),
            new Change(
                Action.PUBLISH,
                false,
                List.of("a/x"),
                List.of("topic/a/*"),
                "this-device",
                List.of()));
  }

  @Test
  void aChangeForOneNameOnlyIsFound() {
    var changes =
        diff(
            Given.document(Given.allow("Publish", "topic/" + SELF)),
            Given.document(
                Given.allow("Publish", "topic/" + SELF), Given.deny("Publish", "topic/admin")));

    assertThat(changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.allowed()).isFalse();
              assertThat(change.principal()).isEqualTo("admin");
            });
  }

  @Test
  void whatDependsOnAnAttributeIsCompared() {
    var attribute = "topic/${iot:Connection.Thing.Attributes[site]}/x";

    assertThat(
            diff(
                Given.document(Given.allow("Publish", "topic/a")),
                Given.document(Given.allow("Publish", "topic/a", attribute))))
        .singleElement()
        .satisfies(change -> assertThat(change.covers()).containsExactly(attribute));
  }
}
