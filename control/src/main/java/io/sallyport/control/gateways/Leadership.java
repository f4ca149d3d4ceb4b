package io.sallyport.control.gateways;

import io.sallyport.control.registry.TrustChanges;
import io.sallyport.control.store.Subscription;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/**
 * What one of the gateways does for all: whoever holds an advisory lock of the database, on the
 * very connection on which it then acts, so that who has lost the one has lost the other.
 */
final class Leadership {
  /** Bound: changes that are kept for gateways that come back. */
  static final int CHANGES_KEPT = 10_000;

  // Of all advisory locks in this database, ours; the letters of "sallyp".
  private static final long LOCK = 0x73616c6c7970L;
  private static final Duration EVERY = Duration.ofSeconds(60);
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(30);

  private final TicketKeyring keyring;
  private final LongSupplier nanos;
  private volatile boolean leading;
  private long dueAt;

  Leadership(TicketKeyring keyring, LongSupplier nanos) {
    this.keyring = keyring;
    this.nanos = nanos;
  }

  /** Whether this gateway is the one. */
  boolean isLeading() {
    return leading;
  }

  /** The connection is gone, and the lock with it. */
  void lost() {
    leading = false;
  }

  /** Becomes the one if there is none, and does what is due. */
  void look(Subscription connection) {
    long now = nanos.getAsLong();
    if (!leading) {
      leading = connection.transact(Leadership::lock);
      dueAt = now;
    }
    if (leading && now - dueAt >= 0) {
      dueAt = now + Math.min(EVERY.toNanos(), keyring.period().toNanos() / 2);
      connection.transact(
          handle -> {
            keyring.rotate(handle);
            TrustChanges.prune(handle, CHANGES_KEPT);
            GatewayTable.prune(handle, FORGOTTEN_AFTER);
            return true;
          });
    }
  }

  private static boolean lock(Handle handle) {
    return handle
        .createQuery("select pg_try_advisory_lock(:lock)")
        .bind("lock", LOCK)
        .mapTo(Boolean.class)
        .one();
  }
}
