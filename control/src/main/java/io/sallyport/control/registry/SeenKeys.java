package io.sallyport.control.registry;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Every public key that was ever offered by whom; none serves a second name. */
public final class SeenKeys {
  private SeenKeys() {}

  /**
   * Takes a key for a name that is about to be enrolled. True when it was never seen, or seen only
   * in an enrolment of the very same name: the caller knows that it was never finished.
   */
  public static boolean claim(
      Handle handle, PublicKeyHash key, PrincipalKind kind, PrincipalId id, Instant now) {
    return claimNew(handle, key, kind, id, now) || belongsTo(handle, key, kind, id);
  }

  /** Takes a key that was never seen, by nobody at all; false if it was. */
  public static boolean claimNew(
      Handle handle, PublicKeyHash key, PrincipalKind kind, PrincipalId id, Instant now) {
    return handle
            .createUpdate(
                "insert into public_key_seen (spki_sha256, kind, principal, first_seen)"
                    + " values (:key, :kind, :principal, :now)"
                    + " on conflict (spki_sha256) do nothing")
            .bind("key", key.hex())
            .bind("kind", kind.word())
            .bind("principal", id.value())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  /** Whether a key was offered for that name. */
  public static boolean belongsTo(
      Handle handle, PublicKeyHash key, PrincipalKind kind, PrincipalId id) {
    return handle
        .createQuery(
            "select 1 from public_key_seen"
                + " where spki_sha256 = :key and kind = :kind and principal = :principal")
        .bind("key", key.hex())
        .bind("kind", kind.word())
        .bind("principal", id.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
