package io.sallyport.policy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Any text is a document that decides or a refusal with a place, and nothing else. */
class PolicyDocumentFuzz {
  /** The first line is a name that is asked for, the rest a document. */
  @FuzzTest
  void everyTextIsReadOrRefused(byte[] data) {
    var input = new String(data, StandardCharsets.UTF_8);
    int line = input.indexOf('\n');
    var name = input.substring(0, Math.max(0, line));
    for (var mode : Mode.values()) {
      try {
        decideEverything(PolicyDocument.parse(input.substring(line + 1), mode), mode, name);
      } catch (MalformedPolicy e) {
        if (e.line() < 1 || e.column() < 1 || e.getMessage().isBlank()) {
          throw new AssertionError("a refusal without its place", e);
        }
      }
    }
  }

  private static void decideEverything(PolicyDocument document, Mode mode, String name) {
    var set = PolicySet.of(List.of(new PolicyVersion("fuzz", 1, document)));
    var subject = new Subject(name, name, null, Map.of(name, name), Subject.known(Map.of()));
    var rights = SessionPolicy.compile(set, subject, mode);
    for (var action : Action.values()) {
      boolean decided = rights.decide(action, name).isAllowed();
      if (decided != rights.allows(action, name.getBytes(StandardCharsets.UTF_8))) {
        throw new AssertionError("decide and allows disagree");
      }
      if (decided != rights.explain(action, name).decision().isAllowed()) {
        throw new AssertionError("decide and explain disagree");
      }
    }
  }
}
