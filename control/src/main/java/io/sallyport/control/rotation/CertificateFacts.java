package io.sallyport.control.rotation;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import org.jdbi.v3.core.Handle;

/**
 * What rotation asks of single certificates; every method runs in the transaction of its handle.
 */
final class CertificateFacts {
  private CertificateFacts() {}

  /** Whether a certificate of a device is active and was made after another one. */
  static boolean follows(
      Handle handle, PrincipalId device, Fingerprint successor, Fingerprint old) {
    return handle
        .createQuery(
            "select 1 from certificate s join certificate o on o.principal = s.principal"
                + " where s.fingerprint = :successor and s.status = 'active'"
                + " and s.principal = :device and s.kind = 'device'"
                + " and o.fingerprint = :old and s.recorded_at >= o.recorded_at"
                + " and s.serial <> o.serial")
        .bind("successor", successor.hex())
        .bind("device", device.value())
        .bind("old", old.hex())
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  /** Whether a certificate of a device is active. */
  static boolean isActive(Handle handle, PrincipalId device, Fingerprint certificate) {
    return handle
        .createQuery(
            "select 1 from certificate where fingerprint = :fingerprint and status = 'active'"
                + " and principal = :device and kind = 'device'")
        .bind("fingerprint", certificate.hex())
        .bind("device", device.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
