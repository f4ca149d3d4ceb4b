package io.sallyport.control.enrolment.authority;

import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** The table of renewals after expiry; every method runs in the transaction of its handle. */
final class ExpiredRenewalTable {
  private ExpiredRenewalTable() {}

  static void insert(
      Handle handle, PrincipalId id, PublicKeyHash key, Fingerprint renews, Instant now) {
    handle
        .createUpdate(
            "insert into expired_renewal (public_key_sha256, principal, renews, at)"
                + " values (:key, :id, :renews, :now)")
        .bind("key", key.hex())
        .bind("id", id.value())
        .bind("renews", renews.hex())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Whether that key was counted for the renewal of that very certificate. */
  static boolean isCounted(Handle handle, PrincipalId id, PublicKeyHash key, Fingerprint renews) {
    return handle
        .createQuery(
            "select 1 from expired_renewal"
                + " where public_key_sha256 = :key and principal = :id and renews = :renews")
        .bind("key", key.hex())
        .bind("id", id.value())
        .bind("renews", renews.hex())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static long countOf(Handle handle, PrincipalId id, Instant since) {
    return handle
        .createQuery("select count(*) from expired_renewal where principal = :id and at > :since")
        .bind("id", id.value())
        .bind("since", since.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  static long count(Handle handle, Instant since) {
    return handle
        .createQuery("select count(*) from expired_renewal where at > :since")
        .bind("since", since.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }

  static void purge(Handle handle, Instant before) {
    handle
        .createUpdate("delete from expired_renewal where at <= :before")
        .bind("before", before.toEpochMilli())
        .execute();
  }
}
