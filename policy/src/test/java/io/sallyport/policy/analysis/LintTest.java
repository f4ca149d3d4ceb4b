package io.sallyport.policy.analysis;

import static io.sallyport.policy.analysis.Given.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SearchBudget;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.SubscribeRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintTest {
  private static final String CONNECT = Given.allow("Connect", "client/" + SELF);

  private static Lint.Report lint(PolicyDocument document) {
    return Lint.of(PrincipalKind.DEVICE, new PolicyVersion("p", 1, document));
  }

  private static List<String> ids(String... statements) {
    return lint(Given.document(statements)).findings().stream().map(Finding::id).toList();
  }

  @Test
  void theDefaultPolicyOfDevicesIsClean() {
    assertThat(lint(DefaultPolicies.device()).findings()).isEmpty();
    assertThat(lint(DefaultPolicies.device()).score()).isEqualTo(100);
  }

  @Test
  void aPolicyThatAllowsEverythingScoresNothing() {
    var report = lint(Given.document(Given.allow("*", "*")));

    assertThat(report.findings())
        .extracting(Finding::id)
        .contains("POL-01", "POL-02", "POL-03", "POL-04", "POL-13");
    assertThat(report.failed()).isTrue();
    assertThat(report.score()).isZero();
  }

  @Test
  void anOpenClientIdIsFound() {
    assertThat(ids(Given.allow("Connect", "client/*"))).containsExactly("POL-01");
    assertThat(ids(CONNECT)).isEmpty();
  }

  @Test
  void aMissingSlashAfterTheNameIsFound() {
    var open = "topic/devices/" + SELF + "*";
    var report = lint(Given.document(CONNECT, Given.allow("Publish", open)));

    assertThat(report.findings()).extracting(Finding::id).contains("POL-03");
    assertThat(report.findings().getFirst().message()).contains("'devices/this-device");
    assertThat(ids(CONNECT, Given.allow("Publish", "topic/devices/" + SELF + "/x"))).isEmpty();
  }

  @Test
  void readingOthersNeedsSubscribeAndReceive() {
    var subscribe = Given.allow("Subscribe", "topicfilter/devices/*");

    assertThat(ids(CONNECT, subscribe, Given.allow("Receive", "topic/devices/*")))
        .containsExactly("POL-04");
    assertThat(ids(CONNECT, subscribe)).containsExactly("DEAD-03");
    assertThat(
            ids(
                CONNECT,
                Given.allow("Subscribe", "topicfilter/devices/" + SELF + "/*"),
                Given.allow("Receive", "topic/devices/*")))
        .isEmpty();
  }

  @Test
  void aDenyOfSubscribeThatIsWalkedAroundIsFound() {
    assertThat(
            ids(
                CONNECT,
                Given.allow("Subscribe", "topicfilter/a/*"),
                Given.deny("Subscribe", "topicfilter/a/restricted/*"),
                Given.allow("Receive", "topic/a/*")))
        .containsExactly("POL-06");
    assertThat(
            ids(
                CONNECT,
                Given.allow("Subscribe", "topicfilter/a/*"),
                Given.deny("Subscribe", "topicfilter/a/restricted/*"),
                Given.allow("Receive", "topic/a/*"),
                Given.deny("Receive", "topic/a/restricted/*")))
        .containsExactly("DEAD-05");
  }

  @Test
  void aFilterThatAnInclusiveListenerRefusesIsNamedWithAShortestTopic() {
    var policy =
        Given.document(
            CONNECT,
            Given.allow("Subscribe", "topicfilter/a/*"),
            Given.allow("Receive", "topic/a/b*"));
    var finding = lint(policy).findings().getFirst();

    assertThat(finding.id()).isEqualTo("DEAD-05");
    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(finding.at()).singleElement().satisfies(at -> assertThat(at.index()).isEqualTo(1));
    assertThat(finding.message()).contains("'a/'").contains("may not be received");
    assertThat(lint(policy).score()).isEqualTo(92);
    // What it says is what the engine does.
    var session = SessionPolicy.compile(Given.set(policy), Given.device("d"));
    var budget = new SearchBudget(Integer.MAX_VALUE);
    assertThat(session.subscribe("a/", SubscribeRule.INCLUSIVE, budget).isGranted()).isFalse();
    assertThat(session.subscribe("a/b", SubscribeRule.INCLUSIVE, budget).isGranted()).isTrue();
  }

  @Test
  void whatIsReceivedAsWidelyAsSubscribedToIsGranted() {
    for (var below : List.of("a/*", "*", "a/" + SELF + "/*")) {
      assertThat(
              ids(
                  CONNECT,
                  Given.allow("Subscribe", "topicfilter/" + below),
                  Given.allow("Receive", "topic/" + below)))
          .doesNotContain("DEAD-03", "DEAD-05");
    }
    assertThat(
            Lint.of(PrincipalKind.BACKEND, new PolicyVersion("b", 1, DefaultPolicies.backend()))
                .findings())
        .extracting(Finding::id)
        .doesNotContain("DEAD-03", "DEAD-05");
  }

  @Test
  void wildcardsOfMqttInADenyAreFound() {
    assertThat(
            ids(
                CONNECT,
                Given.allow("Subscribe", "topicfilter/a/*"),
                Given.allow("Receive", "topic/a/*"),
                Given.deny("Subscribe", "topicfilter/a/b/#")))
        .contains("POL-05", "POL-06");
  }

  @Test
  void whatDoesNothingIsFound() {
    var publish = Given.allow("Publish", "topic/a/*");

    assertThat(ids(CONNECT, publish, Given.allow("Publish", "topic/a/b")))
        .containsExactly("DEAD-04");
    assertThat(
            lint(Given.document(CONNECT, publish, Given.allow("Publish", "topic/a/b")))
                .findings()
                .getFirst()
                .message())
        .contains("shadowed by", "statement 1");
    assertThat(
            lint(Given.document(
                    CONNECT,
                    publish,
                    Given.deny("Publish", "topic/b*"),
                    Given.allow("Publish", "topic/b/c")))
                .findings())
        .extracting(Finding::id, Finding::message)
        .anySatisfy(
            one -> assertThat(one.toString()).contains("DEAD-02", "statement 2", "denies all"));
    assertThat(ids(CONNECT, publish, Given.deny("Publish", "topic/b"))).containsExactly("DEAD-02");
    assertThat(ids(CONNECT, Given.allow("Subscribe", "topic/a")))
        .containsExactly("POL-07", "DEAD-01");
    assertThat(ids(CONNECT, publish, Given.deny("Publish", "topic/a/b"))).isEmpty();
  }

  @Test
  void negationsInAnAllowAreFound() {
    assertThat(ids(CONNECT, Given.statement("Allow", "Publish", "NotResource", "topic/a")))
        .contains("POL-09", "POL-03");
    var notAction = Given.allow("Connect", "client/" + SELF).replace("\"Action\"", "\"NotAction\"");
    assertThat(ids(CONNECT, notAction)).contains("POL-09");
  }

  @Test
  void theRestOfTheCatalogueIsFound() {
    assertThat(ids(CONNECT, Given.allow("RetainPublish", "topic/a"))).containsExactly("POL-12");
    var will =
        ", \"Condition\": {\"ForAnyValue:StringEquals\": {\"iot:ConnectAttributes\":"
            + " \"LastWill\"}}}";
    assertThat(ids(CONNECT.substring(0, CONNECT.length() - 1) + will)).containsExactly("POL-12");
    assertThat(ids(CONNECT, Given.allow("Publish", "topic/devices/*/commands"))).contains("POL-13");
    assertThat(
            ids(
                CONNECT,
                Given.allow("Publish", "topic/a/*"),
                Given.deny("Publish", "topic/a/${iot:Connection.Thing.Attributes[site]}")))
        .containsExactly("POL-10");
  }
}
