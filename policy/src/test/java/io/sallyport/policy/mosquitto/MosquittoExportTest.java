package io.sallyport.policy.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ACL file says of a policy, and what it cannot say. */
class MosquittoExportTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "topic readwrite a/#",
        "topic read a/b",
        "topic write a/+/c",
        "topic write +/c",
        "topic deny a/secret/#\ntopic readwrite a/#",
        "topic readwrite #",
        "topic read a b",
        "topic write lit/*/%c/?"
      })
  void aUsersRulesComeBackAsTheyWere(String rules) throws Exception {
    var imported = policies("user dev-a\n" + rules + "\n", "dev-a");

    var export = MosquittoExport.user(imported, "dev-a");

    assertThat(export.text())
        .isEqualTo(
            "# Needs use_identity_as_username and use_username_as_clientid.\nuser dev-a\n"
                + rules
                + "\n");
    assertThat(export.complaints()).allMatch(complaint -> complaint.why().contains("client ids"));
  }

  @Test
  void variablesBecomePatternsForEverybodyAndTheNameOfOneUser() throws Exception {
    var imported = policies("pattern readwrite d/%u/#\npattern write c/%c\n", "anybody");

    assertThat(MosquittoExport.patterns(imported).text())
        .contains("pattern readwrite d/%u/#\n", "pattern write c/%c\n");
    var one = MosquittoExport.user(imported, "dev-a");
    assertThat(one.text()).contains("topic readwrite d/dev-a/#\n").doesNotContain("write c");
    assertThat(one.complaints()).anyMatch(complaint -> complaint.why().contains("ClientId"));
  }

  @Test
  void theDefaultPolicySaysWhichStatementsAreMoreThanAnAclFileCanSay() {
    var export = MosquittoExport.patterns(Map.of("default-device", DefaultPolicies.device()));

    assertThat(export.text())
        .contains("pattern write devices/%u/telemetry\n", "pattern read devices/%u/commands\n");
    assertThat(export.complaints())
        .extracting(MosquittoExport.Complaint::statement)
        .anyMatch(statement -> statement.contains("SendItsData"))
        .anyMatch(statement -> statement.contains("ConnectAsItself"));
  }

  @Test
  void whatIsReceivedButNotSubscribedToIsNotMadeReadable() throws Exception {
    var export =
        export(
            statement("Allow", "iot:Receive", "topic/$aws/things/*"),
            statement("Allow", "iot:Subscribe", "topicfilter/$aws/things/x/*"));

    assertThat(export.text()).doesNotContain("read");
    assertThat(export.complaints()).hasSize(1);
  }

  @Test
  void aDenialThatNoFilterSaysIsSaidTooWidely() throws Exception {
    var export =
        export(
            statement("Allow", "iot:*Publish", "topic/a/*"),
            statement("Deny", "iot:*Publish", "topic/a/x*"));

    assertThat(export.text()).contains("topic deny a/#");
    assertThat(export.complaints()).hasSize(1);
  }

  @Test
  void aDenialThatNothingCoversTakesEverythingAway() throws Exception {
    var export =
        export(
            statement("Allow", "iot:*Publish", "topic/a/b"),
            statement("Deny", "iot:*Publish", "t*c/x"));

    assertThat(export.text()).doesNotContain("write");
    assertThat(export.complaints()).hasSize(1);
  }

  @Test
  void exceptionsAreNotTurnedIntoRights() throws Exception {
    var export =
        export(statement("Allow", "iot:*Publish", "topic/a/b").replace("Resource", "NotResource"));

    assertThat(export.text()).doesNotContain("topic");
    assertThat(export.complaints()).isNotEmpty();
  }

  @Test
  void notActionIsWorkedOut() throws Exception {
    var export =
        export(
            statement("Allow", "iot:*Publish", "topic/a/*"),
            statement("Deny", "iot:Receive", "topic/a/c").replace("\"Action", "\"NotAction"));

    assertThat(export.text()).contains("topic deny a/c\ntopic write a/+/#\n");
    assertThat(export.complaints()).isEmpty();
  }

  private static MosquittoExport export(String... statements) throws MalformedPolicy {
    var json = "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    return MosquittoExport.user(Map.of("p", PolicyDocument.parse(json)), "dev-a");
  }

  private static String statement(String effect, String action, String resource) {
    return "{\"Effect\":\"%s\",\"Action\":\"%s\",\"Resource\":\"arn:aws:iot:*:*:%s\"}"
        .formatted(effect, action, resource);
  }

  static Map<String, PolicyDocument> policies(String acl, String user)
      throws MalformedAcl, MalformedPolicy {
    var imported = MosquittoImport.of(AclFile.parse(acl));
    var names = imported.attachments().getOrDefault(user, imported.patternPolicies());
    var documents = new LinkedHashMap<String, PolicyDocument>();
    for (var policy : imported.policies()) {
      if (names.contains(policy.name())) {
        documents.put(policy.name(), PolicyDocument.parse(policy.json()));
      }
    }
    return documents;
  }
}
