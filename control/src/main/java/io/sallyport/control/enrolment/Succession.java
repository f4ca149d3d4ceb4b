package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whether somebody may have one more certificate beside those that it has. */
public final class Succession {
  /**
   * Bound: active certificates of one device; one in use, its successor, one whose answer was lost.
   */
  static final int ACTIVE_MAX = 3;

  /** The reason for one whose successor was issued: it may be its own answer that was lost. */
  public static final String SUPERSEDED = "certificate-superseded";

  private Succession() {}

  /** Why not; to be asked in the transaction that makes it so. */
  static Optional<Refused> refusal(
      Handle handle, CheckedRequest request, Fingerprint shown, Duration expiredMax, Instant now) {
    return refusal(handle, request.kind(), request.id(), shown, expiredMax, now);
  }

  /**
   * The same beforehand.
   *
   * @param expiredMax how long ago the certificate shown may have expired; zero for not at all
   */
  public static Optional<Refused> refusal(
      Handle handle,
      PrincipalKind kind,
      PrincipalId id,
      Fingerprint shown,
      Duration expiredMax,
      Instant now) {
    var standing = Principals.standing(handle, kind, id);
    if (standing.isEmpty() || standing.get() != Standing.ACTIVE) {
      return refused(id, "not-active", "'" + id + "' is not active");
    }
    var all = Certificates.of(handle, kind, id);
    var active =
        all.stream()
            .filter(
                one -> one.status() == CertificateStatus.ACTIVE && !one.notAfter().isBefore(now))
            .toList();
    if (active.stream().noneMatch(one -> one.fingerprint().equals(shown))) {
      var refused =
          expiredMax.isPositive()
              ? refusalOfExpired(all, id, shown, now.minus(expiredMax))
              : refused(
                  id, "certificate-not-active", "the certificate shown is not an active one of it");
      if (refused.isPresent()) {
        return refused;
      }
    }
    return active.size() < ACTIVE_MAX
        ? Optional.empty()
        : refused(
            id,
            "too-many-certificates",
            "'" + id + "' has " + ACTIVE_MAX + " active certificates already");
  }

  /** One that has expired stands for its device only as long as nothing came after it. */
  private static Optional<Refused> refusalOfExpired(
      List<CertificateRecord> all, PrincipalId id, Fingerprint shown, Instant endedAfter) {
    var found = all.stream().filter(one -> one.fingerprint().equals(shown)).findFirst();
    if (found.isEmpty()) {
      return refused(id, "certificate-unknown", "the certificate shown is not one of it");
    }
    return switch (found.get().status()) {
      case REVOKED, INACTIVE, PENDING ->
          refused(
              id, "certificate-not-active", "the certificate shown is revoked or was not active");
      case ACTIVE, EXPIRED -> {
        if (found.get().notAfter().isBefore(endedAfter)) {
          yield refused(
              id, "expired-long-ago", "the certificate shown expired too long ago to be renewed");
        }
        // What was taken back before its device had used it came to nothing.
        var newest =
            all.stream()
                .filter(one -> one.status() != CertificateStatus.REVOKED)
                .reduce((_, later) -> later);
        yield newest.filter(one -> one.fingerprint().equals(shown)).isPresent()
            ? Optional.empty()
            : refused(id, SUPERSEDED, "the certificate shown has a successor already");
      }
    };
  }

  private static Optional<Refused> refused(PrincipalId id, String reason, String detail) {
    return Optional.of(new Refused(id.value(), Why.UNACCEPTABLE, reason, detail));
  }
}
