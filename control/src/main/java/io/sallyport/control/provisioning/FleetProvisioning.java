package io.sallyport.control.provisioning;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enroller.Preparation;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.claim.ClaimAbuse;
import io.sallyport.control.enrolment.claim.ClaimRecord;
import io.sallyport.control.enrolment.claim.ClaimWarrant;
import io.sallyport.control.enrolment.claim.Claims;
import io.sallyport.control.provisioning.ProvisioningAnswer.Created;
import io.sallyport.control.provisioning.ProvisioningAnswer.Registered;
import io.sallyport.control.provisioning.ProvisioningAnswer.Rejected;
import io.sallyport.control.provisioning.ProvisioningCounters.HookOutcome;
import io.sallyport.control.provisioning.template.MalformedTemplate;
import io.sallyport.control.provisioning.template.ParametersRefused;
import io.sallyport.control.provisioning.template.TemplateBody;
import io.sallyport.control.provisioning.template.TemplateRecord;
import io.sallyport.control.provisioning.template.TemplateTable;
import io.sallyport.control.provisioning.template.ThingToBe;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.RequestRefused;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fleet provisioning by claim: a certificate is signed for the name that the request claims, waits
 * for its device to say what it is, and opens the gate once a template has made a thing of that.
 */
public final class FleetProvisioning implements MetricsSource {
  /** Bound: certificates of all claims that wait. */
  static final long PENDING_MAX = 100_000;

  /** Bound: certificates for one and the same key, however often it is begun again. */
  static final int SIGNED_MAX = 8;

  // Bound: certificates that are given up in one transaction.
  private static final int SWEEP_MAX = 500;

  private final Database database;
  private final Claims claims;
  private final Enroller enroller;
  private final EventSink events;
  private final InstantSource clock;
  private final ProvisioningSettings settings;
  private final @Nullable Hook hook;
  private final OwnershipTokens tokens = new OwnershipTokens();
  private final ProvisioningCounters counters = new ProvisioningCounters();

  /** Provisioning over a registry. */
  public FleetProvisioning(
      Database database,
      Claims claims,
      Enroller enroller,
      EventSink events,
      InstantSource clock,
      ProvisioningSettings settings) {
    this.database = database;
    this.claims = claims;
    this.enroller = enroller;
    this.events = events;
    this.clock = clock;
    this.settings = settings;
    this.hook = settings.hook() == null ? null : new HttpHook(settings.hook(), clock);
  }

  ProvisioningCounters counters() {
    return counters;
  }

  /** The templates that a claim may use now; none raises the alarm, if that is its fault. */
  List<String> templates(ClaimRecord claim, String source) {
    var abuse = claims.abuse(claim);
    if (abuse.isPresent()) {
      claims.abused(claim, abuse.get(), source);
      return List.of();
    }
    return database.read(
        handle ->
            claim.templates().stream()
                .filter(name -> TemplateTable.find(handle, name).isPresent())
                .toList());
  }

  Claims claims() {
    return claims;
  }

  /** Signs a certificate that nothing takes yet. */
  ProvisioningAnswer create(Claimed by, String csrPem) {
    var claim = by.claim();
    var abuse = claims.abuse(claim);
    if (abuse.isPresent()) {
      return abused(by, abuse.get());
    }
    var claimed = claimedName(csrPem);
    if (claimed.isEmpty()) {
      return refused(
          by,
          by.source(),
          ErrorCode.INVALID_CSR,
          "a PKCS#10 request in PEM, whose subject is CN= and the name that the thing gets");
    }
    var id = claimed.get();
    PublicKeyHash key;
    try {
      key = CertificateRequest.parse(bytes(csrPem), PrincipalKind.DEVICE, id).publicKeyHash();
    } catch (RequestRefused e) {
      return refused(by, by.source(), ErrorCode.INVALID_CSR, String.valueOf(e.getMessage()));
    }
    if (!Claims.isFor(claim, id)) {
      return abused(by, ClaimAbuse.FOREIGN_ID);
    }
    return again(by, id, key).orElseGet(() -> signed(by, id, key, csrPem));
  }

  private static Optional<PrincipalId> claimedName(String csrPem) {
    try {
      return CertificateRequest.claimedName(
          Pem.decode(csrPem, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"));
    } catch (MalformedPem e) {
      return Optional.empty();
    }
  }

  /** One whose answer was lost: the same certificate, with another token. */
  private Optional<ProvisioningAnswer> again(Claimed by, PrincipalId id, PublicKeyHash key) {
    var token = tokens.next();
    return database.write(
        handle -> {
          var now = clock.instant();
          var same = PendingTable.same(handle, by.claim().name().value(), id, key, now);
          same.ifPresent(
              one ->
                  PendingTable.insert(
                      handle,
                      one.owned(OwnershipTokens.hash(token), now.plus(settings.tokenLifetime()))));
          return same.map(one -> new Created(token, certificateId(one.pem()), one.pem()));
        });
  }

  private ProvisioningAnswer signed(Claimed by, PrincipalId id, PublicKeyHash key, String csrPem) {
    if (database.read(PendingTable::count) >= PENDING_MAX) {
      return refused(by, id.value(), ErrorCode.THROTTLED, "too many certificates wait");
    }
    if (database.read(handle -> Certificates.countOfKey(handle, key)) >= SIGNED_MAX) {
      return refused(
          by, id.value(), ErrorCode.ACCESS_DENIED, "the key was certified too often: make another");
    }
    var warrant = claims.warrant(by.claim());
    // What else it becomes is said when the thing is registered; nothing is attached for now.
    var request =
        new EnrolmentRequest(
            PrincipalKind.DEVICE, id.value(), csrPem, Map.of(), "", List.of(), null);
    return switch (enroller.prepare(request, actor(by), warrant)) {
      case Preparation.Signed(var name, var certificate) ->
          recorded(by, name, key, csrPem, certificate);
      case Preparation.Refused(var why) -> rejected(by, warrant, why);
    };
  }

  private ProvisioningAnswer recorded(
      Claimed by, PrincipalId id, PublicKeyHash key, String csrPem, Signed certificate) {
    var token = tokens.next();
    database.change(
        handle ->
            PendingTable.insert(
                handle,
                new PendingCertificate(
                    OwnershipTokens.hash(token),
                    certificate.serial().hex(),
                    id,
                    key,
                    by.claim().name().value(),
                    csrPem,
                    certificate.pem(),
                    clock.instant().plus(settings.tokenLifetime()))));
    return new Created(token, certificate.fingerprint().hex(), certificate.pem());
  }

  /** Makes a thing of what a template says, and lets its certificate in. */
  ProvisioningAnswer register(
      Claimed by, String template, String token, Map<String, String> parameters) {
    var claim = by.claim();
    var abuse = claims.abuse(claim);
    if (abuse.isPresent()) {
      return abused(by, abuse.get());
    }
    var found =
        claim.templates().contains(template)
            ? database.read(handle -> TemplateTable.find(handle, template))
            : Optional.<TemplateRecord>empty();
    if (found.isEmpty()) {
      return refused(
          by, by.source(), ErrorCode.ACCESS_DENIED, "the claim is not bound to this template");
    }
    var now = clock.instant();
    var pending =
        database
            .read(handle -> PendingTable.ofToken(handle, OwnershipTokens.hash(token)))
            .filter(one -> one.claim().equals(claim.name().value()))
            .filter(one -> now.isBefore(one.expiresAt()));
    if (pending.isEmpty()) {
      return refused(
          by, by.source(), ErrorCode.INVALID_TOKEN, "the token is not good, or was used already");
    }
    return registered(by, found.get(), pending.get(), parameters);
  }

  private ProvisioningAnswer registered(
      Claimed by,
      TemplateRecord template,
      PendingCertificate pending,
      Map<String, String> parameters) {
    var id = pending.principal().value();
    var given = new HashMap<>(parameters);
    if (given.keySet().stream().anyMatch(name -> name.startsWith("AWS::"))) {
      return refused(
          by, id, ErrorCode.INVALID_PARAMETERS, "parameters of AWS:: are not a device's to give");
    }
    if (template.asksHook()) {
      var verdict = asked(by, template, pending, parameters);
      if (verdict instanceof Hook.Verdict.Allowed(var overrides)) {
        given.putAll(overrides);
      } else {
        return said(by, id, verdict);
      }
    }
    try {
      var thing =
          TemplateBody.parse(template.body()).evaluate(certificateId(pending.pem()), id, given);
      if (!thing.name().equals(id)) {
        return refused(
            by,
            id,
            ErrorCode.INVALID_PARAMETERS,
            "the template names the thing otherwise than the certificate, whose request said CN="
                + id);
      }
      return registered(by, template, pending, thing);
    } catch (ParametersRefused e) {
      return refused(by, id, ErrorCode.INVALID_PARAMETERS, String.valueOf(e.getMessage()));
    } catch (MalformedTemplate e) {
      throw new IllegalStateException("only templates that can be read are stored", e);
    }
  }

  private ProvisioningAnswer registered(
      Claimed by, TemplateRecord template, PendingCertificate pending, ThingToBe thing) {
    var request =
        new EnrolmentRequest(
            PrincipalKind.DEVICE,
            thing.name(),
            pending.csr(),
            thing.attributes(),
            thing.type(),
            thing.policies(),
            null);
    var claim = claims.warrant(by.claim());
    var enrolment =
        enroller.activate(
            request,
            signed(pending.pem()),
            actor(by) + " template " + template.name(),
            new Registering(pending, claim, thing.groups()));
    return switch (enrolment) {
      case Enrolment.Issued issued -> new Registered(issued.id(), thing.configuration());
      case Enrolment.Refused refused -> rejected(by, claim, refused);
    };
  }

  private Hook.Verdict asked(
      Claimed by,
      TemplateRecord template,
      PendingCertificate pending,
      Map<String, String> parameters) {
    if (hook == null) {
      counters.asked(HookOutcome.FAILED);
      return new Hook.Verdict.Failed(
          "the template asks for a hook, and provisioning.hook-url is not set");
    }
    var verdict =
        hook.ask(
            new Hook.Question(
                by.claim().name().value(),
                by.claim().fingerprint(),
                certificateId(pending.pem()),
                pending.pem(),
                template.name(),
                by.clientId(),
                parameters));
    counters.asked(
        switch (verdict) {
          case Hook.Verdict.Allowed _ -> HookOutcome.ALLOWED;
          case Hook.Verdict.Denied _ -> HookOutcome.DENIED;
          case Hook.Verdict.Failed _ -> HookOutcome.FAILED;
          case Hook.Verdict.Busy _ -> HookOutcome.BUSY;
        });
    return verdict;
  }

  private ProvisioningAnswer said(Claimed by, String id, Hook.Verdict verdict) {
    return switch (verdict) {
      case Hook.Verdict.Allowed _ -> throw new IllegalStateException("it was allowed");
      case Hook.Verdict.Denied _ ->
          refused(by, id, ErrorCode.ACCESS_DENIED, "the pre-provisioning hook said no");
      case Hook.Verdict.Busy _ ->
          refused(by, id, ErrorCode.THROTTLED, "the pre-provisioning hook is busy: try later");
      case Hook.Verdict.Failed(var why) -> {
        note(by, id, "the pre-provisioning hook failed: " + why);
        yield new Rejected(ErrorCode.INTERNAL_FAILURE, "the pre-provisioning hook failed");
      }
    };
  }

  private Rejected rejected(Claimed by, ClaimWarrant warrant, Enrolment.Refused refused) {
    var abuse = warrant.abuse();
    if (abuse != null) {
      return abused(by, abuse);
    }
    // The ledger was told by whoever refused it.
    return switch (refused.why()) {
      case MALFORMED -> new Rejected(ErrorCode.INVALID_PARAMETERS, refused.detail());
      case UNACCEPTABLE, KEY_SEEN -> new Rejected(ErrorCode.ACCESS_DENIED, refused.detail());
      case ID_EXISTS, POLICY_UNKNOWN, BREACH ->
          new Rejected(ErrorCode.RESOURCE_REGISTRATION_FAILURE, refused.detail());
    };
  }

  private Rejected abused(Claimed by, ClaimAbuse why) {
    claims.abused(by.claim(), why, by.source());
    return new Rejected(
        why == ClaimAbuse.TOO_FAST ? ErrorCode.THROTTLED : ErrorCode.ACCESS_DENIED, why.text());
  }

  private Rejected refused(Claimed by, String subject, ErrorCode code, String detail) {
    note(by, subject, detail);
    return new Rejected(code, detail);
  }

  /** By the sink, which limits those that come too often: nobody fills the ledger so. */
  private void note(Claimed by, String subject, String detail) {
    events.accept(
        SecurityEvent.of(
            clock.instant(),
            EventType.ENROLMENT_REFUSED,
            actor(by),
            subject,
            Map.of("reason", "provisioning", "detail", detail, "address", by.source())));
  }

  private static String actor(Claimed by) {
    return "claim " + by.claim().name();
  }

  private static Signed signed(String pem) {
    try {
      return Signed.of(Pem.certificate(pem));
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }

  private static String certificateId(String pem) {
    return signed(pem).fingerprint().hex();
  }

  private static byte[] bytes(String csrPem) {
    return csrPem.getBytes(StandardCharsets.UTF_8);
  }

  /** Gives up the certificates whose device did not say in time what it is. */
  public void sweep() {
    int some;
    do {
      some = database.write(handle -> PendingTable.expire(handle, clock.instant(), SWEEP_MAX));
    } while (some == SWEEP_MAX);
  }

  @Override
  public void collect(Consumer<Metric> out) {
    counters.collect(out);
    out.accept(
        new Metric(
            "sallyport_provisioning_pending_certificates",
            "Certificates that wait for their device to register.",
            Type.GAUGE,
            Map.of(),
            database.read(PendingTable::count)));
  }
}
