package io.sallyport.policy.analysis;

import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.Action;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.Requirement;
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
import java.util.stream.Stream;

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
   * @param when the facts under which it is so, in words; none where it always is
   */
  public record Change(
      Action action,
      boolean allowed,
      List<String> examples,
      List<String> covers,
      String principal,
      List<String> when) {}

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
  private record Said(
      boolean allows, boolean excluding, List<String> conditions, List<String> texts) {
    static Set<Said> of(PolicyClass principals, Action action) {
      var said = new HashSet<Said>();
      for (var one : Rights.statements(principals.policies())) {
        if (one.actions().contains(action)) {
          said.add(new Said(one.allows(), one.excluding(), conditions(one), Diff.texts(one)));
        }
      }
      return said;
    }

    private static List<String> conditions(StatementView statement) {
      return statement.conditions().stream().map(Requirement::text).sorted().toList();
    }
  }

  private void compare(Action action, String name) {
    var was = Rights.statements(before.policies());
    var becomes = Rights.statements(after.policies());
    int found = changes.size();
    for (var session : Circumstances.of(before, name, both(was, becomes))) {
      for (var pair : session.pairs(action, was, becomes)) {
        if (changes.size() > found) {
          // The first circumstances that make a difference are told.
          return;
        }
        var old = rights(before, name, pair.first()).names(action);
        var changed = rights(after, name, pair.second()).names(action);
        add(action, true, name, changed.minus(old), after, pair.when());
        add(action, false, name, old.minus(changed), before, pair.when());
      }
    }
  }

  private static List<StatementView> both(List<StatementView> some, List<StatementView> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static Rights rights(
      PolicyClass principals, String name, List<StatementView> statements) {
    return principals.bare(name, statements, Certainty.POSSIBLE);
  }

  private void add(
      Action action,
      boolean allowed,
      String name,
      Language names,
      PolicyClass granting,
      List<String> when) {
    if (!names.isEmpty()) {
      changes.add(
          new Change(
              action,
              allowed,
              names.examples(EXAMPLES_MAX),
              covers(action, name, names, granting),
              name,
              when));
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
