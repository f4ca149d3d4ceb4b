package io.sallyport.policy.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.policy.Action;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.SessionPolicy;
import io.sallyport.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random ACL files: what Mosquitto decides, and what the imported policies do. */
class MosquittoImportProperties {
  private static final int FILES = 600;
  private static final int QUESTIONS = 40;
  private static final List<String> USERS = List.of("u1", "u2", "other");
  private static final List<String> NAMES =
      List.of("a", "b", "u1", "%u", "%c", "", "$a", "x%u", "*");
  private static final List<String> TOPIC_NAMES =
      List.of("a", "b", "u1", "u2", "other", "u1:7", "", "$a", "xu1", "*", "%u", "%c");

  /** What the gate admits, and what it does not. */
  private static final List<String> ADMITTED = List.of("", ":7", ":a");

  private static final List<String> REFUSED = List.of(":+", ":#", ":a/b", ":*");

  private int exact;
  private int inexact;
  private int allowed;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isTheSameWhereItSaysSoAndElsewhereNeverAllowsMore(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < FILES; i++) {
      compare(random);
    }
    // So that neither half of the promise is empty.
    assertThat(exact).isGreaterThan(FILES / 4);
    assertThat(inexact).isGreaterThan(FILES / 4);
    assertThat(allowed).isGreaterThan(FILES);
  }

  /** What comes back from the export, as Mosquitto decides on it. */
  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void theExportNeverAllowsMoreThanThePolicies(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < FILES; i++) {
      var text = file(random);
      var user = any(USERS, random);
      var documents = MosquittoExportTest.policies(text, user);
      var export = MosquittoExport.user(documents, user);
      var acl = new MosquittoAcl(AclFile.parse(export.text()));
      var policies = policies(MosquittoImport.of(AclFile.parse(text)), user);
      boolean same = export.complaints().stream().allMatch(it -> it.why().contains("client ids"));
      for (int j = 0; j < QUESTIONS; j++) {
        var access = random.nextBoolean() ? Access.READ : Access.WRITE;
        var topic = topic(random);
        boolean here = decide(policies, user, user, access, topic);
        boolean there = acl.decide(user, user, access, topic);
        allowed += there ? 1 : 0;
        if (there ? !here : here && same) {
          assertThat(there)
              .as("%s of '%s' with%n%s%s", access, topic, export.text(), documents)
              .isEqualTo(here);
        }
      }
    }
    assertThat(allowed).isGreaterThan(FILES / 4);
  }

  private void compare(SplittableRandom random) throws Exception {
    var text = file(random);
    var file = AclFile.parse(text);
    var acl = new MosquittoAcl(file);
    var imported = MosquittoImport.of(file);
    for (var user : USERS) {
      boolean same = imported.isExactFor(user);
      int ignored = same ? exact++ : inexact++;
      var policies = policies(imported, user);
      for (int i = 0; i < QUESTIONS; i++) {
        boolean admitted = random.nextInt(4) > 0;
        var clientId = user + any(admitted ? ADMITTED : REFUSED, random);
        var access = random.nextBoolean() ? Access.READ : Access.WRITE;
        var topic = topic(random);
        boolean there = acl.decide(user, clientId, access, topic);
        boolean here = decide(policies, user, clientId, access, topic);
        allowed += here ? 1 : 0;
        if (here ? !there : there && same && admitted) {
          assertThat(here)
              .as("%s of '%s' as %s (exact: %s) with%n%s", access, topic, clientId, same, text)
              .isEqualTo(there);
        }
      }
    }
  }

  private static boolean decide(
      PolicySet policies, String user, String clientId, Access access, String topic) {
    var rights = rights(policies, user, clientId);
    return rights.decide(Action.CONNECT, clientId).isAllowed()
        && (access == Access.READ
            ? rights.decide(Action.RECEIVE, topic).isAllowed()
            : rights.decide(Action.PUBLISH, topic).isAllowed()
                && rights.decide(Action.RETAIN_PUBLISH, topic).isAllowed());
  }

  static PolicySet policies(MosquittoImport imported, String user) throws MalformedPolicy {
    var names = imported.attachments().getOrDefault(user, imported.patternPolicies());
    var policies = new ArrayList<PolicyVersion>();
    for (var policy : imported.policies()) {
      if (names.contains(policy.name())) {
        policies.add(new PolicyVersion(policy.name(), 1, PolicyDocument.parse(policy.json())));
      }
    }
    return PolicySet.of(policies);
  }

  /** The rights of a backend, which has no thing name: devices have more, and not less. */
  static SessionPolicy rights(PolicySet policies, String user, String clientId) {
    var commonName = Subject.known(Map.of("Subject.CommonName", List.of(user)));
    return SessionPolicy.compile(policies, new Subject(clientId, null, null, Map.of(), commonName));
  }

  private static String file(SplittableRandom random) {
    var text = new StringBuilder();
    int lines = random.nextInt(1, 7);
    for (int i = 0; i < lines; i++) {
      if (random.nextInt(3) == 0) {
        text.append("user ").append(any(List.of("u1", "u2"), random)).append('\n');
      }
      text.append(random.nextBoolean() ? "topic " : "pattern ")
          .append(any(List.of("read", "write", "readwrite", "deny"), random))
          .append(' ')
          .append(filter(random))
          .append('\n');
    }
    return text.toString();
  }

  private static String filter(SplittableRandom random) {
    var levels = new ArrayList<String>();
    int depth = random.nextInt(1, 5);
    for (int i = 0; i < depth; i++) {
      levels.add(random.nextInt(3) == 0 ? "+" : any(NAMES, random));
    }
    if (random.nextInt(3) == 0) {
      levels.set(depth - 1, "#");
    }
    var filter = String.join("/", levels);
    return filter.isEmpty() ? "a" : filter;
  }

  private static String topic(SplittableRandom random) {
    var levels = new ArrayList<String>();
    int depth = random.nextInt(1, 6);
    for (int i = 0; i < depth; i++) {
      levels.add(any(TOPIC_NAMES, random));
    }
    var topic = String.join("/", levels);
    return topic.isEmpty() ? "a" : topic;
  }

  private static String any(List<String> values, SplittableRandom random) {
    return values.get(random.nextInt(values.size()));
  }
}
