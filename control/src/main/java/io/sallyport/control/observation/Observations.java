package io.sallyport.control.observation;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.observation.ObservationAnswer.Denial;
import io.sallyport.control.observation.ObservationAnswer.Enforced;
import io.sallyport.control.observation.ObservationAnswer.Refused;
import io.sallyport.control.observation.ObservationAnswer.Shown;
import io.sallyport.control.observation.ObservationAnswer.Stopped;
import io.sallyport.control.observation.ObservationAnswer.Why;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.ObservationTable;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.Scope;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.PolicySet;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Puts principals and groups under observation, and proposals in force. */
public final class Observations {
  /** Bound: observations at once. */
  public static final int OBSERVATIONS_MAX = 1_000;

  private static final int DENIALS_MAX = 1_000;

  private final Database database;
  private final TrustFeed feed;
  private final InstantSource clock;
  private final StandingInvariants invariants;

  /** Observations whose changes are told to a feed. */
  public Observations(
      Database database, TrustFeed feed, InstantSource clock, StandingInvariants invariants) {
    this.invariants = invariants;
    this.database = database;
    this.feed = feed;
    this.clock = clock;
  }

  /**
   * Observes a scope from now on.
   *
   * @param proposed the policies that would take the place of those attached to it; none to record
   *     only what it does
   */
  public ObservationAnswer start(Scope scope, List<String> proposed, String actor) {
    var names = new TreeSet<>(proposed);
    if (names.size() > PolicySet.POLICIES_MAX) {
      return conflict("too-many-policies", "at most " + PolicySet.POLICIES_MAX + " policies");
    }
    return change(
        scope,
        handle -> {
          for (var name : names) {
            if (AttachedPolicies.newestVersion(handle, name).isEmpty()) {
              return new Refused(Why.UNKNOWN, "policy-unknown", "no policy '" + name + "'");
            }
          }
          if (ObservationTable.find(handle, scope).isEmpty()
              && ObservationTable.count(handle) >= OBSERVATIONS_MAX) {
            return conflict("too-many-observations", "at most " + OBSERVATIONS_MAX + " at once");
          }
          ObservationTable.put(handle, scope, names, actor, clock.instant());
          ActivityTable.forgetDenials(handle, scope);
          var facts = Map.of("proposed", String.join(" ", names));
          tell(handle, EventType.OBSERVATION_STARTED, actor, scope, facts);
          return shown(handle, scope, false);
        });
  }

  /** Ends an observation; what was recorded stays for a while. */
  public ObservationAnswer stop(Scope scope, String actor) {
    return change(
        scope,
        handle -> {
          if (!ObservationTable.delete(handle, scope)) {
            return notObserved(scope);
          }
          tell(handle, EventType.OBSERVATION_STOPPED, actor, scope, Map.of());
          return new Stopped(scope.kind().word(), scope.name());
        });
  }

  /**
   * Makes the proposal what is attached, and ends the observation: all of it, or nothing.
   *
   * @param anyway also when the proposal would have denied what was seen
   * @param allowBreach also when an invariant is broken by it; the ledger says so
   */
  public ObservationAnswer enforce(Scope scope, boolean anyway, String actor, boolean allowBreach) {
    return change(scope, handle -> enforce(handle, scope, anyway, actor, allowBreach));
  }

  private ObservationAnswer enforce(
      Handle handle, Scope scope, boolean anyway, String actor, boolean allowBreach) {
    var observation = ObservationTable.find(handle, scope);
    if (observation.isEmpty()) {
      return notObserved(scope);
    }
    var proposed = observation.get().proposed();
    if (proposed.isEmpty()) {
      return conflict("nothing-proposed", "nothing is proposed for " + scope);
    }
    long denied = ActivityTable.summary(handle, scope).denied();
    if (denied > 0 && !anyway) {
      return conflict(
          "would-deny", denied + " uses that were seen would have been denied for " + scope);
    }
    var attachments = Attachments.of(scope);
    var before = attachments.names(handle);
    before.forEach(policy -> attachments.detach(handle, policy));
    proposed.forEach(policy -> attachments.attach(handle, policy));
    var overfull = attachments.overfull(handle);
    if (overfull.isPresent()) {
      // The transaction goes back with it.
      throw new TooManyPolicies(overfull.get());
    }
    var facts = invariants.guard(handle).keep(() -> attachments.classes(handle), allowBreach);
    ObservationTable.delete(handle, scope);
    ActivityTable.forgetDenials(handle, scope);
    facts.put("before", String.join(" ", before));
    facts.put("policies", String.join(" ", proposed));
    facts.put("despiteDenials", Long.toString(denied));
    tell(handle, EventType.POLICY_ENFORCED, actor, scope, facts);
    return new Enforced(scope.kind().word(), scope.name(), before, proposed);
  }

  /** Undoes a transaction. */
  private static final class TooManyPolicies extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyPolicies(String sentence) {
      super(sentence);
    }
  }

  /** All observations, without what each would deny. */
  public List<Shown> list() {
    return database.read(
        handle ->
            ObservationTable.all(handle, OBSERVATIONS_MAX).stream()
                .map(row -> shown(handle, row, false))
                .toList());
  }

  /** One observation with what its proposal would deny. */
  public ObservationAnswer show(Scope scope) {
    return database.read(handle -> shown(handle, scope, true));
  }

  private static ObservationAnswer shown(Handle handle, Scope scope, boolean denials) {
    return ObservationTable.find(handle, scope)
        .<ObservationAnswer>map(row -> shown(handle, row, denials))
        .orElseGet(() -> notObserved(scope));
  }

  private static Shown shown(Handle handle, ObservationTable.Row row, boolean denials) {
    var scope = row.scope();
    var summary = ActivityTable.summary(handle, scope);
    return new Shown(
        scope.kind().word(),
        scope.name(),
        row.proposed(),
        row.startedAt(),
        row.startedBy(),
        summary.principals(),
        summary.uses(),
        summary.denied(),
        denials
            ? ActivityTable.denied(handle, scope, DENIALS_MAX).stream()
                .map(Observations::denial)
                .toList()
            : List.of());
  }

  private static Denial denial(ActivityTable.Row row) {
    var uses = row.uses();
    var last = uses.deniedAt();
    return new Denial(
        row.principal(),
        row.action(),
        row.name().text(),
        uses.denied(),
        last == null ? uses.last() : last);
  }

  private ObservationAnswer change(Scope scope, Function<Handle, ObservationAnswer> work) {
    ObservationAnswer answer;
    try {
      answer =
          database.write(
              handle -> {
                LedgerStore.lock(handle);
                var made =
                    refusal(handle, scope)
                        .<ObservationAnswer>map(Function.identity())
                        .orElseGet(() -> work.apply(handle));
                if (!(made instanceof Refused)) {
                  feed.note(handle, scope);
                }
                return made;
              });
    } catch (TooManyPolicies e) {
      return conflict("too-many-policies", String.valueOf(e.getMessage()));
    } catch (StandingInvariants.Broken e) {
      return new Refused(Why.BREACH, StandingInvariants.BROKEN, String.valueOf(e.getMessage()));
    }
    if (!(answer instanceof Refused)) {
      feed.publish(scope);
    }
    return answer;
  }

  /** Why there is no such scope. */
  static Optional<Refused> refusal(Handle handle, Scope scope) {
    boolean known =
        switch (scope.kind()) {
          case GROUP -> GroupTable.exists(handle, scope.name());
          case PRINCIPAL ->
              PrincipalId.isValid(scope.name())
                  && Principals.exists(handle, new PrincipalId(scope.name()));
        };
    return known
        ? Optional.empty()
        : Optional.of(
            new Refused(Why.UNKNOWN, scope.kind().word() + "-unknown", "there is no " + scope));
  }

  private void tell(
      Handle handle, EventType type, String actor, Scope scope, Map<String, String> facts) {
    var all = new java.util.TreeMap<>(facts);
    all.put("scope", scope.kind().word());
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, scope.name(), all));
  }

  private static Refused conflict(String reason, String detail) {
    return new Refused(Why.CONFLICT, reason, detail);
  }

  private static Refused notObserved(Scope scope) {
    return new Refused(Why.UNKNOWN, "not-observed", scope + " is not observed");
  }
}
