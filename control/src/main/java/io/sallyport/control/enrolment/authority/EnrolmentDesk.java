package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.enrolment.authority.DeskAnswer.Refused;
import io.sallyport.control.enrolment.authority.DeskAnswer.Why;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where devices come to enrol themselves. Each is let in by what it shows, once; the very same
 * request, sent again because its answer was lost, gets the very same certificate.
 */
public final class EnrolmentDesk {
  private final Database database;
  private final Enroller enroller;
  private final EventSink events;
  private final InstantSource clock;
  private final OneTimeTokens tokens;
  private final Applications applications;
  private final Successions successions;
  private final ExpiredRenewals expired;

  /** What else is spent or noted when somebody known gets a successor of what it shows. */
  @FunctionalInterface
  public interface Successions {
    /** Nothing. */
    Successions NONE = (_, _) -> Warrant.OPERATOR;

    /** For that certificate of somebody of that kind. */
    Warrant of(PrincipalKind kind, Fingerprint shown);
  }

  /** A desk over that registry. */
  public EnrolmentDesk(
      Database database,
      Enroller enroller,
      EventSink events,
      InstantSource clock,
      Successions successions) {
    this.successions = successions;
    this.database = database;
    this.enroller = enroller;
    this.events = events;
    this.clock = clock;
    this.tokens = new OneTimeTokens(database, clock);
    this.applications = new Applications(database, clock);
    this.expired =
        new ExpiredRenewals(database, enroller, applications, successions, events, clock);
  }

  public OneTimeTokens tokens() {
    return tokens;
  }

  public Applications applications() {
    return applications;
  }

  /** Where devices come whose certificate has expired. */
  public ExpiredRenewals expired() {
    return expired;
  }

  /** Somebody shows a name and a one-time token. */
  public DeskAnswer enrolWithToken(String source, String name, byte[] secret, byte[] csr) {
    var token =
        PrincipalId.isValid(name)
            ? tokens.find(new PrincipalId(name), secret)
            : Optional.<TokenRecord>empty();
    if (token.isEmpty() || !isGood(token.get())) {
      // The name is a claim: it is the source that failed.
      return refused(
          source, source, Why.NOT_AUTHENTICATED, "the token is not good for this device");
    }
    var good = token.get();
    return checked(
        source, PrincipalKind.DEVICE, good.id(), csr, key -> withToken(source, good, key, csr));
  }

  private boolean isGood(TokenRecord token) {
    return switch (token.state()) {
      case OPEN, SPENT -> !token.notAfter().isBefore(clock.instant());
      case REVOKED -> false;
    };
  }

  private DeskAnswer withToken(String source, TokenRecord token, PublicKeyHash key, byte[] csr) {
    if (token.state() == TokenRecord.State.SPENT && !key.equals(token.key())) {
      return refused(source, token.id().value(), Why.FORBIDDEN, "the token was used already");
    }
    var before = again(token.id(), key);
    if (before.isPresent()) {
      return before.get();
    }
    return answer(
        enroller.enrol(
            token.terms().request(token.id(), csr),
            "token " + token.name(),
            OneTimeTokens.warrant(token)));
  }

  /** Somebody shows nothing: an operator decides. */
  public DeskAnswer enrolByApproval(String source, byte[] csr, ApprovalSettings settings) {
    var claimed = CertificateRequest.claimedName(csr);
    if (claimed.isEmpty()) {
      return refused(source, source, Why.MALFORMED, "the subject must be CN= and the device's id");
    }
    var id = claimed.get();
    return checked(
        source,
        PrincipalKind.DEVICE,
        id,
        csr,
        key ->
            applications
                .ofKey(id, key, source, settings, null)
                .map(application -> byApproval(source, application, id, csr))
                .orElseGet(() -> new Refused(Why.BUSY, "too many wait for an operator")));
  }

  private DeskAnswer byApproval(
      String source, ApplicationRecord application, PrincipalId id, byte[] csr) {
    if (!application.id().equals(id) || application.renews() != null) {
      return refused(
          source, id.value(), Why.FORBIDDEN, "the key asked under another name, or to renew");
    }
    return switch (application.state()) {
      case PENDING -> new DeskAnswer.Pending();
      case REJECTED -> refused(source, id.value(), Why.FORBIDDEN, "an operator rejected it");
      case APPROVED, ISSUED ->
          again(id, application.key())
              .orElseGet(
                  () ->
                      answer(
                          enroller.enrol(
                              application.terms().request(id, csr),
                              application.decidedBy() == null ? "system" : application.decidedBy(),
                              Applications.warrant(application))));
    };
  }

  /** Somebody comes for whom another's word is good. */
  public DeskAnswer enrolByVoucher(String source, Voucher voucher, byte[] csr) {
    var id = voucher.id();
    return checked(
        source, PrincipalKind.DEVICE, id, csr, key -> byVoucher(source, voucher, key, csr));
  }

  private DeskAnswer byVoucher(String source, Voucher voucher, PublicKeyHash key, byte[] csr) {
    var objection = voucher.objection().apply(key);
    if (objection.isPresent()) {
      return refused(source, voucher.id().value(), Why.FORBIDDEN, objection.get());
    }
    if (voucher.served().test(key)) {
      var before = again(voucher.id(), key);
      if (before.isPresent()) {
        return before.get();
      }
    }
    return answer(
        enroller.enrol(
            voucher.terms().request(voucher.id(), csr), voucher.by(), voucher.warrant()));
  }

  /** A device or backend shows its certificate and asks for the successor. */
  public DeskAnswer succeed(
      String source, PrincipalKind kind, PrincipalId id, Fingerprint shown, byte[] csr) {
    return checked(
        source,
        kind,
        id,
        csr,
        key ->
            successorOfKey(kind, id, key, shown)
                .orElseGet(
                    () ->
                        answer(
                            enroller.succeed(
                                new EnrolmentRequest(
                                    kind,
                                    id.value(),
                                    NewcomerTerms.pem(csr),
                                    Map.of(),
                                    "",
                                    List.of(),
                                    null),
                                shown,
                                successions.of(kind, shown)))));
  }

  /** One whose answer was lost; the certificate shown has no successor with its own key. */
  private Optional<DeskAnswer> successorOfKey(
      PrincipalKind kind, PrincipalId id, PublicKeyHash key, Fingerprint shown) {
    return database
        .read(handle -> Certificates.activeOfKey(handle, kind, id, key))
        .filter(certificate -> !certificate.fingerprint().equals(shown))
        .map(DeskAnswer.Issued::new);
  }

  private Optional<DeskAnswer> again(PrincipalId id, PublicKeyHash key) {
    return database
        .read(handle -> Certificates.activeOfKey(handle, PrincipalKind.DEVICE, id, key))
        .map(DeskAnswer.Issued::new);
  }

  /** Nothing is looked up or recorded for a request that does not hold in itself. */
  private DeskAnswer checked(
      String source,
      PrincipalKind kind,
      PrincipalId id,
      byte[] csr,
      Function<PublicKeyHash, DeskAnswer> then) {
    PublicKeyHash key;
    try {
      key = CertificateRequest.parse(csr, kind, id).publicKeyHash();
    } catch (RequestRefused e) {
      return refused(source, id.value(), Why.MALFORMED, String.valueOf(e.getMessage()));
    }
    return then.apply(key);
  }

  private static DeskAnswer answer(Enrolment enrolment) {
    return switch (enrolment) {
      case Enrolment.Issued issued -> new DeskAnswer.Issued(issued.certificate());
      case Enrolment.Refused(_, var why, _, var detail) ->
          new Refused(
              switch (why) {
                case MALFORMED -> Why.MALFORMED;
                case UNACCEPTABLE, ID_EXISTS, KEY_SEEN, POLICY_UNKNOWN, BREACH -> Why.FORBIDDEN;
              },
              detail);
    };
  }

  /** By the sink, which limits those that come too often: nobody fills the ledger so. */
  public DeskAnswer refused(String source, String subject, Why why, String detail) {
    events.accept(
        SecurityEvent.of(
            clock.instant(),
            EventType.ENROLMENT_REFUSED,
            "unknown",
            subject,
            Map.of("reason", "est", "detail", detail, "address", source)));
    return new Refused(why, detail);
  }

  /** Forgets what is long over. */
  public void sweep() {
    var now = clock.instant();
    expired.sweep();
    database.change(
        handle -> {
          tokens.purge(handle, now);
          applications.purge(handle, now);
        });
  }
}
