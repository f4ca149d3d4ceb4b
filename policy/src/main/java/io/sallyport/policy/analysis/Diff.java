package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one policy allows and another does not. */
public final class Diff {
  private static final int EXAMPLES_MAX = 3;
  private static final String NAME = "policy";

  private final PolicyClass before;
  private final PolicyClass after;
  private final List<Change> changes = new ArrayList<>();
  private final Map<Action, String> unproven = new EnumMap<>(Action.class);

  /**
   * One action of which something becomes allowed or denied.
   *
   * @param allowed whether it becomes allowed, else denied
   * @param examples shortest names first
   * @param covers the resources of the statements that allow or allowed them
   * @param principal whose example it is; {@code this-device} stands for any
   */
  public record Change(
      Action action,
      boolean allowed,
      List<String> examples,
      List<String> covers,
      String principal) {}

  /**
   * What was found.
   *
   * @param unproven the actions of which no change was found, but a name might make one, and why
   */
  public record Result(List<Change> changes, Map<Action, String> unproven) {
    /** Copies what could change. */
    public Result {
      changes = List.copyOf(changes);
      unproven = Map.copyOf(unproven);
    }

    /** Whether both are proven to allow the same. */
    public boolean same() {
      return changes.isEmpty() && unproven.isEmpty();
    }
  }

  private Diff(PolicyClass before, PolicyClass after) {
    this.before = before;
    this.after = after;
  }

  /** Every change from one document to the other, for principals of this kind. */
  public static Result of(PrincipalKind kind, PolicyDocument before, PolicyDocument after) {
    var diff = new Diff(principals(kind, before), principals(kind, after));
    diff.compare();
    return new Result(diff.changes, diff.unproven);
  }

  private static PolicyClass principals(PrincipalKind kind, PolicyDocument document) {
    var set = PolicySet.of(List.of(new PolicyVersion(NAME, 1, document)));
    return PolicyClass.anybody(kind, set);
  }

  private void compare() {
    for (var action : Action.values()) {
      var was = Said.of(before, action);
      var becomes = Said.of(after, action);
      if (!was.equals(becomes)) {
        compare(action);
      }
    }
  }

  private void compare(Action action) {
    var naming = new Naming(before);
    for (var principals : List.of(before, after)) {
      naming.covered(Rights.statements(principals.policies()), action);
    }
    int found = changes.size();
    for (var name : naming.representatives()) {
      compare(action, name);
      if (changes.size() > found) {
        // A change for everybody is told once; names are tried for what holds for them only.
        return;
      }
    }
    if (!naming.doubtful().isEmpty()) {
      unproven.put(action, naming.why());
    }
  }

  /** What a statement says of one action, wherever it stands. */
  private record Said(boolean allows, boolean excluding, boolean conditional, List<String> texts) {
    static Set<Said> of(PolicyClass principals, Action action) {
      var said = new HashSet<Said>();
      for (var one : Rights.statements(principals.policies())) {
        if (one.actions().contains(action)) {
          said.add(new Said(one.allows(), one.excluding(), one.conditional(), Diff.texts(one)));
        }
      }
      return said;
    }
  }

  private void compare(Action action, String name) {
    var was = before.rights(name);
    var becomes = after.rights(name);
    add(action, true, name, becomes.names(action).minus(was.names(action)), after);
    add(action, false, name, was.names(action).minus(becomes.names(action)), before);
  }

  private void add(
      Action action, boolean allowed, String name, Language names, PolicyClass granting) {
    if (!names.isEmpty()) {
      changes.add(
          new Change(
              action,
              allowed,
              names.examples(EXAMPLES_MAX),
              covers(action, name, names, granting),
              name));
    }
  }

  /** The resources that the names come from, until all are covered. */
  private static List<String> covers(
      Action action, String name, Language names, PolicyClass granting) {
    var covers = new LinkedHashSet<String>();
    var rest = names;
    for (var statement : Rights.statements(granting.policies())) {
      if (!statement.allows() || !statement.actions().contains(action)) {
        continue;
      }
      if (statement.excluding()) {
        covers.add("all but " + texts(statement));
        continue;
      }
      for (var resource : statement.resources()) {
        var patterns = patterns(resource, action);
        if (!patterns.isEmpty()) {
          var part = Language.matching(granting.patterns(patterns, name));
          if (!part.and(rest).isEmpty()) {
            covers.add(resource.text());
            rest = rest.minus(part);
          }
        }
      }
    }
    return List.copyOf(covers);
  }

  private static List<String> texts(StatementView statement) {
    return statement.resources().stream().map(Resource::text).toList();
  }

  private static List<List<Piece>> patterns(Resource resource, Action action) {
    return resource.names().getOrDefault(action, List.of());
  }
}
