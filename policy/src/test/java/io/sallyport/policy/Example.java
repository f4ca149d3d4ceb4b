package io.sallyport.policy;

import java.util.List;
import java.util.Map;

/** Documents and subjects that many tests need. */
final class Example {
  private Example() {}

  static PolicyDocument document(String... statements) {
    try {
      return PolicyDocument.parse(text(statements));
    } catch (MalformedPolicy e) {
      throw new AssertionError(e.located(), e);
    }
  }

  static String text(String... statements) {
    return "{\"Version\": \"2012-10-17\", \"Statement\": [" + String.join(", ", statements) + "]}";
  }

  static String allow(String action, String... resources) {
    return statement("Allow", action, "Resource", resources);
  }

  static String deny(String action, String... resources) {
    return statement("Deny", action, "Resource", resources);
  }

  static String statement(String effect, String action, String member, String... resources) {
    var arns =
        List.of(resources).stream()
            .map(resource -> resource.equals("*") ? "*" : "arn:aws:iot:*:*:" + resource)
            .map(arn -> '"' + arn.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
            .toList();
    return "{\"Effect\": \"%s\", \"Action\": \"%s\", \"%s\": %s}"
        .formatted(effect, action, member, arns);
  }

  static PolicySet set(PolicyDocument... documents) {
    var versions = new java.util.ArrayList<PolicyVersion>();
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

  /** A client that is no registered thing. */
  static Subject stranger(String clientId) {
    return new Subject(clientId, null, null, Map.of(), Subject.known(Map.of()));
  }

  static boolean allows(PolicySet set, Subject subject, Action action, String name) {
    return SessionPolicy.compile(set, subject).decide(action, name).isAllowed();
  }
}
