package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.Mode;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Resource;
import io.sallyport.policy.StatementView.Value;
import io.sallyport.policy.analysis.Valuation.AnyId;
import io.sallyport.policy.analysis.Valuation.Extended;
import io.sallyport.policy.analysis.Valuation.Known;
import io.sallyport.policy.analysis.Valuation.Missing;
import io.sallyport.policy.analysis.Valuation.Unknown;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One statement as far as it concerns one action of one principal. */
record Clause(StatementRef at, boolean allows, boolean excluding, List<Pattern> patterns) {
  private static final Pattern EVERYTHING =
      Pattern.of(List.of(new StatementView.AnyRun()), _ -> new Missing());

  /** The clause, or null if the statement has nothing to say there. */
  static @Nullable Clause of(
      StatementView statement, Action action, Valuation values, Mode mode, Certainty certainty) {
    if (!statement.actions().contains(action) || !certainty.counts(statement)) {
      return null;
    }
    boolean staysUnresolved = !statement.allows() && mode == Mode.STRICT;
    var patterns = new ArrayList<Pattern>();
    for (var resource : statement.resources()) {
      boolean missing = lacks(resource, values, Missing.class);
      if (missing && !staysUnresolved) {
        return null;
      }
      if (missing) {
        if (!statement.excluding() && resource.widened().contains(action)) {
          patterns.add(EVERYTHING);
        }
      } else if (!isDoubtful(resource, values) || certainty.widens(statement)) {
        for (var pieces : resource.names().getOrDefault(action, List.of())) {
          patterns.addAll(patterns(pieces, values));
        }
      }
    }
    return patterns.isEmpty() && !statement.excluding()
        ? null
        : new Clause(statement.at(), statement.allows(), statement.excluding(), patterns);
  }

  /** A clause of nobody's policy that allows just this. */
  static Clause granting(List<Pattern> patterns) {
    return new Clause(StatementView.NOWHERE, true, false, patterns);
  }

  /** The pattern with the values put in; a client id may be the bare id or a longer one. */
  static List<Pattern> patterns(List<Piece> pieces, Valuation values) {
    var pattern = Pattern.of(pieces, values);
    boolean extended =
        pieces.stream()
            .anyMatch(
                piece ->
                    piece instanceof Value(var variable)
                        && values.of(variable) instanceof Extended);
    Valuation bare =
        variable ->
            values.of(variable) instanceof Extended(var id) ? new Known(id) : values.of(variable);
    return extended ? List.of(Pattern.of(pieces, bare), pattern) : List.of(pattern);
  }

  private static boolean isDoubtful(Resource resource, Valuation values) {
    return lacks(resource, values, Unknown.class)
        || lacks(resource, values, AnyId.class)
        || lacks(resource, values, Extended.class);
  }

  private static boolean lacks(Resource resource, Valuation values, Class<?> how) {
    return resource.variables().stream().anyMatch(name -> how.isInstance(values.of(name)));
  }

  boolean coversSomeBeginningWith(String prefix) {
    var bytes = prefix.getBytes(StandardCharsets.UTF_8);
    return excluding || patterns.stream().anyMatch(pattern -> !pattern.after(bytes).isEmpty());
  }

  boolean covers(byte[] name) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(name)) != excluding;
  }
}
