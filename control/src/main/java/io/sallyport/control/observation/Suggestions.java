package io.sallyport.control.observation;

import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.suggestion.Seen;
import io.sallyport.policy.suggestion.Suggester;
import io.sallyport.policy.suggestion.Suggestion;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Policies made of what was recorded. */
public final class Suggestions {
  /** Bound: names that one suggestion looks at. */
  public static final int NAMES_MAX = 200_000;

  private final Database database;

  /** Suggestions from this registry. */
  public Suggestions(Database database) {
    this.database = database;
  }

  /** What was asked cannot be answered. */
  public static final class Unanswerable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    Unanswerable(String reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    /** A word for programs. */
    public String reason() {
      return reason;
    }
  }

  /** The policy that covers what a scope did since a time; none if it does not exist. */
  public Optional<Suggestion> suggest(Scope scope, Instant since, int distinctMin) {
    return database.read(
        handle -> {
          if (Observations.refusal(handle, scope).isPresent()) {
            return Optional.empty();
          }
          var seen =
              ActivityTable.since(handle, scope, since, NAMES_MAX + 1).stream()
                  .map(Suggestions::seen)
                  .toList();
          check(scope, seen);
          Map<String, Boolean> asked = new HashMap<>();
          return Optional.of(
              Suggester.suggest(
                  seen,
                  level ->
                      asked.computeIfAbsent(
                          level,
                          name ->
                              PrincipalId.isValid(name)
                                  && Principals.exists(handle, new PrincipalId(name))),
                  distinctMin));
        });
  }

  private static void check(Scope scope, List<Seen> seen) {
    if (seen.isEmpty()) {
      throw new Unanswerable(
          "nothing-seen", "nothing was recorded of " + scope + "; is it observed?");
    }
    if (seen.size() > NAMES_MAX) {
      throw new Unanswerable("too-much-seen", "more than " + NAMES_MAX + " names were seen");
    }
  }

  private static Seen seen(ActivityTable.SeenRow seen) {
    var row = seen.row();
    return new Seen(
        row.principal(),
        seen.device(),
        row.action(),
        row.name(),
        row.uses().count(),
        row.uses().first(),
        row.uses().last());
  }
}
