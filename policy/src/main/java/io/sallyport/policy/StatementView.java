package io.sallyport.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement as plain data, for whoever reasons about policies instead of deciding by them.
 *
 * @param at where it stands
 * @param allows whether its Effect is Allow, else it is Deny
 * @param conditions what must hold besides; where there are any, it may apply and may not
 * @param actions the enforced actions that it covers; NotAction is worked out already
 * @param excluding whether the resources name what is not covered (NotResource)
 */
public record StatementView(
    StatementRef at,
    boolean allows,
    List<Requirement> conditions,
    Set<Action> actions,
    boolean excluding,
    List<Resource> resources) {

  /** Whether it has a Condition, so that it may apply and may not. */
  public boolean conditional() {
    return !conditions.isEmpty();
  }

  /** Whether it applies to exactly what its resources name, always. */
  public boolean plain() {
    return !excluding && !conditional();
  }

  /** The same statement, of which it is settled that it applies. */
  public StatementView settled() {
    return conditional()
        ? new StatementView(at, allows, List.of(), actions, excluding, resources)
        : this;
  }

  /** The place of a statement that stands in no document. */
  public static final StatementRef NOWHERE = new StatementRef("", 1, 0, "", 1);

  /** One element of a pattern. */
  public sealed interface Piece {}

  /** These letters, whatever they are. */
  public record Letters(String text) implements Piece {}

  /** Exactly one code point. */
  public record AnyLetter() implements Piece {}

  /** Any sequence, also the empty one. */
  public record AnyRun() implements Piece {}

  /** The value of a variable, by its name without <code>${}</code>. */
  public record Value(String variable) implements Piece {}

  /**
   * One pattern of Resource or NotResource.
   *
   * @param text type and name as documents write them, without {@code arn:aws:iot:*:*:}
   * @param variables what must have a value for the pattern to mean anything
   * @param names for each action of the statement that it can be meant for: the patterns of names
   *     of which one must fit
   * @param widened the actions all of whose names it covers when a variable of a Deny has no value
   */
  public record Resource(
      String text,
      Set<String> variables,
      Map<Action, List<List<Piece>>> names,
      Set<Action> widened) {}

  /** The statements of a policy in their order. */
  public static List<StatementView> of(PolicyVersion policy) {
    var statements = policy.document().statements();
    var views = new ArrayList<StatementView>();
    for (int i = 0; i < statements.size(); i++) {
      var statement = statements.get(i);
      views.add(
          new StatementView(
              StatementRef.of(policy, i),
              statement.effect() == Effect.ALLOW,
              statement.conditions().stream().map(Requirement::new).toList(),
              statement.actions(),
              statement.excluding(),
              statement.resources().stream().map(r -> resource(r, statement.actions())).toList()));
    }
    return List.copyOf(views);
  }

  /** The variable's value for this subject, or null if there is none that may be put in. */
  public static @Nullable String valueOf(String variable, Subject subject, Mode mode) {
    try {
      return Variable.parse(variable, new Place(1, 1)).valueFor(subject, mode);
    } catch (MalformedPolicy e) {
      throw new IllegalArgumentException("not a variable: '" + variable + "'", e);
    }
  }

  private static Resource resource(ResourcePattern pattern, Set<Action> actions) {
    var variables = new LinkedHashSet<String>();
    pattern.variables().forEach(variable -> variables.add(variable.name()));
    var names = new EnumMap<Action, List<List<Piece>>>(Action.class);
    var widened = EnumSet.noneOf(Action.class);
    for (var action : actions) {
      var found = pattern.namesOf(action.resourceType());
      if (!found.isEmpty()) {
        names.put(action, found.stream().map(StatementView::pieces).toList());
      }
      if (!pattern.widened().namesOf(action.resourceType()).isEmpty()) {
        widened.add(action);
      }
    }
    return new Resource(pattern.toString(), Set.copyOf(variables), names, widened);
  }

  private static List<Piece> pieces(List<GlobItem> items) {
    var pieces = new ArrayList<Piece>();
    var letters = new StringBuilder();
    for (var item : items) {
      if (item instanceof GlobItem.Letter(int codePoint)) {
        letters.appendCodePoint(codePoint);
        continue;
      }
      flush(letters, pieces);
      pieces.add(
          switch (item) {
            case GlobItem.AnyLetter() -> new AnyLetter();
            case GlobItem.Value(var variable) -> new Value(variable.name());
            default -> new AnyRun();
          });
    }
    flush(letters, pieces);
    return List.copyOf(pieces);
  }

  private static void flush(StringBuilder letters, List<Piece> pieces) {
    if (!letters.isEmpty()) {
      pieces.add(new Letters(letters.toString()));
      letters.setLength(0);
    }
  }
}
