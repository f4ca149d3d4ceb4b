package io.sallyport.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Any text is a document that decides or a refusal with a place, and nothing else. */
class PolicyDocumentFuzz {
  @FuzzTest
  void everyTextIsReadOrRefused(FuzzedDataProvider data) {
    var name = data.consumeString(64);
    var text = data.consumeRemainingAsString();
    try {
      var document = PolicyDocument.parse(text);
      var set = PolicySet.of(List.of(new PolicyVersion("fuzz", 1, document)));
      var subject = new Subject(name, name, name, Map.of(name, name), Map.of());
      for (var mode : Mode.values()) {
        var rights = SessionPolicy.compile(set, subject, mode);
        for (var action : Action.values()) {
          check(rights, action, name);
        }
      }
    } catch (MalformedPolicy e) {
      if (e.line() < 1 || e.column() < 1 || e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without its place", e);
      }
    }
  }

  private static void check(SessionPolicy rights, Action action, String name) {
    boolean decided = rights.decide(action, name).isAllowed();
    boolean valid = name.chars().noneMatch(letter -> Character.isSurrogate((char) letter));
    if (valid && decided != rights.allows(action, name.getBytes(StandardCharsets.UTF_8))) {
      throw new AssertionError("decide and allows disagree");
    }
  }
}
