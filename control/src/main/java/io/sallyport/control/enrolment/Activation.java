package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Issued;
import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.Fingerprint;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** The transaction after the signing: principals and certificates come to be, and are told of. */
final class Activation {
  private final Handle handle;
  private final Admission admission;
  private final Grounds grounds;
  private final Instant now;
  private final String actor;
  private final List<SecurityEvent> events = new ArrayList<>();

  private Activation(
      Handle handle, Admission admission, Grounds grounds, Instant now, String actor) {
    this.handle = handle;
    this.admission = admission;
    this.grounds = grounds;
    this.now = now;
    this.actor = actor;
  }

  static List<Enrolment> activate(
      Handle handle,
      Admission admission,
      Grounds grounds,
      List<Step> steps,
      Instant now,
      String actor) {
    return new Activation(handle, admission, grounds, now, actor).all(steps);
  }

  private List<Enrolment> all(List<Step> steps) {
    var answers = new Enrolment[steps.size()];
    IntStream.range(0, answers.length)
        .boxed()
        .sorted(Comparator.comparing(index -> id(steps.get(index))))
        .forEach(index -> answers[index] = one(steps.get(index)));
    LedgerStore.append(handle, events);
    return List.of(answers);
  }

  private Enrolment one(Step step) {
    return switch (step) {
      case Step.Stopped(var refused) -> refused;
      case Step.Certified(var request, var signed) ->
          switch (grounds) {
            case Grounds.Newcomer(var warrant) -> activated(request, signed, warrant);
            case Grounds.Successor(var shown, var warrant) ->
                succeeded(request, signed, shown, warrant);
          };
      case Step.Reserved reserved ->
          throw new IllegalStateException("not signed: " + reserved.serial());
    };
  }

  /** Another enrolment of the same id may have taken this one's place, here or in a process. */
  private Enrolment activated(CheckedRequest request, Signed signed, Warrant warrant) {
    var id = request.id();
    var broken = admission.refusal(request).or(() -> warrant.confirm(handle, id, now));
    if (broken.isPresent()) {
      Certificates.abandon(handle, signed.serial(), now);
      return refused(broken.get());
    }
    var isNew =
        Principals.insert(
            handle, id, request.kind(), request.thingType(), request.attributes(), now);
    if (!isNew) {
      Certificates.abandon(handle, signed.serial(), now);
      return refused(Refusals.idExists(id));
    }
    request.policies().forEach(policy -> AttachedPolicies.attach(handle, policy, id));
    var outside = Membership.join(handle, admission, warrant.groups(), id, now, actor);
    if (outside.isPresent()) {
      Certificates.abandon(handle, signed.serial(), now);
      forget(request, warrant);
      return refused(outside.get());
    }
    if (!Certificates.activate(handle, signed)) {
      forget(request, warrant);
      return refused(Refusals.idExists(id));
    }
    warrant.enrolled(handle, id);
    tell(request, signed);
    return new Issued(id, request.kind(), signed.active());
  }

  /** Takes back what was inserted: nobody is in the registry without a certificate. */
  private void forget(CheckedRequest request, Warrant warrant) {
    Membership.leave(handle, warrant.groups(), request.id(), now, actor);
    request.policies().forEach(policy -> AttachedPolicies.detach(handle, policy, request.id()));
    Principals.delete(handle, request.id());
  }

  /** What let it ask may have changed while it was signed: quarantine, revocation, another one. */
  private Enrolment succeeded(
      CheckedRequest request, Signed signed, Fingerprint shown, Warrant warrant) {
    var refused =
        Succession.refusal(handle, request, shown, warrant.expiredMax(), now)
            .or(() -> warrant.confirm(handle, request.id(), now));
    if (refused.isPresent()) {
      Certificates.abandon(handle, signed.serial(), now);
      return refused(refused.get());
    }
    if (!Certificates.activate(handle, signed)) {
      return refused(
          new Refused(
              request.id().value(), Why.UNACCEPTABLE, "interrupted", "its serial was given up"));
    }
    warrant.succeeded(handle, request.id(), signed.active(), now);
    events.add(issued(request, signed, Map.of("succeeds", shown.hex())));
    return new Issued(request.id(), request.kind(), signed.active());
  }

  private void tell(CheckedRequest request, Signed signed) {
    var id = request.id().value();
    var facts = new TreeMap<>(admission.facts(request));
    facts.put("kind", request.kind().word());
    facts.put("policies", String.join(",", request.policies()));
    events.add(SecurityEvent.of(now, EventType.ENROLLED, actor, id, facts));
    events.add(issued(request, signed, Map.of()));
  }

  private SecurityEvent issued(CheckedRequest request, Signed signed, Map<String, String> more) {
    var facts = new TreeMap<>(more);
    facts.put("kind", request.kind().word());
    facts.put("serial", signed.serial().hex());
    facts.put("fingerprint", signed.fingerprint().hex());
    facts.put("notAfter", signed.notAfter().toString());
    return SecurityEvent.of(now, EventType.CERTIFICATE_ISSUED, actor, request.id().value(), facts);
  }

  private Refused refused(Refused refused) {
    events.add(Refusals.event(refused, now, actor));
    return refused;
  }

  private static String id(Step step) {
    return switch (step) {
      case Step.Stopped(var refused) -> refused.id();
      case Step.Reserved(var request, _) -> request.id().value();
      case Step.Certified(var request, _) -> request.id().value();
    };
  }
}
