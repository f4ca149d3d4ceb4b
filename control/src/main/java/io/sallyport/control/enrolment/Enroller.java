package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Issued;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.policies.StandingInvariants;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Signed;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.identity.issuance.LeafProfile;
import io.sallyport.identity.issuance.Serials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Enrols devices and backends in four steps: check what was sent, record a serial, sign, make it
 * active. A crash between them leaves a serial that nobody ever got a certificate for, and an id
 * that can be enrolled again, with the same key too.
 */
public final class Enroller {
  /** Bound: requests in one batch. */
  public static final int BATCH_MAX = 500;

  private final Database database;
  private final Authorities authorities;
  private final Serials serials;
  private final TrustFeed feed;
  private final InstantSource clock;
  private final Duration lifetime;
  private final StandingInvariants invariants;
  private final KeyScreen screen;

  /** An enroller whose certificates hold for that long unless a request says otherwise. */
  public Enroller(
      Database database,
      Authorities authorities,
      Serials serials,
      TrustFeed feed,
      InstantSource clock,
      Duration lifetime,
      StandingInvariants invariants,
      KeyScreen screen) {
    this.invariants = invariants;
    this.screen = screen;
    this.database = database;
    this.authorities = authorities;
    this.serials = serials;
    this.feed = feed;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** Enrols one. */
  public Enrolment enrol(EnrolmentRequest request, String actor) {
    return enrolAll(List.of(request), actor).getFirst();
  }

  /** Enrols many, each of them or not; two transactions for all; answers in the same order. */
  public List<Enrolment> enrolAll(List<EnrolmentRequest> requests, String actor) {
    return enrolAll(requests, actor, false);
  }

  /** The same; somebody may want those who break an invariant, and the ledger says so. */
  public List<Enrolment> enrolAll(
      List<EnrolmentRequest> requests, String actor, boolean allowBreach) {
    return enrolAll(requests, actor, allowBreach, new Grounds.Newcomer(Warrant.OPERATOR));
  }

  /** The same, where something else must let each of them in, such as the batch that it is of. */
  public List<Enrolment> enrolAll(
      List<EnrolmentRequest> requests, String actor, boolean allowBreach, Warrant warrant) {
    return enrolAll(requests, actor, allowBreach, new Grounds.Newcomer(warrant));
  }

  /** Enrols one whom no operator brings, but something that is spent with it. */
  public Enrolment enrol(EnrolmentRequest request, String actor, Warrant warrant) {
    return enrolAll(List.of(request), actor, false, new Grounds.Newcomer(warrant)).getFirst();
  }

  /**
   * Issues one more certificate to somebody who shows an active one of its own, which stays active;
   * the public key must never have been seen.
   */
  public Enrolment succeed(EnrolmentRequest request, Fingerprint shown) {
    return succeed(request, shown, Warrant.OPERATOR);
  }

  /** The same, where something else is spent or noted with it. */
  public Enrolment succeed(EnrolmentRequest request, Fingerprint shown, Warrant warrant) {
    var grounds = new Grounds.Successor(shown, warrant);
    var answer = enrolAll(List.of(request), request.id(), false, grounds).getFirst();
    if (answer instanceof Issued) {
      warrant.committed();
    }
    return answer;
  }

  private List<Enrolment> enrolAll(
      List<EnrolmentRequest> requests, String actor, boolean allowBreach, Grounds grounds) {
    if (requests.size() > BATCH_MAX) {
      throw new IllegalArgumentException("a batch has at most " + BATCH_MAX + " requests");
    }
    var certified = certified(requests, actor, allowBreach, grounds);
    return activated(_ -> certified, actor, allowBreach, grounds);
  }

  /** The first transaction: what is let in so far has a serial, and is signed after it. */
  private List<Step> certified(
      List<EnrolmentRequest> requests, String actor, boolean allowBreach, Grounds grounds) {
    var now = clock.instant();
    var checks = Parallel.map(requests, request -> CheckedRequest.of(request, lifetime));
    // One for all of it, even if another CA becomes active meanwhile.
    var issuer = authorities.devices();
    var numbers = checks.stream().map(_ -> serials.next()).toList();
    var reserved =
        database.write(
            handle ->
                Reservation.reserve(
                    handle,
                    admission(handle, allowBreach),
                    grounds,
                    screen,
                    checks,
                    numbers,
                    issuer.generation(),
                    now,
                    actor));
    return Parallel.map(reserved, step -> certify(issuer, step, now));
  }

  /** The second transaction: what was certified is active after it, or given up. */
  private List<Enrolment> activated(
      Function<Handle, List<Step>> steps, String actor, boolean allowBreach, Grounds grounds) {
    var answers =
        database.write(
            handle -> {
              // Nobody changes policies or invariants between the proof and the end.
              LedgerStore.lock(handle);
              var activated =
                  Activation.activate(
                      handle,
                      admission(handle, allowBreach),
                      grounds,
                      steps.apply(handle),
                      clock.instant(),
                      actor);
              feed.note(handle, enrolled(activated));
              return activated;
            });
    feed.publish(enrolled(answers));
    return answers;
  }

  /** What became of a certificate that is to be activated later. */
  public sealed interface Preparation {
    /** It is signed, and nothing takes it yet. */
    record Signed(PrincipalId id, Certificates.Signed certificate) implements Preparation {}

    /** Nothing was signed. */
    record Refused(Enrolment.Refused why) implements Preparation {}
  }

  /**
   * Signs for somebody new what {@link #activate} lets in, or nobody ever does. What is asked for
   * besides the id and the key counts then.
   */
  public Preparation prepare(EnrolmentRequest request, String actor, Warrant warrant) {
    var newcomer = new Grounds.Newcomer(warrant);
    return switch (certified(List.of(request), actor, false, newcomer).getFirst()) {
      case Step.Certified(var checked, var signed) -> new Preparation.Signed(checked.id(), signed);
      case Step.Stopped(var refused) -> new Preparation.Refused(refused);
      case Step.Reserved reservation ->
          throw new IllegalStateException("not signed: " + reservation.serial());
    };
  }

  /** Lets somebody in with a certificate that was prepared, or gives that up. */
  public Enrolment activate(
      EnrolmentRequest request, Signed prepared, String actor, Warrant warrant) {
    return switch (CheckedRequest.of(request, lifetime)) {
      case CheckedRequest.Check.Failed(var refused) -> refused;
      case CheckedRequest.Check.Passed(var checked) -> activate(checked, prepared, actor, warrant);
    };
  }

  private Enrolment activate(
      CheckedRequest request, Signed prepared, String actor, Warrant warrant) {
    Function<Handle, List<Step>> steps =
        handle ->
            List.of(
                policyUnknown(handle, request)
                    .<Step>map(Step.Stopped::new)
                    .orElseGet(() -> new Step.Certified(request, prepared)));
    return activated(steps, actor, false, new Grounds.Newcomer(warrant)).getFirst();
  }

  private static Optional<Enrolment.Refused> policyUnknown(Handle handle, CheckedRequest request) {
    return request.policies().stream()
        .filter(policy -> AttachedPolicies.newestVersion(handle, policy).isEmpty())
        .findFirst()
        .map(policy -> Refusals.policyUnknown(request.id(), policy));
  }

  /**
   * Gives up what was begun and not finished before that moment, as after a crash; how many there
   * were.
   */
  public int giveUpInterrupted(Instant begunBefore) {
    return database.write(
        handle -> {
          var now = clock.instant();
          var abandoned = Certificates.abandonPending(handle, begunBefore, now);
          LedgerStore.append(
              handle, abandoned.stream().map(one -> Refusals.interrupted(one, now)).toList());
          return abandoned.size();
        });
  }

  private Admission admission(Handle handle, boolean allowBreach) {
    return new Admission(handle, invariants.guard(handle), allowBreach);
  }

  private static Step certify(CertificateAuthority issuer, Step step, Instant now) {
    return switch (step) {
      case Step.Reserved(var request, var serial) -> {
        var profile = new LeafProfile.Client(request.kind(), request.id());
        var key = request.request().publicKey();
        var certificate = issuer.sign(profile, key, serial, now, request.lifetime());
        yield new Step.Certified(request, Signed.of(certificate));
      }
      case Step.Stopped stopped -> stopped;
      case Step.Certified certified -> certified;
    };
  }

  private static List<PrincipalId> enrolled(List<Enrolment> answers) {
    var ids = new ArrayList<PrincipalId>();
    for (var answer : answers) {
      if (answer instanceof Issued issued) {
        ids.add(issued.principal());
      }
    }
    return ids;
  }
}
