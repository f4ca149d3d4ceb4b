package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Letters;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Resource;
import io.sallyport.policy.StatementView.Value;
import io.sallyport.policy.analysis.Valuation.AnyId;
import io.sallyport.policy.analysis.Valuation.Gap;
import io.sallyport.policy.analysis.Valuation.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects the patterns of a question, and gives the names to ask it for. They stand for all names
 * as long as every variable with a name stands between what is in no id; where one touches a letter
 * or a wildcard, {@link #doubtful} has the pattern, and {@link #widened} takes every id for it.
 */
final class Naming {
  /** What {@link #widened} puts in the place of a variable. */
  private static final String SOMEBODY = "somebody";

  private final PolicyClass principals;
  private final NameClasses classes = new NameClasses();
  private final Set<String> doubtful = new TreeSet<>();

  Naming(PolicyClass principals) {
    this.principals = principals;
    Reach.RESERVED.forEach(one -> classes.topics(List.of(Pattern.topics(one + "/#"))));
  }

  /** Whom a principal connects as. */
  void connecting(Collection<StatementView> statements) {
    conditions(statements);
    for (var statement : statements) {
      for (var resource : statement.resources()) {
        for (var pieces : resource.names().getOrDefault(Action.CONNECT, List.of())) {
          connecting(resource, pieces);
        }
      }
    }
  }

  /** What conditions compare names with. */
  private void conditions(Collection<StatementView> statements) {
    statements.stream()
        .flatMap(statement -> statement.conditions().stream())
        .filter(condition -> Circumstances.isOfName(condition, principals))
        .flatMap(condition -> condition.patterns().orElse(List.of()).stream())
        .forEach(pieces -> classes.ids(List.of(Pattern.of(pieces, anyId()))));
  }

  private void connecting(Resource resource, List<Piece> pieces) {
    long named = pieces.stream().filter(this::isNamed).count();
    // A pattern that begins with the name fits, or not, whatever the name is.
    if (named == 1 && isNamed(pieces.getFirst()) && !touched(List.of(pieces.getFirst()))) {
      return;
    }
    if (named > 0) {
      doubtful.add(resource.text());
    }
    classes.ids(List.of(Pattern.of(pieces, anyId())));
  }

  /** Who is told apart from all others by the question itself. */
  void mentioned(Collection<String> names) {
    names.forEach(name -> classes.ids(List.of(Pattern.of(List.of(new Letters(name)), anyId()))));
  }

  /** The names of topics or filters that statements cover. */
  void covered(Collection<StatementView> statements, Action action) {
    conditions(statements);
    for (var statement : statements) {
      for (var resource : statement.resources()) {
        for (var pieces : resource.names().getOrDefault(action, List.of())) {
          covered(resource.text(), pieces);
        }
      }
    }
  }

  private void covered(String text, List<Piece> pieces) {
    boolean touched = touched(pieces);
    if (touched) {
      doubtful.add(text);
    }
    if (!touched || pieces.stream().noneMatch(this::isNamed)) {
      classes.topics(List.of(Pattern.of(pieces, gaps())));
    }
    if (touched || pieces.stream().anyMatch(Naming::isClientId)) {
      classes.topics(List.of(Pattern.of(pieces, anyId())));
    }
  }

  /** The topics of a filter in which {@code {other}} is somebody's name. */
  void filter(String filter) {
    boolean touched = touched(Others.pieces(filter));
    if (touched) {
      doubtful.add(filter);
    }
    classes.topics(List.of(Pattern.topics(filter, Others::pieces, touched ? anyId() : gaps())));
  }

  /** The names that stand for all; {@link Others#SELF} for those that nobody mentions. */
  List<String> representatives() {
    return classes.representatives(Others.SELF);
  }

  /** The patterns because of which the names do not stand for all. */
  List<String> doubtful() {
    return List.copyOf(doubtful);
  }

  /** The statements, with every id in the place of a name that touches something. */
  List<StatementView> widened(Collection<StatementView> statements) {
    return statements.stream()
        .map(
            one ->
                new StatementView(
                    one.at(),
                    one.allows(),
                    one.conditions(),
                    one.actions(),
                    one.excluding(),
                    one.resources().stream().map(this::widened).toList()))
        .toList();
  }

  private Resource widened(Resource resource) {
    if (resource.names().values().stream().flatMap(List::stream).noneMatch(this::touched)) {
      return resource;
    }
    var variables = new TreeSet<>(resource.variables());
    variables.add(SOMEBODY);
    var names = new EnumMap<Action, List<List<Piece>>>(Action.class);
    resource
        .names()
        .forEach(
            (action, patterns) -> names.put(action, patterns.stream().map(this::anybody).toList()));
    return new Resource(resource.text(), Set.copyOf(variables), names, resource.widened());
  }

  private List<Piece> anybody(List<Piece> pieces) {
    return pieces.stream().map(one -> isNamed(one) ? new Value(SOMEBODY) : one).toList();
  }

  static boolean isSomebody(String variable) {
    return variable.equals(SOMEBODY);
  }

  private boolean isNamed(Piece piece) {
    return piece instanceof Value(var variable)
        && (variable.equals(Others.PLACEHOLDER) || principals.isNamed(variable));
  }

  private static boolean isClientId(Piece piece) {
    return piece instanceof Value(var variable) && variable.equals(PolicyClass.CLIENT_ID);
  }

  private Valuation gaps() {
    return variable ->
        isNamed(new Value(variable)) ? new Gap() : principals.valuation(Others.SELF).of(variable);
  }

  private Valuation anyId() {
    return variable ->
        isNamed(new Value(variable)) ? new AnyId() : principals.valuation(Others.SELF).of(variable);
  }

  /** Whether a name in it touches a letter of ids or something that may be one. */
  private boolean touched(List<Piece> pieces) {
    for (int i = 0; i < pieces.size(); i++) {
      if (isNamed(pieces.get(i))
          && (isMoreThanTheName(pieces.get(i))
              || (i > 0 && !endsOutside(pieces.get(i - 1)))
              || (i + 1 < pieces.size() && !beginsOutside(pieces.get(i + 1))))) {
        return true;
      }
    }
    return false;
  }

  private boolean isMoreThanTheName(Piece piece) {
    return piece instanceof Value(var variable)
        && !variable.equals(Others.PLACEHOLDER)
        && !principals.valuation(Others.SELF).of(variable).equals(new Known(Others.SELF));
  }

  private boolean endsOutside(Piece piece) {
    var text = text(piece);
    return !text.isEmpty() && !ByteSet.isOfId(text.charAt(text.length() - 1));
  }

  private boolean beginsOutside(Piece piece) {
    var text = text(piece);
    return !text.isEmpty() && !ByteSet.isOfId(text.charAt(0));
  }

  /** The letters that a piece stands for, none where nobody knows them. */
  private String text(Piece piece) {
    return switch (piece) {
      case Letters(var text) -> text;
      case Value(var variable)
          when !isNamed(piece)
              && principals.valuation(Others.SELF).of(variable) instanceof Known(var value) ->
          value;
      default -> "";
    };
  }

  /** For a report: why a proof over all names is not possible. */
  String why() {
    return "a name stands next to a letter or a wildcard in "
        + String.join(", ", new ArrayList<>(doubtful).stream().map(one -> "'" + one + "'").toList())
        + ": put it between slashes";
  }
}
