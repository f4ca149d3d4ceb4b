package io.sallyport.control.policies;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.InvariantAnswer.Refused;
import io.sallyport.control.policies.InvariantAnswer.Stored;
import io.sallyport.control.store.Database;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.analysis.Invariant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * The invariants of this installation: stored, and proven of whoever a change of policies concerns
 * before the change takes effect. What cannot be proven counts as broken.
 */
public final class StandingInvariants {
  /** The word for programs by which a change is refused. */
  public static final String BROKEN = "invariant-broken";

  /**
   * Bound: how long the proofs of one change may take; whoever waits for the registry waits too.
   */
  static final Duration TIME_MAX = Duration.ofSeconds(20);

  private static final String NONE = "{\"invariants\": []}";
  private static final String SUBJECT = "fleet";

  private final Database database;
  private final InstantSource clock;
  private final Verdicts known = new Verdicts();

  /** A change would break an invariant; thrown within the transaction, so that nothing is left. */
  public static final class Broken extends RuntimeException {
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
    int count;
    try {
      count = Invariant.parse(json).size();
    } catch (Invariant.Malformed e) {
      return new Refused(true, "malformed-invariants", String.valueOf(e.getMessage()));
    }
    try {
      return database.write(handle -> set(handle, json, count, actor, allowBreach));
    } catch (Broken e) {
      return new Refused(false, BROKEN, String.valueOf(e.getMessage()));
    }
  }

  private Stored set(Handle handle, String json, int count, String actor, boolean allowBreach) {
    LedgerStore.lock(handle);
    var facts = new TreeMap<>(Map.of("invariants", Integer.toString(count)));
    facts.putAll(guard(json).keep(() -> FleetAnalysis.classes(handle), allowBreach));
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
   * The stored ones, for one transaction that changes rights. It must have the lock of the ledger:
   * two changes that break an invariant only together come one after the other.
   */
  public InvariantGuard guard(Handle handle) {
    return guard(stored(handle).map(Stored::document).orElse(NONE));
  }

  private InvariantGuard guard(String document) {
    var end = clock.instant().plus(TIME_MAX);
    return InvariantGuard.of(document, known, () -> clock.instant().isAfter(end));
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
