package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicyVectorsTest {
  private static final String NO_CONDITIONS = "condition not supported yet";

  @Test
  void everyVectorOfAwsWithoutConditionPasses() throws Exception {
    var report = PolicyVectors.run(awsVectors());
    assertThat(report.outcomes()).hasSize(66);
    assertThat(report.failures()).allMatch(failure -> failure.detail().endsWith(NO_CONDITIONS));
  }

  @Test
  void everyVectorWithConditionCountsAsFailedAndSaysWhy() throws Exception {
    var file = JsonMapper.shared().readTree(awsVectors());
    var withCondition =
        file.path("vectors")
            .valueStream()
            .filter(vector -> hasCondition(file, vector))
            .map(vector -> vector.path("id").asString())
            .toList();
    var report = PolicyVectors.run(awsVectors());
    assertThat(withCondition).isNotEmpty();
    assertThat(report.failures().stream().map(PolicyVectors.Outcome::id)).isEqualTo(withCondition);
    assertThat(report.passed() + report.failed()).isEqualTo(66);
  }

  private static boolean hasCondition(JsonNode file, JsonNode vector) {
    return vector
        .path("policies")
        .valueStream()
        .anyMatch(
            name -> file.path("policies").path(name.asString()).toString().contains("Condition"));
  }

  static String awsVectors() throws IOException {
    try (var in = PolicyVectorsTest.class.getResourceAsStream("aws-policy-vectors.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
