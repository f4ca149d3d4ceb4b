package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Renews one certificate that has expired: counted, and where an operator decides spent, in the
 * transaction that reserves the serial; told of in the one that makes the successor active.
 */
final class ExpiredRenewalWarrant implements Warrant {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final ExpiredRenewalSettings settings;
  private final Fingerprint shown;
  private final String source;
  private final @Nullable ApplicationRecord approved;
  private final Warrant further;
  private boolean tooOften;

  /**
   * @param approved what an operator approved; null where nobody need
   * @param further what else is spent or noted with any successor
   */
  ExpiredRenewalWarrant(
      ExpiredRenewalSettings settings,
      Fingerprint shown,
      String source,
      @Nullable ApplicationRecord approved,
      Warrant further) {
    this.settings = settings;
    this.shown = shown;
    this.source = source;
    this.approved = approved;
    this.further = further;
  }

  /** Whether it was refused because there were too many: later it may be granted. */
  boolean isTooOften() {
    return tooOften;
  }

  @Override
  public Duration expiredMax() {
    return settings.expiredMax();
  }

  @Override
  public boolean isAgain(Handle handle, PrincipalId id, PublicKeyHash key) {
    return ExpiredRenewalTable.isCounted(handle, id, key, shown)
        || isRefusedBefore(handle, id, key)
        || further.isAgain(handle, id, key);
  }

  /** Offered by that very device, and never certified: as when there were too many. */
  private static boolean isRefusedBefore(Handle handle, PrincipalId id, PublicKeyHash key) {
    return SeenKeys.belongsTo(handle, key, PrincipalKind.DEVICE, id)
        && Certificates.countOfKey(handle, key) == 0;
  }

  @Override
  public Optional<Refused> spend(Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    // Nobody else counts meanwhile.
    LedgerStore.lock(handle);
    if (!ExpiredRenewalTable.isCounted(handle, id, key, shown)) {
      if (ExpiredRenewalTable.countOf(handle, id, now.minus(DAY))
          >= ExpiredRenewalSettings.OF_DEVICE_PER_DAY_MAX) {
        return tooOften(id, "it was renewed after its expiry too often today");
      }
      if (ExpiredRenewalTable.count(handle, now.minus(MINUTE)) >= settings.perMinuteMax()) {
        return tooOften(id, "too many certificates are renewed after their expiry: try later");
      }
      ExpiredRenewalTable.insert(handle, id, key, shown, now);
    }
    var spent =
        approved == null
            ? Optional.<Refused>empty()
            : Applications.warrant(approved).spend(handle, id, key, now);
    return spent.isPresent() ? spent : further.spend(handle, id, key, now);
  }

  private Optional<Refused> tooOften(PrincipalId id, String detail) {
    tooOften = true;
    return Optional.of(new Enrolment.Refused(id.value(), Why.UNACCEPTABLE, "too-often", detail));
  }

  @Override
  public Optional<Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    return further.confirm(handle, id, now);
  }

  @Override
  public void succeeded(Handle handle, PrincipalId id, CertificateRecord certificate, Instant now) {
    var by = approved == null ? null : approved.decidedBy();
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            EventType.EXPIRED_CERTIFICATE_RENEWED,
            by == null ? id.value() : by,
            id.value(),
            Map.of(
                "renews", shown.hex(),
                "serial", certificate.serial().hex(),
                "address", source)));
    further.succeeded(handle, id, certificate, now);
  }

  @Override
  public void committed() {
    further.committed();
  }
}
