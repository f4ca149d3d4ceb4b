package io.sallyport.control.publication;

import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Certificates.Pending;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Serials;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates in a registry by the thousand, without the signing. */
final class Certified {
  static final Duration LIFETIME = Duration.ofDays(365);

  private static final Serials SERIALS = Serials.random();

  private final Database database;
  private int count;

  Certified(Database database) {
    this.database = database;
  }

  Serial active(PrincipalKind kind, Instant now) {
    return active(kind, now, now.plus(LIFETIME));
  }

  Serial active(PrincipalKind kind, Instant now, Instant notAfter) {
    var serial = pending(kind, now);
    database.change(
        handle ->
            handle.execute(
                "update certificate set status = 'active', fingerprint = ?, not_before = ?,"
                    + " not_after = ?, pem = '' where serial = ?",
                serial.hex(),
                now.toEpochMilli(),
                notAfter.toEpochMilli(),
                serial.hex()));
    return serial;
  }

  Serial pending(PrincipalKind kind, Instant now) {
    var serial = SERIALS.next();
    var id = new PrincipalId(kind.word() + "-" + ++count);
    var key = new PublicKeyHash("ab".repeat(32));
    database.change(
        handle ->
            Certificates.insertPending(
                handle, List.of(new Pending(serial, kind, id, key, now, 1))));
    return serial;
  }

  void revoke(Serial serial, RevocationReason reason, Instant now) {
    database.change(
        handle ->
            handle.execute(
                "update certificate set status = 'revoked', revoked_at = ?,"
                    + " revocation_reason = ? where serial = ?",
                now.toEpochMilli(),
                reason.word(),
                serial.hex()));
  }
}
