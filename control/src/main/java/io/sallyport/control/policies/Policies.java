package io.sallyport.control.policies;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.PolicyAnswer.Attached;
import io.sallyport.control.policies.PolicyAnswer.Put;
import io.sallyport.control.policies.PolicyAnswer.Refused;
import io.sallyport.control.policies.PolicyAnswer.Shown;
import io.sallyport.control.policies.PolicyAnswer.Why;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.PolicyBound;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Puts, shows and attaches policies; whatever is changed holds for live sessions at once. */
public final class Policies {
  /** Bound: policies in one installation. */
  public static final int POLICIES_MAX = 1_000;

  private static final int SHOWN_MAX = 100;

  // The names that AWS IoT allows.
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,128}");

  private final Database database;
  private final TrustFeed feed;
  private final InstantSource clock;
  private final StandingInvariants invariants;

  /** Policies whose changes are told to a feed. */
  public Policies(
      Database database, TrustFeed feed, InstantSource clock, StandingInvariants invariants) {
    this.invariants = invariants;
    this.database = database;
    this.feed = feed;
    this.clock = clock;
  }

  /**
   * One line of the list.
   *
   * @param attachments to how many devices and backends it is attached
   * @param groups to how many groups
   */
  public record Summary(String name, int version, long attachments, long groups) {}

  /**
   * Makes the default policies where there are none, and brings those up to date that are as an
   * earlier version made them; what somebody replaced stays.
   */
  public void makeDefaults() {
    database.change(
        handle -> {
          // Another process may be about to make them.
          LedgerStore.lock(handle);
          makeDefault(
              handle,
              DefaultPolicies.DEVICE,
              DefaultPolicies.device(),
              DefaultPolicies.formerDevice());
          makeDefault(handle, DefaultPolicies.BACKEND, DefaultPolicies.backend(), List.of());
          makeDefault(handle, DefaultPolicies.SERVICES, DefaultPolicies.services(), List.of());
        });
  }

  /** Stores a document as the newest version, unless it is the newest version. */
  public PolicyAnswer put(String name, String json, String actor) {
    return put(name, json, actor, false);
  }

  /** The same; somebody may want it although it breaks an invariant, and the ledger says so. */
  public PolicyAnswer put(String name, String json, String actor, boolean allowBreach) {
    if (!NAME.matcher(name).matches()) {
      return new Refused(
          Why.MALFORMED,
          "malformed-name",
          "a policy's name is 1 to 128 characters of A-Z a-z 0-9 _ + = , . @ -");
    }
    PolicyDocument document;
    try {
      document = PolicyDocument.parse(json);
    } catch (MalformedPolicy e) {
      return new Refused(Why.MALFORMED, "malformed-policy", e.located());
    }
    var answer =
        guarded(
            handle ->
                put(
                    handle,
                    name,
                    document.json(),
                    actor,
                    () ->
                        invariants
                            .guard(handle)
                            .keep(() -> FleetAnalysis.classesWith(handle, name), allowBreach)));
    if (answer instanceof Put) {
      // Told even when nothing is new: an earlier telling may have been interrupted.
      feed.publishPolicy(name);
    }
    return answer;
  }

  /** Attaches a policy to a principal. */
  public PolicyAnswer attach(String name, String principal, String actor) {
    return attach(name, principal, actor, false);
  }

  /** The same; somebody may want it although it breaks an invariant, and the ledger says so. */
  public PolicyAnswer attach(String name, String principal, String actor, boolean allowBreach) {
    return change(name, principal, (handle, id) -> attach(handle, name, id, actor, allowBreach));
  }

  /** Detaches a policy from a principal. */
  public PolicyAnswer detach(String name, String principal, String actor) {
    return detach(name, principal, actor, false);
  }

  /** The same; a policy that denies something may be what an invariant rests on. */
  public PolicyAnswer detach(String name, String principal, String actor, boolean allowBreach) {
    return change(name, principal, (handle, id) -> detach(handle, name, id, actor, allowBreach));
  }

  /** All policies in the order of their names. */
  public List<Summary> list() {
    return database.read(PolicyTable::summaries);
  }

  /** One version of a policy; the newest when null is asked for. */
  public PolicyAnswer show(String name, @Nullable Integer version) {
    return database.read(
        handle -> {
          var found =
              version == null
                  ? PolicyTable.newest(handle, name)
                  : PolicyTable.version(handle, name, version);
          if (found.isEmpty()) {
            return unknown(version == null ? name : name + "' in version '" + version);
          }
          return new Shown(
              name,
              found.get().number(),
              found.get().document(),
              PolicyTable.versions(handle, name, SHOWN_MAX),
              PolicyTable.attachments(handle, name, SHOWN_MAX),
              PolicyTable.groups(handle, name, SHOWN_MAX),
              found.get().createdAt());
        });
  }

  @FunctionalInterface
  private interface Change {
    PolicyAnswer apply(Handle handle, PrincipalId id);
  }

  private PolicyAnswer change(String name, String principal, Change change) {
    if (!PrincipalId.isValid(principal)) {
      return unknownPrincipal(principal);
    }
    var id = new PrincipalId(principal);
    var answer =
        guarded(
            handle -> {
              if (!Principals.exists(handle, id)) {
                return unknownPrincipal(principal);
              }
              if (AttachedPolicies.newestVersion(handle, name).isEmpty()) {
                return unknown(name);
              }
              return change.apply(handle, id);
            });
    if (answer instanceof Attached) {
      feed.publish(List.of(id));
    }
    return answer;
  }

  private PolicyAnswer attach(
      Handle handle, String name, PrincipalId id, String actor, boolean allowBreach) {
    if (PolicyBound.isPassed(handle, id, List.of(name))) {
      return new Refused(Why.CONFLICT, "too-many-policies", PolicyBound.sentence(id.value()));
    }
    if (AttachedPolicies.attach(handle, name, id)) {
      tell(handle, EventType.POLICY_ATTACHED, actor, name, facts(handle, id, allowBreach));
      feed.note(handle, List.of(id));
    }
    return new Attached(id.value(), AttachedPolicies.namesOf(handle, id));
  }

  private PolicyAnswer detach(
      Handle handle, String name, PrincipalId id, String actor, boolean allowBreach) {
    if (!AttachedPolicies.detach(handle, name, id)) {
      return new Refused(
          Why.UNKNOWN, "not-attached", "policy '" + name + "' is not attached to '" + id + "'");
    }
    tell(handle, EventType.POLICY_DETACHED, actor, name, facts(handle, id, allowBreach));
    feed.note(handle, List.of(id));
    return new Attached(id.value(), AttachedPolicies.namesOf(handle, id));
  }

  private Map<String, String> facts(Handle handle, PrincipalId id, boolean allowBreach) {
    var facts =
        invariants.guard(handle).keep(() -> FleetAnalysis.classOf(handle, id.value()), allowBreach);
    facts.put("principal", id.value());
    return facts;
  }

  /** A change that takes effect only if every invariant holds after it. */
  private PolicyAnswer guarded(Function<Handle, PolicyAnswer> change) {
    try {
      return database.write(
          handle -> {
            // Two changes that break an invariant only together come one after the other.
            LedgerStore.lock(handle);
            return change.apply(handle);
          });
    } catch (StandingInvariants.Broken e) {
      return new Refused(Why.BREACH, StandingInvariants.BROKEN, String.valueOf(e.getMessage()));
    }
  }

  private PolicyAnswer put(
      Handle handle,
      String name,
      String json,
      String actor,
      Supplier<Map<String, String>> afterwards) {
    var newest = PolicyTable.newest(handle, name);
    if (newest.isPresent() && newest.get().document().equals(json)) {
      return new Put(name, newest.get().number(), false);
    }
    if (newest.isEmpty() && PolicyTable.count(handle) >= POLICIES_MAX) {
      return new Refused(Why.CONFLICT, "too-many-policies", "at most " + POLICIES_MAX);
    }
    var now = clock.instant();
    int version = PolicyTable.add(handle, name, json, actor, now);
    var facts = afterwards.get();
    facts.put("version", Integer.toString(version));
    tell(handle, EventType.POLICY_PUT, actor, name, facts);
    feed.notePolicy(handle, name);
    return new Put(name, version, true);
  }

  private void makeDefault(
      Handle handle, String name, PolicyDocument document, List<PolicyDocument> former) {
    var newest = PolicyTable.newest(handle, name);
    boolean isFormer =
        newest.isPresent()
            && newest.get().number() == 1
            && former.stream().anyMatch(old -> old.json().equals(newest.get().document()));
    if (newest.isEmpty() || isFormer) {
      put(handle, name, document.json(), "system", TreeMap::new);
    }
  }

  private void tell(
      Handle handle, EventType type, String actor, String policy, Map<String, String> facts) {
    Instant now = clock.instant();
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, policy, facts));
  }

  private static Refused unknown(String name) {
    return new Refused(Why.UNKNOWN, "policy-unknown", "no policy '" + name + "'");
  }

  private static Refused unknownPrincipal(String principal) {
    return new Refused(
        Why.UNKNOWN, "principal-unknown", "no device or backend '" + principal + "'");
  }
}
