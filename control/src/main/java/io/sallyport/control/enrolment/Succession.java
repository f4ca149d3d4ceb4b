package io.sallyport.control.enrolment;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Standing;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Whether somebody may have one more certificate beside those that it has. */
final class Succession {
  /**
   * Bound: active certificates of one device; one in use, its successor, one whose answer was lost.
   */
  static final int ACTIVE_MAX = 3;

  private Succession() {}

  /** Why not; to be asked in the transaction that makes it so. */
  static Optional<Refused> refusal(
      Handle handle, CheckedRequest request, Fingerprint shown, Instant now) {
    var id = request.id();
    var standing = Principals.standing(handle, request.kind(), id);
    if (standing.isEmpty() || standing.get() != Standing.ACTIVE) {
      return refused(request, "not-active", "'" + id + "' is not active");
    }
    var active =
        Certificates.of(handle, request.kind(), id).stream()
            .filter(
                one -> one.status() == CertificateStatus.ACTIVE && !one.notAfter().isBefore(now))
            .toList();
    if (active.stream().noneMatch(one -> one.fingerprint().equals(shown))) {
      return refused(
          request, "certificate-not-active", "the certificate shown is not an active one of it");
    }
    return active.size() < ACTIVE_MAX
        ? Optional.empty()
        : refused(
            request,
            "too-many-certificates",
            "'" + id + "' has " + ACTIVE_MAX + " active certificates already");
  }

  private static Optional<Refused> refused(CheckedRequest request, String reason, String detail) {
    return Optional.of(new Refused(request.id().value(), Why.UNACCEPTABLE, reason, detail));
  }
}
