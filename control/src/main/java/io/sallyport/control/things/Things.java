package io.sallyport.control.things;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.registry.DeviceFacts;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.ThingForm;
import io.sallyport.control.registry.ThingTable;
import io.sallyport.control.registry.ThingTable.Thing;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.control.things.ThingAnswer.Recorded;
import io.sallyport.control.things.ThingAnswer.Refused;
import io.sallyport.control.things.ThingAnswer.Why;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records what conditions ask of a device or backend: type and attributes, tags, firmware version,
 * attestation. Each can change what is allowed, and does so for live sessions at once.
 */
public final class Things {
  /** The word by which a fact becomes unknown again; no firmware version is called so. */
  public static final String UNKNOWN = "unknown";

  private final Database database;
  private final Principals principals;
  private final TrustFeed feed;
  private final InstantSource clock;
  private final StandingInvariants invariants;

  /** Records whose changes are told to a feed. */
  public Things(
      Database database,
      Principals principals,
      TrustFeed feed,
      InstantSource clock,
      StandingInvariants invariants) {
    this.invariants = invariants;
    this.database = database;
    this.principals = principals;
    this.feed = feed;
    this.clock = clock;
  }

  /** Whose record is changed, and who changes it. */
  public record Target(PrincipalKind kind, PrincipalId id, String actor) {}

  /** Gives and takes tags. */
  public ThingAnswer tag(Target target, PairChange change) {
    if (!change.isClear() || change.isEmpty()) {
      return unclear();
    }
    return record(
        target,
        EventType.TAGS_CHANGED,
        thing -> {
          var facts = thing.facts();
          var tags = change.of(facts.tags());
          return with(
              thing,
              new DeviceFacts(
                  facts.firmwareVersion(), facts.attested(), facts.attestedUntil(), tags));
        });
  }

  /**
   * Records what a device runs and whether it has proved that.
   *
   * @param firmwareVersion the version or {@link #UNKNOWN}; null leaves it as it is
   * @param attested {@code yes}, {@code no} or {@link #UNKNOWN}; null leaves it as it is
   */
  public ThingAnswer state(
      Target target, @Nullable String firmwareVersion, @Nullable String attested) {
    if (firmwareVersion == null && attested == null) {
      return malformed("nothing-to-record", "a firmware version or an attestation is needed");
    }
    if (firmwareVersion != null
        && !firmwareVersion.equals(UNKNOWN)
        && !ThingForm.isFirmwareVersion(firmwareVersion)) {
      return malformed(
          "malformed-firmware-version", ThingForm.FIRMWARE_VERSION_IS + "; or unknown");
    }
    if (attested != null && !List.of("yes", "no", UNKNOWN).contains(attested)) {
      return malformed("malformed-attestation", "attested is yes, no or unknown");
    }
    return record(
        target,
        EventType.DEVICE_STATE_RECORDED,
        thing -> with(thing, stated(thing.facts(), firmwareVersion, attested)));
  }

  /**
   * Records that evidence proved what it should.
   *
   * @param until until when it counts
   * @param claims for the ledger
   */
  public ThingAnswer attest(Target target, Instant until, Map<String, String> claims) {
    return record(
        target,
        EventType.ATTESTED,
        thing -> {
          var facts = thing.facts();
          return with(thing, new DeviceFacts(facts.firmwareVersion(), true, until, facts.tags()));
        },
        _ -> claims);
  }

  /** Says in the ledger that evidence came which proves nothing; the record stays as it was. */
  public void noteRefusedEvidence(Target target, Map<String, String> facts) {
    var event =
        SecurityEvent.of(
            clock.instant(),
            EventType.ATTESTATION_REFUSED,
            target.actor(),
            target.id().value(),
            facts);
    database.change(handle -> LedgerStore.append(handle, event));
  }

  /**
   * Changes the thing type, if one is given (the empty one is none), and attributes.
   *
   * @param allowBreach also when an invariant is broken by it; the ledger says so
   */
  public ThingAnswer describe(
      Target target, @Nullable String thingType, PairChange attributes, boolean allowBreach) {
    if (!attributes.isClear() || (thingType == null && attributes.isEmpty())) {
      return unclear();
    }
    return record(
        target,
        EventType.THING_CHANGED,
        thing ->
            new Thing(
                thing.standing(),
                thingType == null ? thing.type() : thingType,
                attributes.of(thing.attributes()),
                thing.facts()),
        // Of tags and states nothing is known to a proof, so that their changes break nothing.
        handle ->
            invariants
                .guard(handle)
                .keep(() -> FleetAnalysis.classOf(handle, target.id().value()), allowBreach));
  }

  private ThingAnswer record(Target target, EventType type, UnaryOperator<Thing> change) {
    return record(target, type, change, _ -> Map.of());
  }

  private ThingAnswer record(
      Target target,
      EventType type,
      UnaryOperator<Thing> change,
      Function<Handle, Map<String, String>> kept) {
    var id = target.id();
    Optional<ThingAnswer> refusal;
    try {
      refusal = database.write(handle -> record(handle, target, type, change, kept));
    } catch (StandingInvariants.Broken e) {
      return new Refused(Why.BREACH, StandingInvariants.BROKEN, String.valueOf(e.getMessage()));
    }
    if (refusal.isPresent()) {
      return refusal.get();
    }
    // Told even when nothing is new: an earlier telling may have been interrupted.
    feed.publish(List.of(id));
    return new Recorded(database.read(handle -> principals.find(handle, id)).orElseThrow());
  }

  private Optional<ThingAnswer> record(
      Handle handle,
      Target target,
      EventType type,
      UnaryOperator<Thing> change,
      Function<Handle, Map<String, String>> kept) {
    LedgerStore.lock(handle);
    var id = target.id();
    var now = clock.instant();
    var before = ThingTable.lock(handle, target.kind(), id, now).orElse(null);
    if (before == null) {
      var what = "no " + target.kind().word() + " '" + id + "'";
      return Optional.of(new Refused(Why.UNKNOWN, "principal-unknown", what));
    }
    if (before.standing() == Standing.REVOKED) {
      var why = "'" + id + "' is revoked, and its record stays as it was";
      return Optional.of(new Refused(Why.CONFLICT, "revoked", why));
    }
    var after = change.apply(before);
    var malformation = malformation(after);
    if (malformation.isEmpty() && !after.equals(before)) {
      ThingTable.write(handle, id, after);
      var facts = new TreeMap<>(differences(before, after));
      facts.putAll(kept.apply(handle));
      LedgerStore.append(handle, SecurityEvent.of(now, type, target.actor(), id.value(), facts));
      feed.note(handle, List.of(id));
    }
    return malformation;
  }

  private static Optional<ThingAnswer> malformation(Thing thing) {
    if (!ThingForm.isThingType(thing.type())) {
      return Optional.of(malformed("malformed-thing-type", ThingForm.THING_TYPE_IS));
    }
    if (!ThingForm.areAttributes(thing.attributes())) {
      return Optional.of(malformed("malformed-attributes", ThingForm.ATTRIBUTES_ARE));
    }
    return ThingForm.areTags(thing.facts().tags())
        ? Optional.empty()
        : Optional.of(malformed("malformed-tags", ThingForm.TAGS_ARE));
  }

  private static Thing with(Thing thing, DeviceFacts facts) {
    return new Thing(thing.standing(), thing.type(), thing.attributes(), facts);
  }

  private static DeviceFacts stated(
      DeviceFacts facts, @Nullable String firmwareVersion, @Nullable String attested) {
    return new DeviceFacts(
        firmwareVersion == null
            ? facts.firmwareVersion()
            : firmwareVersion.equals(UNKNOWN) ? null : firmwareVersion,
        attested == null
            ? facts.attested()
            : attested.equals(UNKNOWN) ? null : Boolean.valueOf(attested.equals("yes")),
        attested == null ? facts.attestedUntil() : null,
        facts.tags());
  }

  private static Map<String, String> differences(Thing before, Thing after) {
    var facts = new TreeMap<>(PairChange.difference(before.facts().tags(), after.facts().tags()));
    facts.putAll(PairChange.difference(before.attributes(), after.attributes()));
    facts.putAll(PairChange.difference(single(before), single(after)));
    return facts;
  }

  /** The facts that are not maps, by the words for them; unknown is a word. */
  private static Map<String, String> single(Thing thing) {
    var firmware = thing.facts().firmwareVersion();
    var attested = thing.facts().attested();
    var until = thing.facts().attestedUntil();
    return Map.of(
        "thingType", thing.type(),
        "firmwareVersion", firmware == null ? UNKNOWN : firmware,
        "attested", attested == null ? UNKNOWN : attested ? "yes" : "no",
        "attestedUntil", until == null ? UNKNOWN : until.toString());
  }

  private static Refused malformed(String reason, String detail) {
    return new Refused(Why.MALFORMED, reason, detail);
  }

  private static Refused unclear() {
    return malformed(
        "malformed-change", "something is to be set or removed, and nothing to be both");
  }
}
