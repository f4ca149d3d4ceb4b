package io.sallyport.policy.analysis;

import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.Mode;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Policies and subjects that many tests need. */
final class Given {
  static final String SELF = "${iot:Connection.Thing.ThingName}";

  private Given() {}

  static String allow(String action, String... resources) {
    return statement("Allow", action, "Resource", resources);
  }

  static String deny(String action, String... resources) {
    return statement("Deny", action, "Resource", resources);
  }

  static String statement(String effect, String action, String member, String... resources) {
    var arns =
        List.of(resources).stream()
            .map(name -> name.equals("*") ? "\"*\"" : "\"arn:aws:iot:*:*:" + name + '"')
            .toList();
    return "{\"Effect\": \"%s\", \"Action\": \"iot:%s\", \"%s\": %s}"
        .formatted(effect, action, member, arns);
  }

  static String text(String... statements) {
    return "{\"Version\": \"2012-10-17\", \"Statement\": [" + String.join(", ", statements) + "]}";
  }

  static PolicyDocument document(String... statements) {
    try {
      return PolicyDocument.parse(text(statements));
    } catch (MalformedPolicy e) {
      throw new AssertionError(e.located(), e);
    }
  }

  static PolicySet set(PolicyDocument... documents) {
    var versions = new ArrayList<PolicyVersion>();
    for (var document : documents) {
      versions.add(new PolicyVersion("p" + versions.size(), 1, document));
    }
    return PolicySet.of(versions);
  }

  static PolicySet set(String... statements) {
    return set(document(statements));
  }

  static Subject device(String name) {
    return new Subject(
        name, name, null, Map.of(), Subject.known(Map.of("Subject.CommonName", List.of(name))));
  }

  static Rights rights(String name, String... statements) {
    return Rights.of(
        set(statements), Valuation.of(device(name), Mode.STRICT), Mode.STRICT, Certainty.POSSIBLE);
  }
}
