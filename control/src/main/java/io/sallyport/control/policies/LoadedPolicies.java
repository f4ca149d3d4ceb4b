package io.sallyport.control.policies;

import io.sallyport.control.registry.StoredPolicyUnreadable;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.Requirement;
import io.sallyport.policy.StatementView;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The newest version of each policy within a transaction, parsed when it is first met. */
final class LoadedPolicies {
  private final Handle handle;
  private final Map<String, PolicyVersion> known = new HashMap<>();
  private final Map<String, Boolean> asking = new HashMap<>();

  LoadedPolicies(Handle handle) {
    this.handle = handle;
  }

  PolicyVersion of(String name) {
    return known.computeIfAbsent(name, this::load);
  }

  private PolicyVersion load(String name) {
    var newest = PolicyTable.newest(handle, name).orElseThrow();
    try {
      return new PolicyVersion(name, newest.number(), PolicyDocument.parse(newest.document()));
    } catch (MalformedPolicy e) {
      throw new StoredPolicyUnreadable(name, newest.number(), e);
    }
  }

  /** Whether what they allow depends on the thing type. */
  boolean askForType(List<String> names) {
    return askFor(names, "iot:Connection.Thing.ThingTypeName");
  }

  /** Whether what they allow depends on attributes. */
  boolean askForAttributes(List<String> names) {
    return askFor(names, "iot:Connection.Thing.Attributes");
  }

  private boolean askFor(List<String> names, String prefix) {
    return names.stream()
        .anyMatch(name -> asking.computeIfAbsent(name + " " + prefix, _ -> asks(name, prefix)));
  }

  private boolean asks(String name, String prefix) {
    return StatementView.of(of(name)).stream().anyMatch(statement -> asksFor(statement, prefix));
  }

  /** In a resource, as the key of a condition, or in what a condition expects. */
  private static boolean asksFor(StatementView statement, String prefix) {
    var written =
        Stream.concat(
            statement.resources().stream().flatMap(resource -> resource.variables().stream()),
            statement.conditions().stream().map(Requirement::key));
    return written.anyMatch(word -> startsWith(word, prefix))
        || statement.conditions().stream()
            .anyMatch(condition -> condition.hasVariables() && contains(condition.text(), prefix));
  }

  private static boolean startsWith(String word, String prefix) {
    return word.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private static boolean contains(String text, String prefix) {
    var lower = Locale.ROOT;
    return text.toLowerCase(lower).contains(prefix.toLowerCase(lower));
  }
}
