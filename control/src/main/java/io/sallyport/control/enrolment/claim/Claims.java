package io.sallyport.control.enrolment.claim;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.claim.ClaimAnswer.Killed;
import io.sallyport.control.enrolment.claim.ClaimAnswer.Refused;
import io.sallyport.control.enrolment.claim.ClaimAnswer.Shown;
import io.sallyport.control.enrolment.claim.ClaimAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.provisioning.template.TemplateTable;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.RequestRefused;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Makes claims, counts and ends them. */
public final class Claims {
  /** Bound: claims in one installation, ended ones too. */
  public static final long CLAIMS_MAX = 100_000;

  /** Bound: devices that one claim may enrol. */
  public static final long USES_MAX = 1_000_000;

  /** Bound: devices that one claim may enrol in a minute. */
  public static final long PER_MINUTE_MAX = 6_000;

  /** Bound: how long a claim may be good. */
  public static final Duration VALIDITY_MAX = Duration.ofDays(366);

  /** Bound: provisioning templates that one claim is bound to. */
  public static final int TEMPLATES_MAX = 10;

  private final Database database;
  private final Authorities authorities;
  private final Serials serials;
  private final ClaimBatches batches;
  private final EventSink events;
  private final InstantSource clock;
  private final Map<ClaimAbuse, LongAdder> abuses = new EnumMap<>(ClaimAbuse.class);

  /** The claims of a registry. */
  public Claims(
      Database database,
      Authorities authorities,
      Serials serials,
      ClaimBatches batches,
      EventSink events,
      InstantSource clock) {
    this.batches = batches;
    this.database = database;
    this.authorities = authorities;
    this.serials = serials;
    this.events = events;
    this.clock = clock;
    for (var why : ClaimAbuse.values()) {
      abuses.put(why, new LongAdder());
    }
  }

  /** What a claim is made with; nothing of it is checked yet. */
  public record Draft(
      String name,
      String csr,
      String batch,
      IdPatterns ids,
      long usesMax,
      long perMinuteMax,
      @Nullable Instant notBefore,
      Duration validity,
      NewcomerTerms terms,
      @Nullable String group,
      List<String> templates) {
    public Draft {
      templates = List.copyOf(templates);
    }
  }

  /** Makes a claim and its certificate; the key is whoever asked for it. */
  public ClaimAnswer create(Draft draft, String actor) {
    var wrong = malformation(draft);
    if (wrong.isPresent()) {
      return new Refused(Why.MALFORMED, "malformed-claim", wrong.get());
    }
    var name = new PrincipalId(draft.name());
    try {
      var csr = draft.csr().getBytes(StandardCharsets.UTF_8);
      return create(
          claim(draft, name, actor), CertificateRequest.parse(csr, PrincipalKind.DEVICE, name));
    } catch (RequestRefused e) {
      return new Refused(Why.UNACCEPTABLE, e.reason().word(), String.valueOf(e.getMessage()));
    }
  }

  private ClaimRecord claim(Draft draft, PrincipalId name, String actor) {
    var now = clock.instant();
    var from = draft.notBefore() == null ? now : draft.notBefore();
    return new ClaimRecord(
        name,
        draft.batch(),
        ClaimRecord.State.OPEN,
        "",
        "",
        draft.ids(),
        draft.usesMax(),
        0,
        draft.perMinuteMax(),
        draft.terms(),
        draft.group(),
        draft.templates(),
        from,
        from.plus(draft.validity()),
        actor,
        now,
        null,
        null);
  }

  private Optional<String> malformation(Draft draft) {
    var ids = draft.ids().malformation();
    var terms = draft.terms().malformation();
    if (!PrincipalId.isCertifiable(draft.name()) || !PrincipalId.isCertifiable(draft.batch())) {
      return Optional.of("names and batches are 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    if (draft.usesMax() < 1 || draft.usesMax() > USES_MAX) {
      return Optional.of("the count is from 1 to " + USES_MAX);
    }
    if (draft.perMinuteMax() < 1 || draft.perMinuteMax() > PER_MINUTE_MAX) {
      return Optional.of("the count in a minute is from 1 to " + PER_MINUTE_MAX);
    }
    if (!draft.validity().isPositive() || draft.validity().compareTo(VALIDITY_MAX) > 0) {
      return Optional.of("a claim is good for at most " + VALIDITY_MAX.toDays() + " days");
    }
    if (draft.notBefore() != null
        && draft.notBefore().isAfter(clock.instant().plus(VALIDITY_MAX))) {
      return Optional.of("a claim begins within " + VALIDITY_MAX.toDays() + " days");
    }
    return ids.isPresent() ? ids : terms.isPresent() ? terms : templates(draft);
  }

  private static Optional<String> templates(Draft draft) {
    if (draft.templates().isEmpty()) {
      return Optional.empty();
    }
    if (draft.templates().size() > TEMPLATES_MAX
        || draft.templates().stream().distinct().count() < draft.templates().size()) {
      return Optional.of("at most " + TEMPLATES_MAX + " templates, each once");
    }
    return draft.group() == null && draft.terms().equals(NewcomerTerms.DEFAULTS)
        ? Optional.empty()
        : Optional.of(
            "a claim that is bound to templates has no group, type, attributes, policies or"
                + " validity of its own: the template says what its devices become");
  }

  /** The serial is recorded before anything is signed, as for devices. */
  private ClaimAnswer create(ClaimRecord claim, CertificateRequest request) {
    var serial = serials.next();
    var refused = database.write(handle -> reserve(handle, claim, request, serial));
    if (refused.isPresent()) {
      return refused.get();
    }
    var profile = new LeafProfile.Claim(claim.name());
    var lifetime = Duration.between(claim.createdAt(), claim.notAfter());
    var signed =
        Signed.of(
            authorities
                .issuerOf(profile)
                .sign(profile, request.publicKey(), serial, claim.createdAt(), lifetime));
    return database.write(handle -> activate(handle, claim, serial, signed));
  }

  private static Optional<Refused> reserve(
      Handle handle, ClaimRecord claim, CertificateRequest request, Serial serial) {
    LedgerStore.lock(handle);
    var name = claim.name();
    if (ClaimTable.exists(handle, name)) {
      return conflict("claim-exists", "there is a claim '" + name + "'");
    }
    if (ClaimTable.count(handle) >= CLAIMS_MAX) {
      return conflict("too-many-claims", "there are " + CLAIMS_MAX + " claims");
    }
    if (claim.group() != null && !GroupTable.exists(handle, claim.group())) {
      return Optional.of(
          new Refused(Why.UNKNOWN, "group-unknown", "no group '" + claim.group() + "'"));
    }
    for (var template : claim.templates()) {
      if (TemplateTable.find(handle, template).isEmpty()) {
        return Optional.of(
            new Refused(Why.UNKNOWN, "template-unknown", "no template '" + template + "'"));
      }
    }
    var key = request.publicKeyHash();
    // Under a name of its own, so that no device ever gets this key.
    var owner = new PrincipalId("claim:" + name.value());
    if (!SeenKeys.claimNew(handle, key, PrincipalKind.OPERATOR, owner, claim.createdAt())) {
      return conflict("key-seen", "the public key was seen before: " + key);
    }
    ClaimTable.forgetInterrupted(handle, name);
    ClaimTable.insert(handle, claim, serial, key);
    return Optional.empty();
  }

  private ClaimAnswer activate(Handle handle, ClaimRecord claim, Serial serial, Signed signed) {
    LedgerStore.lock(handle);
    var full =
        batches.widen(handle, claim.batch(), claim.usesMax(), claim.createdBy(), claim.createdAt());
    if (full.isPresent()) {
      return new Refused(Why.CONFLICT, "batch-refuses", full.get());
    }
    if (!ClaimTable.certify(handle, serial, signed.fingerprint(), signed.pem())) {
      return new Refused(Why.CONFLICT, "claim-exists", "somebody else was quicker");
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            claim.createdAt(),
            EventType.CLAIM_CREATED,
            claim.createdBy(),
            claim.name().value(),
            Map.of(
                "batch", claim.batch(),
                "count", Long.toString(claim.usesMax()),
                "serial", serial.hex(),
                "notAfter", claim.notAfter().toString())));
    return new Shown(ClaimTable.find(handle, claim.name().value()).orElseThrow());
  }

  /** The claim of that name. */
  public Optional<ClaimRecord> find(String name) {
    return database.read(handle -> ClaimTable.find(handle, name));
  }

  /** The claim whose certificate has that fingerprint. */
  public Optional<ClaimRecord> ofCertificate(Fingerprint fingerprint) {
    return database.read(handle -> ClaimTable.ofCertificate(handle, fingerprint));
  }

  /** The next claims after a name. */
  public List<ClaimRecord> page(String after, int limit) {
    return database.read(handle -> ClaimTable.page(handle, after, limit));
  }

  /** The next devices that a claim enrolled, after an id. */
  public List<String> devices(String name, String after, int limit) {
    return database.read(handle -> ClaimTable.devices(handle, name, after, limit));
  }

  /** Ends a claim. */
  public ClaimAnswer kill(String name, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          if (ClaimTable.find(handle, name).isEmpty()) {
            return new Refused(Why.UNKNOWN, "claim-unknown", "no claim '" + name + "'");
          }
          killed(handle, List.of(name), actor, clock.instant());
          return new Shown(ClaimTable.find(handle, name).orElseThrow());
        });
  }

  /** Ends every claim of a batch. */
  public ClaimAnswer killBatch(String batch, String actor) {
    return database.write(
        handle ->
            ClaimTable.knowsBatch(handle, batch)
                ? new Killed(killBatch(handle, batch, actor, clock.instant()))
                : new Refused(Why.UNKNOWN, "batch-unknown", "no claim of batch '" + batch + "'"));
  }

  /** Ends every claim of a batch in the transaction of that handle; which ones. */
  public static List<String> killBatch(Handle handle, String batch, String actor, Instant now) {
    LedgerStore.lock(handle);
    return killed(handle, ClaimTable.openOf(handle, batch), actor, now);
  }

  private static List<String> killed(Handle handle, List<String> names, String actor, Instant now) {
    var killed = names.stream().filter(name -> ClaimTable.kill(handle, name, actor, now)).toList();
    LedgerStore.append(
        handle,
        killed.stream()
            .map(name -> SecurityEvent.of(now, EventType.CLAIM_KILLED, actor, name, Map.of()))
            .toList());
    return killed;
  }

  /** Whether a key was counted for a claim, and for that device. */
  public boolean isUsedFor(ClaimRecord claim, PublicKeyHash key, PrincipalId device) {
    return database.read(handle -> ClaimTable.isUsedFor(handle, claim.name(), key, device));
  }

  /** What lets one device in by a claim. */
  public ClaimWarrant warrant(ClaimRecord claim) {
    return new ClaimWarrant(claim, batches.warrant(claim.batch()));
  }

  /** Why a claim is not good now; asked again in the transaction that counts it. */
  public Optional<ClaimAbuse> abuse(ClaimRecord claim) {
    return abuse(Optional.of(claim), clock.instant(), true);
  }

  static Optional<ClaimAbuse> abuse(Optional<ClaimRecord> present, Instant now, boolean isCounted) {
    if (present.isEmpty() || present.get().state() == ClaimRecord.State.KILLED) {
      return Optional.of(ClaimAbuse.KILLED);
    }
    var claim = present.get();
    if (!claim.isInWindow(now)) {
      return Optional.of(ClaimAbuse.OUTSIDE_WINDOW);
    }
    return !isCounted && claim.uses() >= claim.usesMax()
        ? Optional.of(ClaimAbuse.OVER_COUNT)
        : Optional.empty();
  }

  /** Whether an id is one of those that a claim may enrol. */
  public static boolean isFor(ClaimRecord claim, PrincipalId id) {
    return claim.ids().include(id.value());
  }

  /** Raises the alarm: somebody has a claim who should not, or the line runs wild. */
  public void abused(ClaimRecord claim, ClaimAbuse why, String source) {
    abuses.getOrDefault(why, new LongAdder()).increment();
    events.accept(
        SecurityEvent.of(
            clock.instant(),
            EventType.CLAIM_ABUSED,
            "unknown",
            claim.name().value(),
            Map.of("why", why.word(), "batch", claim.batch(), "address", source)));
  }

  /** How often the alarm was raised for what, since the start of this process. */
  public Map<ClaimAbuse, Long> abuses() {
    var counts = new EnumMap<ClaimAbuse, Long>(ClaimAbuse.class);
    abuses.forEach((why, count) -> counts.put(why, count.sum()));
    return counts;
  }

  private static Optional<Refused> conflict(String reason, String detail) {
    return Optional.of(new Refused(Why.CONFLICT, reason, detail));
  }
}
