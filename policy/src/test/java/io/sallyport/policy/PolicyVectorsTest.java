package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PolicyVectorsTest {
  @Test
  void everyVectorOfAwsPasses() throws Exception {
    var report = PolicyVectors.run(awsVectors());
    assertThat(report.failures()).isEmpty();
    assertThat(report.passed()).isEqualTo(66);
  }

  @Test
  void aVectorMaySetFactsAndItsOwnMode() throws Exception {
    var missing = vector("P-NOTEQ", "client1", "iot:Publish", "n", "deny");
    var strict = missing.replace("\"expect\"", "\"mode\": \"strict\", \"expect\"");
    var elsewhere =
        vector("P-IP", "thing1", "iot:Publish", "ip", "allow")
            .replace("\"expect\"", "\"ctx\": {\"aws:SourceIp\": \"123.45.167.89\"}, \"expect\"");
    var report = PolicyVectors.run(file("", missing, strict, elsewhere));
    assertThat(report.outcomes().stream().map(PolicyVectors.Outcome::passed))
        .containsExactly(false, true, true);
  }

  @Test
  void decidesAVersionOf2008WithVariablesAsPlainText() throws Exception {
    var report =
        PolicyVectors.run(
            file(
                "",
                vector("P-V2008", "client1", "iot:Publish", "my/topic/client1", "deny"),
                vector("P-V2008", "client1", "iot:Publish", "my/topic/${iot:ClientId}", "allow")));
    assertThat(report.failures()).isEmpty();
  }

  @Test
  void decidesStrictlyWhereTheFileSaysSo() throws Exception {
    var trap = vector("P-DENY-THING", "other-id", "iot:Publish", "thing2/bar", "allow");
    assertThat(PolicyVectors.run(file("\"mode\": \"aws-compat\",", trap)).passed()).isEqualTo(1);
    var strict = PolicyVectors.run(file("\"mode\": \"strict\",", trap));
    assertThat(strict.failed()).isEqualTo(1);
    assertThat(strict.failures().getFirst().detail())
        .isEqualTo("expected allow, but denied by P-DENY-THING v1 statement 1 line 1");
    var old = vector("P-V2008", "client1", "iot:Publish", "x", "deny");
    assertThat(PolicyVectors.run(file("\"mode\": \"strict\",", old)).failures().getFirst().detail())
        .contains("'Version' must be");
  }

  @Test
  void whatIsNotUnderstoodHasNotPassed() throws Exception {
    var report =
        PolicyVectors.run(
            file(
                "",
                vector("P-STAR", "nobody", "iot:Publish", "x", "deny"),
                vector("P-NONE", "client1", "iot:Publish", "x", "deny"),
                vector("P-STAR", "client1", "iot:GetThingShadow", "x", "deny"),
                vector("P-STAR", "client1", "iot:Publish", "x", "maybe"),
                vector("P-STAR", "client1", "iot:Publish", "x", "deny")
                    .replace("\"expect\"", "\"ctx\": {\"moon\": \"full\"}, \"expect\""),
                "{}"));
    assertThat(report.passed()).isZero();
    assertThat(report.failures().stream().map(PolicyVectors.Outcome::detail))
        .containsExactly(
            "unknown principal: 'nobody'",
            "policy 'P-NONE': no such policy",
            "no enforced action: 'iot:GetThingShadow'",
            "neither 'allow' nor 'deny': 'maybe'",
            "context not understood: unknown condition key: 'moon'",
            "unknown principal: ''");
  }

  @Test
  void aVectorWithMorePoliciesThanAPrincipalCanHaveHasNotPassed() throws Exception {
    var names =
        IntStream.rangeClosed(0, PolicySet.POLICIES_MAX).mapToObj(i -> "\"p" + i + "\"").toList();
    var report =
        PolicyVectors.run(
            file(
                "",
                vector("x", "client1", "iot:Publish", "x", "deny")
                    .replace("\"x\"]", "\"x\"," + String.join(",", names) + "]")));
    assertThat(report.failures().getFirst().detail()).isEqualTo("more than 10 policies");
  }

  @Test
  void takesAllAttachedPoliciesTogether() throws Exception {
    var report = PolicyVectors.run(awsVectors());
    assertThat(report.outcomes())
        .contains(
            new PolicyVectors.Outcome(
                "AWS-94", true, "denied by P-GROUP-DENY v1 statement 0 line 1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{} x",
        "{\"policies\": {}, \"policies\": {}}",
        "{\"policies\": {}, \"principals\": {}}",
        "{\"policies\": {}, \"vectors\": []}",
        "{\"principals\": {}, \"vectors\": []}",
        "{\"policies\": [], \"principals\": {}, \"vectors\": []}",
        "{\"policies\": {}, \"principals\": {}, \"vectors\": {}}",
        "{\"mode\": \"lax\", \"policies\": {}, \"principals\": {}, \"vectors\": []}",
        "{\"mode\": 1, \"policies\": {}, \"principals\": {}, \"vectors\": []}"
      })
  void refusesWhatIsNoVectorFile(String text) {
    assertThatThrownBy(() -> PolicyVectors.run(text)).isInstanceOf(MalformedPolicy.class);
  }

  @Test
  void refusesAFileWithoutBound() {
    assertThatThrownBy(() -> PolicyVectors.run(" ".repeat(VectorFile.LENGTH_MAX + 1)))
        .isInstanceOf(MalformedPolicy.class)
        .hasMessageContaining("at most");
  }

  private static String vector(
      String policy, String principal, String action, String name, String expect) {
    return "{\"id\": \"v\", \"policies\": [\"%s\"], \"principal\": \"%s\", \"action\": \"%s\", \"name\": \"%s\", \"expect\": \"%s\"}"
        .formatted(policy, principal, action, name, expect);
  }

  private static String file(String mode, String... vectors) throws IOException {
    var aws = JsonMapper.shared().readTree(awsVectors());
    return "{%s \"policies\": %s, \"principals\": %s, \"vectors\": %s}"
        .formatted(mode, aws.path("policies"), aws.path("principals"), List.of(vectors));
  }

  static String awsVectors() throws IOException {
    try (var in = PolicyVectorsTest.class.getResourceAsStream("aws-policy-vectors.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
