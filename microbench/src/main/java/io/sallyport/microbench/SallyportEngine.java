package io.sallyport.microbench;

import io.sallyport.policy.Action;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import io.sallyport.policy.UsageLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Ours, as the gateway uses it: compiled once for a session, its use noted, asked with the bytes of
 * a packet.
 */
final class SallyportEngine implements Engine {
  // The most that one document may hold, and the most documents of one principal.
  private static final int DOCUMENTS = 10;

  private final SessionPolicy session;

  SallyportEngine(Rules rules) {
    session =
        SessionPolicy.compile(policies(rules), subject(Rules.DEVICE)).watched(new UsageLog(), null);
  }

  static PolicySet policies(Rules rules) {
    var all = rules.all();
    int each = (all.size() + DOCUMENTS - 1) / DOCUMENTS;
    var versions = new ArrayList<PolicyVersion>();
    for (int from = 0; from < all.size(); from += each) {
      var name = "p" + versions.size();
      versions.add(
          new PolicyVersion(
              name, 1, document(all.subList(from, Math.min(from + each, all.size())))));
    }
    return PolicySet.of(versions);
  }

  static Subject subject(String device) {
    return new Subject(device, device, null, Map.of(), _ -> List.of());
  }

  private static PolicyDocument document(List<Rules.Rule> rules) {
    var statements = rules.stream().map(SallyportEngine::statement).toList();
    try {
      return PolicyDocument.parse(
          """
          {"Version": "2012-10-17", "Statement": [%s]}
          """
              .formatted(String.join(",\n", statements)));
    } catch (MalformedPolicy e) {
      throw new IllegalStateException(e);
    }
  }

  private static String statement(Rules.Rule rule) {
    return """
    {"Effect": "%s", "Action": "iot:Publish", "Resource": "arn:aws:iot:*:*:topic/%s*"}\
    """
        .formatted(
            rule.allows() ? "Allow" : "Deny",
            rule.prefix().replace(Rules.DEVICE, "${iot:Connection.Thing.ThingName}"));
  }

  @Override
  public boolean allows(String topic) {
    return allows(topic.getBytes(StandardCharsets.UTF_8));
  }

  boolean allows(byte[] topic) {
    return session.allows(Action.PUBLISH, topic);
  }
}
