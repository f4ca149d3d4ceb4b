package io.sallyport.control.rotation;

import io.sallyport.control.enrolment.Enroller;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.rotation.RotationAnswer.Issued;
import io.sallyport.control.rotation.RotationAnswer.Refused;
import io.sallyport.control.store.Database;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where devices get the certificate that follows theirs, whichever way they come: with a request in
 * their shadow, by EST, or by {@code $aws/certificates/create-from-csr}. The old one stays as it
 * is.
 */
public final class RotationDesk {
  private final Database database;
  private final Enroller enroller;
  private final Answering.Means means;

  RotationDesk(Database database, Enroller enroller, Answering.Means means) {
    this.database = database;
    this.enroller = enroller;
    this.means = means;
  }

  /**
   * A device that the gate knows asks for its next certificate. It counts as the answer to what it
   * was asked, if it was; without an ask it begins a rotation by itself.
   *
   * @param csrPem a PKCS#10 request in PEM, with a key that was never seen
   */
  public RotationAnswer certify(PrincipalId device, String csrPem, Instant now) {
    return certify(device, csrPem, null, now);
  }

  /** What a renewal by EST spends, besides what it shows. */
  public Warrant successor(PrincipalKind kind, Fingerprint shown) {
    return kind == PrincipalKind.DEVICE
        ? new Answering(means, shown, null, RotationRecord.BY_DEVICE)
        : Warrant.OPERATOR;
  }

  /**
   * The same for the answer to one ask.
   *
   * @param nonce the one that it answers; null for any that there is
   */
  RotationAnswer certify(PrincipalId device, String csrPem, @Nullable String nonce, Instant now) {
    PublicKeyHash key;
    try {
      var csr = csrPem.getBytes(StandardCharsets.UTF_8);
      key = CertificateRequest.parse(csr, PrincipalKind.DEVICE, device).publicKeyHash();
    } catch (RequestRefused e) {
      return new Refused(Why.MALFORMED, e.reason().word(), String.valueOf(e.getMessage()));
    }
    var known = database.read(handle -> known(handle, device, key, now));
    if (known.again().isPresent()) {
      return new Issued(known.again().get());
    }
    if (known.shown().isEmpty()) {
      return new Refused(
          Why.UNACCEPTABLE,
          "certificate-not-active",
          "'" + device + "' has no active certificate to be followed");
    }
    var shown = known.shown().get();
    var request =
        new EnrolmentRequest(
            PrincipalKind.DEVICE, device.value(), csrPem, Map.of(), "", List.of(), null);
    var way = nonce == null ? RotationRecord.BY_DEVICE : Answering.SHADOW;
    return switch (enroller.succeed(request, shown, new Answering(means, shown, nonce, way))) {
      case Enrolment.Issued issued -> new Issued(issued.certificate());
      case Enrolment.Refused(_, var why, var reason, var detail) ->
          new Refused(why, reason, detail);
    };
  }

  /**
   * @param again the certificate that this key got already for the rotation under way
   * @param shown the one that is to be followed
   */
  private record Known(Optional<CertificateRecord> again, Optional<Fingerprint> shown) {}

  private static Known known(Handle handle, PrincipalId device, PublicKeyHash key, Instant now) {
    var open = RotationTable.open(handle, device);
    var again =
        Certificates.activeOfKey(handle, PrincipalKind.DEVICE, device, key)
            .filter(one -> open.isPresent() && one.fingerprint().equals(open.get().successor()));
    var active =
        Certificates.of(handle, PrincipalKind.DEVICE, device).stream()
            .filter(one -> one.status() == CertificateStatus.ACTIVE)
            .filter(one -> !one.notAfter().isBefore(now))
            .toList();
    var old =
        open.map(RotationRecord::old)
            .filter(one -> active.stream().anyMatch(found -> found.fingerprint().equals(one)));
    var newest =
        active.stream()
            .max(Comparator.comparing(CertificateRecord::notBefore))
            .map(CertificateRecord::fingerprint);
    return new Known(again, old.or(() -> newest));
  }
}
