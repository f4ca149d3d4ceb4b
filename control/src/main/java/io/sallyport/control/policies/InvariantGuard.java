package io.sallyport.control.policies;

import io.sallyport.policy.analysis.Invariant;
import io.sallyport.policy.analysis.PolicyClass;
import io.sallyport.policy.analysis.TooComplex;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The invariants as one transaction must keep them: read once, and proven within one time. */
public final class InvariantGuard {
  /** The fact by which the ledger tells of a breach that somebody wanted. */
  public static final String FACT = "breach";

  // Bound: characters of a fact in the ledger.
  private static final int FACT_MAX = 400;

  private final String document;
  private final List<Invariant> invariants;
  private final Optional<String> unreadable;
  private final Verdicts known;
  private final BooleanSupplier late;

  private InvariantGuard(
      String document,
      List<Invariant> invariants,
      Optional<String> unreadable,
      Verdicts known,
      BooleanSupplier late) {
    this.document = document;
    this.invariants = invariants;
    this.unreadable = unreadable;
    this.known = known;
    this.late = late;
  }

  /** Of a document; one that is not understood counts as broken. */
  static InvariantGuard of(String document, Verdicts known, BooleanSupplier late) {
    try {
      return new InvariantGuard(document, Invariant.parse(document), Optional.empty(), known, late);
    } catch (Invariant.Malformed e) {
      var why = "the stored invariants are not understood: " + e.getMessage();
      return new InvariantGuard(document, List.of(), Optional.of(why), known, late);
    }
  }

  /**
   * Keeps those of some classes from breaking one; what the ledger must say of it.
   *
   * @param classes asked for only where there is something to prove
   * @param allowed whether somebody wants it so; else a breach is thrown as {@link
   *     StandingInvariants.Broken}, which undoes the transaction
   */
  public Map<String, String> keep(Supplier<List<PolicyClass>> classes, boolean allowed) {
    var facts = new TreeMap<String, String>();
    var why = broken(classes);
    if (why.isPresent() && !allowed) {
      throw new StandingInvariants.Broken(why.get());
    }
    why.ifPresent(text -> facts.put(FACT, fact(text)));
    return facts;
  }

  /** Why one of them does not hold, if so; what is not proven does not hold. */
  public Optional<String> broken(Supplier<List<PolicyClass>> classes) {
    if (unreadable.isPresent() || invariants.isEmpty()) {
      return unreadable;
    }
    try {
      return classes.get().stream().flatMap(one -> broken(one).stream()).findFirst();
    } catch (FleetAnalysis.TooManyClasses e) {
      return Optional.of("not proven: " + e.getMessage());
    }
  }

  /** A sentence that is short enough for the ledger. */
  public static String fact(String why) {
    return why.substring(0, Math.min(why.length(), FACT_MAX));
  }

  private Optional<String> broken(PolicyClass principals) {
    var key = Verdicts.key(document, principals);
    return known
        .find(key)
        .orElseGet(
            () -> {
              var why =
                  invariants.stream()
                      .flatMap(invariant -> broken(invariant, principals).stream())
                      .findFirst();
              if (!late.getAsBoolean()) {
                // What only came too late may be proven another time.
                known.remember(key, why);
              }
              return why;
            });
  }

  private Optional<String> broken(Invariant invariant, PolicyClass principals) {
    return why(invariant, principals).map(why -> "'" + invariant.name() + "': " + why);
  }

  private Optional<String> why(Invariant invariant, PolicyClass principals) {
    try {
      return switch (invariant.verdict(principals, late)) {
        case Invariant.Verdict.Holds() -> Optional.empty();
        case Invariant.Verdict.Broken(var breach) -> Optional.of(breach.sentence());
        case Invariant.Verdict.Unproven(var why) -> Optional.of("not proven: " + why);
      };
    } catch (TooComplex e) {
      return Optional.of("not proven: " + e.getMessage());
    }
  }
}
