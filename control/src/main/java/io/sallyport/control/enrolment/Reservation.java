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
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Serial;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** The transaction before the signing: who may go on has its serial and its key recorded. */
final class Reservation {
  private final Handle handle;
  private final Admission admission;
  private final Grounds grounds;
  private final KeyScreen screen;
  private final int issuer;
  private final Instant now;
  private final String actor;
  private final Set<String> idsOfBatch = new HashSet<>();
  private final Map<String, Boolean> policiesKnown = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private final List<SecurityEvent> events = new ArrayList<>();

  private Reservation(
      Handle handle,
      Admission admission,
      Grounds grounds,
      KeyScreen screen,
      int issuer,
      Instant now,
      String actor) {
    this.issuer = issuer;
    this.handle = handle;
    this.admission = admission;
    this.grounds = grounds;
    this.screen = screen;
    this.now = now;
    this.actor = actor;
  }

  static List<Step> reserve(
      Handle handle,
      Admission admission,
      Grounds grounds,
      KeyScreen screen,
      List<Check> checks,
      List<Serial> serials,
      int issuer,
      Instant now,
      String actor) {
    return new Reservation(handle, admission, grounds, screen, issuer, now, actor)
        .all(checks, serials);
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
      case Check.Passed(var request) ->
          switch (grounds) {
            case Grounds.Newcomer(var warrant) -> newcomer(request, serial, warrant);
            case Grounds.Successor(var shown, var warrant) ->
                successor(request, serial, shown, warrant);
          };
    };
  }

  private Step newcomer(CheckedRequest request, Serial serial, Warrant warrant) {
    var id = request.id();
    if (!idsOfBatch.add(id.value()) || Principals.exists(handle, id)) {
      return stopped(Refusals.idExists(id));
    }
    for (var policy : request.policies()) {
      if (!policiesKnown.computeIfAbsent(policy, this::isPolicy)) {
        return stopped(Refusals.policyUnknown(id, policy));
      }
    }
    // Decided again when it is made active; here nothing is signed in vain.
    var broken = admission.refusal(request);
    if (broken.isPresent()) {
      return stopped(broken.get());
    }
    var key = request.request().publicKeyHash();
    if (!SeenKeys.claim(handle, key, request.kind(), id, now)) {
      return stopped(keySeen(request));
    }
    // Before anything is spent: a bad key must not cost its device the token.
    var bad = badKey(request);
    if (bad.isPresent()) {
      return stopped(bad.get());
    }
    var spent = warrant.spend(handle, id, key, now);
    if (spent.isPresent()) {
      return stopped(spent.get());
    }
    for (var abandoned : Certificates.abandonPending(handle, id, now)) {
      events.add(Refusals.interrupted(abandoned, now));
    }
    return reserved(request, serial);
  }

  private Step successor(
      CheckedRequest request, Serial serial, Fingerprint shown, Warrant warrant) {
    var refused = Succession.refusal(handle, request, shown, warrant.expiredMax(), now);
    if (refused.isPresent()) {
      return stopped(refused.get());
    }
    var bad = badKey(request);
    if (bad.isPresent()) {
      return stopped(bad.get());
    }
    var key = request.request().publicKeyHash();
    var id = request.id();
    if (!SeenKeys.claimNew(handle, key, request.kind(), id, now)) {
      if (!warrant.isAgain(handle, id, key)) {
        return stopped(keySeen(request));
      }
      for (var abandoned : Certificates.abandonPending(handle, id, now)) {
        events.add(Refusals.interrupted(abandoned, now));
      }
    }
    var spent = warrant.spend(handle, id, key, now);
    return spent.isPresent() ? stopped(spent.get()) : reserved(request, serial);
  }

  private Optional<Refused> badKey(CheckedRequest request) {
    return screen
        .object(handle, request)
        .map(
            objection ->
                new Refused(
                    request.id().value(),
                    Why.UNACCEPTABLE,
                    objection.reason(),
                    objection.detail()));
  }

  private Step reserved(CheckedRequest request, Serial serial) {
    var key = request.request().publicKeyHash();
    pending.add(new Pending(serial, request.kind(), request.id(), key, now, issuer));
    return new Step.Reserved(request, serial);
  }

  private static Refused keySeen(CheckedRequest request) {
    return new Refused(
        request.id().value(),
        Why.KEY_SEEN,
        "key-seen",
        "the public key was seen before: " + request.request().publicKeyHash());
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
