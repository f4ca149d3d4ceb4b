package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.Succession;
import io.sallyport.control.enrolment.authority.DeskAnswer.Refused;
import io.sallyport.control.enrolment.authority.DeskAnswer.Why;
import io.sallyport.control.enrolment.authority.EnrolmentDesk.Successions;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.RequestRefused;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where devices come that slept beyond the end of their certificate. That it led to our authority
 * and that its key is there was proven in the handshake; whether it is the newest of an active
 * device, and who decides, is asked here, of the registry as it is now.
 */
public final class ExpiredRenewals implements MetricsSource {
  // A renewal is counted for a day, and one that a crash interrupted may be tried as long.
  private static final Duration KEPT = Duration.ofDays(1);

  private final Database database;
  private final Enroller enroller;
  private final Applications applications;
  private final Successions successions;
  private final EventSink events;
  private final InstantSource clock;
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);

  /** What became of a request. */
  private enum Outcome {
    ISSUED,
    PENDING,
    REFUSED,
    TOO_OFTEN
  }

  ExpiredRenewals(
      Database database,
      Enroller enroller,
      Applications applications,
      Successions successions,
      EventSink events,
      InstantSource clock) {
    this.database = database;
    this.enroller = enroller;
    this.applications = applications;
    this.successions = successions;
    this.events = events;
    this.clock = clock;
    for (var outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  /**
   * A device shows a certificate that has expired, and asks for its successor.
   *
   * @param shown that certificate, whose key is proven
   * @param csr a PKCS#10 request in DER, with a key that was never seen
   */
  public DeskAnswer renew(
      String source,
      PrincipalId id,
      Fingerprint shown,
      byte[] csr,
      ExpiredRenewalSettings settings) {
    var answer = answer(new Asked(source, id, shown, csr, settings));
    counted(
        switch (answer) {
          case DeskAnswer.Issued _ -> Outcome.ISSUED;
          case DeskAnswer.Pending() -> Outcome.PENDING;
          case Refused(var why, _) -> why == Why.BUSY ? Outcome.TOO_OFTEN : Outcome.REFUSED;
        });
    return answer;
  }

  @SuppressWarnings("ArrayRecordComponent") // Read once, compared with nothing.
  private record Asked(
      String source,
      PrincipalId id,
      Fingerprint shown,
      byte[] csr,
      ExpiredRenewalSettings settings) {}

  private DeskAnswer answer(Asked asked) {
    PublicKeyHash key;
    try {
      key = CertificateRequest.parse(asked.csr(), PrincipalKind.DEVICE, asked.id()).publicKeyHash();
    } catch (RequestRefused e) {
      return refused(asked, Why.MALFORMED, String.valueOf(e.getMessage()));
    }
    if (!asked.settings().doorMax().isPositive()) {
      return refused(asked, Why.FORBIDDEN, "no certificate is renewed here once it has expired");
    }
    var objection = objection(asked);
    if (objection.isPresent()) {
      return objection.get().reason().equals(Succession.SUPERSEDED)
          ? again(asked, key)
              .orElseGet(() -> refused(asked, Why.FORBIDDEN, objection.get().detail()))
          : refused(asked, Why.FORBIDDEN, objection.get().detail());
    }
    return switch (asked.settings().mode()) {
      case ALLOW -> issued(asked, null);
      case APPROVE -> byApproval(asked, key);
      case REFUSE -> throw new IllegalStateException("it was refused before");
    };
  }

  private Optional<Enrolment.Refused> objection(Asked asked) {
    return database.read(
        handle ->
            Succession.refusal(
                handle,
                PrincipalKind.DEVICE,
                asked.id(),
                asked.shown(),
                asked.settings().expiredMax(),
                clock.instant()));
  }

  /** One whose answer was lost: the successor has the very key that asks. */
  private Optional<DeskAnswer> again(Asked asked, PublicKeyHash key) {
    return database
        .read(handle -> Certificates.activeOfKey(handle, PrincipalKind.DEVICE, asked.id(), key))
        .map(DeskAnswer.Issued::new);
  }

  private DeskAnswer byApproval(Asked asked, PublicKeyHash key) {
    var found =
        applications.ofKey(
            asked.id(), key, asked.source(), asked.settings().approval(), asked.shown());
    if (found.isEmpty()) {
      return tooOften(asked, "too many wait for an operator");
    }
    var application = found.get();
    if (!application.id().equals(asked.id()) || !asked.shown().equals(application.renews())) {
      return refused(asked, Why.FORBIDDEN, "the key asked for something else before");
    }
    return switch (application.state()) {
      case PENDING -> new DeskAnswer.Pending();
      case REJECTED -> refused(asked, Why.FORBIDDEN, "an operator rejected it");
      case APPROVED, ISSUED -> issued(asked, application);
    };
  }

  private DeskAnswer issued(Asked asked, @Nullable ApplicationRecord approved) {
    var warrant =
        new ExpiredRenewalWarrant(
            asked.settings(),
            asked.shown(),
            asked.source(),
            approved,
            successions.of(PrincipalKind.DEVICE, asked.shown()));
    var request =
        new EnrolmentRequest(
            PrincipalKind.DEVICE,
            asked.id().value(),
            NewcomerTerms.pem(asked.csr()),
            Map.of(),
            "",
            List.of(),
            null);
    return switch (enroller.succeed(request, asked.shown(), warrant)) {
      case Enrolment.Issued issued -> new DeskAnswer.Issued(issued.certificate());
      case Enrolment.Refused refused ->
          warrant.isTooOften()
              ? tooOften(asked, refused.detail())
              : refused(asked, Why.FORBIDDEN, refused.detail());
    };
  }

  private DeskAnswer tooOften(Asked asked, String detail) {
    return refused(asked, Why.BUSY, detail);
  }

  /** By the sink, which limits those that come too often: nobody fills the ledger so. */
  private DeskAnswer refused(Asked asked, Why why, String detail) {
    events.accept(
        SecurityEvent.of(
            clock.instant(),
            EventType.EXPIRED_RENEWAL_REFUSED,
            "unknown",
            asked.id().value(),
            Map.of("renews", asked.shown().hex(), "detail", detail, "address", asked.source())));
    return new Refused(why, detail);
  }

  private void counted(Outcome outcome) {
    outcomes.getOrDefault(outcome, new LongAdder()).increment();
  }

  /** Forgets what need not be counted any more. */
  void sweep() {
    database.change(handle -> ExpiredRenewalTable.purge(handle, clock.instant().minus(KEPT)));
  }

  @Override
  public void collect(Consumer<Metric> out) {
    outcomes.forEach(
        (outcome, count) ->
            out.accept(
                new Metric(
                    "sallyport_expired_renewals_total",
                    "Requests of devices whose certificate has expired.",
                    Type.COUNTER,
                    Map.of("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-')),
                    count.sum())));
  }
}
