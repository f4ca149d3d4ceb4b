package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.CheckedRequest.Check;
import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Pending;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.identity.Serial;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** The transaction before the signing: who may go on has its serial and its key recorded. */
final class Reservation {
  private final Handle handle;
  private final Admission admission;
  private final KeyScreen screen;
  private final Instant now;
  private final String actor;
  private final Set<String> idsOfBatch = new HashSet<>();
  private final Map<String, Boolean> policiesKnown = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final List<SecurityEvent> events = new ArrayList<>();

  private Reservation(
      Handle handle, Admission admission, KeyScreen screen, Instant now, String actor) {
    this.handle = handle;
    this.admission = admission;
    this.screen = screen;
    this.now = now;
    this.actor = actor;
  }

  static List<Step> reserve(
      Handle handle,
      Admission admission,
      KeyScreen screen,
      List<Check> checks,
      List<Serial> serials,
      Instant now,
      String actor) {
    return new Reservation(handle, admission, screen, now, actor).all(checks, serials);
  }

  private List<Step> all(List<Check> checks, List<Serial> serials) {
    screen.begin(
        handle,
        checks.stream()
            .filter(Check.Passed.class::isInstance)
            .map(check -> ((Check.Passed) check).request())
            .toList());
    var steps = new Step[checks.size()];
    // In the order of ids, so that two batches wait for each other's rows one way round only.
    IntStream.range(0, steps.length)
        .boxed()
        .sorted(Comparator.comparing(index -> id(checks.get(index))))
        .forEach(index -> steps[index] = one(checks.get(index), serials.get(index)));
    Certificates.insertPending(handle, pending);
    LedgerStore.append(handle, events);
    return List.of(steps);
  }

  private Step one(Check check, Serial serial) {
    return switch (check) {
      case Check.Failed(var refused) -> stopped(refused);
      case Check.Passed(var request) -> reserved(request, serial);
    };
  }

  private Step reserved(CheckedRequest request, Serial serial) {
    var id = request.id();
    if (!idsOfBatch.add(id.value()) || Principals.exists(handle, id)) {
      return stopped(Refusals.idExists(id));
    }
    for (var policy : request.policies()) {
      if (!policiesKnown.computeIfAbsent(policy, this::isPolicy)) {
        return stopped(
            new Refused(
                id.value(), Why.POLICY_UNKNOWN, "policy-unknown", "no policy '" + policy + "'"));
      }
    }
    // Decided again when it is made active; here nothing is signed in vain.
    var broken = admission.refusal(request);
    if (broken.isPresent()) {
      return stopped(broken.get());
    }
    var key = request.request().publicKeyHash();
    if (!SeenKeys.claim(handle, key, request.kind(), id, now)) {
      return stopped(
          new Refused(
              id.value(), Why.KEY_SEEN, "key-seen", "the public key was seen before: " + key));
    }
    var objection = screen.object(handle, request);
    if (objection.isPresent()) {
      return stopped(
          new Refused(
              id.value(), Why.UNACCEPTABLE, objection.get().reason(), objection.get().detail()));
    }
    for (var abandoned : Certificates.abandonPending(handle, id, now)) {
      events.add(Refusals.interrupted(abandoned, now));
    }
    pending.add(new Pending(serial, request.kind(), id, key, now));
    return new Step.Reserved(request, serial);
  }

  private Step stopped(Refused refused) {
    events.add(Refusals.event(refused, now, actor));
    return new Step.Stopped(refused);
  }

  private boolean isPolicy(String name) {
    return AttachedPolicies.newestVersion(handle, name).isPresent();
  }

  private static String id(Check check) {
    return switch (check) {
      case Check.Failed(var refused) -> refused.id();
      case Check.Passed(var request) -> request.id().value();
    };
  }
}
