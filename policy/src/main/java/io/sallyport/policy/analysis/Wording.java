package io.sallyport.policy.analysis;

import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The checks that need the text of a document, because its meaning has lost the difference. */
final class Wording {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String FOR_ALL = "ForAllValues:";

  private Wording() {}

  static List<Finding> of(PolicyVersion policy) {
    var findings = new ArrayList<Finding>();
    var views = StatementView.of(policy);
    var written = JSON.readTree(policy.document().json()).path("Statement");
    var statements = written.isArray() ? written.valueStream().toList() : List.of(written);
    for (int i = 0; i < statements.size(); i++) {
      var statement = statements.get(i);
      var at = List.of(views.get(i).at());
      if (statement.has("NotAction") && statement.path("Effect").asString("").equals("Allow")) {
        findings.add(
            new Finding(
                "POL-09",
                Severity.ERROR,
                at,
                "an Allow with NotAction allows every action that it does not name",
                "name the actions that are meant"));
      }
      forAllValues(statement.path("Condition"), at, findings);
    }
    return findings;
  }

  private static void forAllValues(
      JsonNode condition, List<StatementRef> at, List<Finding> findings) {
    for (var operator : condition.properties()) {
      if (operator.getKey().startsWith(FOR_ALL)) {
        for (var key : operator.getValue().properties()) {
          if (!condition.path("Null").has(key.getKey())) {
            findings.add(
                new Finding(
                    "POL-08",
                    Severity.ERROR,
                    at,
                    FOR_ALL + " holds where '" + key.getKey() + "' has no value at all",
                    "add \"Null\": {\"" + key.getKey() + "\": \"false\"}"));
          }
        }
      }
    }
  }
}
