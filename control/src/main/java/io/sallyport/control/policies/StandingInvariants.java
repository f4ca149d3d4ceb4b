package io.sallyport.control.policies;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.InvariantAnswer.Refused;
import io.sallyport.control.policies.InvariantAnswer.Stored;
import io.sallyport.control.store.Database;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.analysis.Invariant;
import io.sallyport.policy.analysis.PolicyClass;
import io.sallyport.policy.analysis.TooComplex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * The invariants of this installation: stored, and proven of whoever a change of policies concerns
 * before the change takes effect. What cannot be proven counts as broken.
 */
public final class StandingInvariants {
  static final String BROKEN = "invariant-broken";

  /**
   * Bound: how long the proofs of one change may take; whoever waits for the registry waits too.
   */
  static final Duration TIME_MAX = Duration.ofSeconds(20);

  // Bound: characters of a fact in the ledger.
  private static final int FACT_MAX = 400;
  private static final String NONE = "{\"invariants\": []}";
  private static final String SUBJECT = "fleet";

  private final Database database;
  private final InstantSource clock;

  /** A change would break an invariant; thrown within the transaction, so that nothing is left. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  /** The invariants of this registry. */
  public StandingInvariants(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What is stored; an empty list where nothing is. */
  public Stored show() {
    return database.read(handle -> stored(handle).orElse(new Stored(NONE, null, "")));
  }

  /** Replaces them all; refused where the fleet breaks one, unless somebody wants it so. */
  public InvariantAnswer set(String json, String actor, boolean allowBreach) {
    List<Invariant> wanted;
    try {
      wanted = Invariant.parse(json);
    } catch (Invariant.Malformed e) {
      return new Refused(true, "malformed-invariants", String.valueOf(e.getMessage()));
    }
    try {
      return database.write(handle -> set(handle, json, wanted, actor, allowBreach));
    } catch (Broken e) {
      return new Refused(false, BROKEN, String.valueOf(e.getMessage()));
    }
  }

  private Stored set(
      Handle handle, String json, List<Invariant> wanted, String actor, boolean allowBreach) {
    LedgerStore.lock(handle);
    var facts = new TreeMap<>(Map.of("invariants", Integer.toString(wanted.size())));
    broken(wanted, FleetAnalysis.classes(handle), allowBreach)
        .ifPresent(why -> facts.put("breach", why));
    var now = clock.instant();
    handle
        .createUpdate(
            "insert into invariants (one, document, set_at, set_by)"
                + " values (1, :document, :now, :actor) on conflict (one) do update"
                + " set document = :document, set_at = :now, set_by = :actor")
        .bind("document", json)
        .bind("now", now.toEpochMilli())
        .bind("actor", actor)
        .execute();
    tell(handle, EventType.INVARIANTS_SET, actor, facts);
    return new Stored(json, now, actor);
  }

  /** Takes them all away. */
  public Stored clear(String actor) {
    database.change(
        handle -> {
          if (handle.execute("delete from invariants") > 0) {
            tell(handle, EventType.INVARIANTS_CLEARED, actor, Map.of());
          }
        });
    return show();
  }

  /**
   * Whether the stored ones hold for these classes.
   *
   * @param allowed whether a breach is only told, instead of thrown as {@link Broken}
   */
  Optional<String> broken(Handle handle, List<PolicyClass> classes, boolean allowed) {
    var stored = stored(handle);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    try {
      return broken(Invariant.parse(stored.get().document()), classes, allowed);
    } catch (Invariant.Malformed e) {
      return judged("the stored invariants are not understood: " + e.getMessage(), allowed);
    }
  }

  private Optional<String> broken(
      List<Invariant> invariants, List<PolicyClass> classes, boolean allowed) {
    var end = clock.instant().plus(TIME_MAX);
    for (var invariant : invariants) {
      for (var principals : classes) {
        var why = broken(invariant, principals, () -> clock.instant().isAfter(end));
        if (why.isPresent()) {
          return judged("'" + invariant.name() + "': " + why.get(), allowed);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> judged(String why, boolean allowed) {
    if (!allowed) {
      throw new Broken(why);
    }
    return Optional.of(why.substring(0, Math.min(why.length(), FACT_MAX)));
  }

  private static Optional<String> broken(
      Invariant invariant, PolicyClass principals, BooleanSupplier late) {
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

  private static Optional<Stored> stored(Handle handle) {
    return handle
        .createQuery("select document, set_at, set_by from invariants")
        .map(
            (row, _) ->
                new Stored(
                    row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getString(3)))
        .findOne();
  }

  private void tell(Handle handle, EventType type, String actor, Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, SUBJECT, facts));
  }
}
