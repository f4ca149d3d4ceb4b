package io.sallyport.control.gateways;

import io.sallyport.control.registry.TrustChanges;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.SealBroken;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of TLS session tickets that all gateways use. In the database they are sealed under a
 * key that only the CA's passphrase gives.
 *
 * <p>The newest of them decrypts only, until the next one comes: so every gateway has a key long
 * before the first ticket is made with it. The one after it encrypts, the third decrypts still.
 */
final class TicketKeyring {
  static final int KEY_BYTES = 48;
  private static final int KEYS = 3;
  private static final String NAME = "tickets";
  private static final String NOW = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
  private static final Logger LOG = LoggerFactory.getLogger(TicketKeyring.class);

  private final Seal seal;
  private final String gateway;
  private final Duration period;
  private final SecureRandom random = new SecureRandom();

  TicketKeyring(Seal seal, String gateway, Duration period) {
    this.seal = seal;
    this.gateway = gateway;
    this.period = period;
  }

  Duration period() {
    return period;
  }

  /**
   * Makes keys where the newest is too old, or where there are none; takes away what is too old.
   */
  void rotate(Handle handle) {
    var newest =
        handle
            .createQuery("select " + NOW + " - max(made_at) from ticket_key")
            .mapTo(Long.class)
            .findOne();
    boolean none = newest.isEmpty();
    if (!none && newest.get() < period.toMillis()) {
      return;
    }
    add(handle);
    if (none) {
      // One that encrypts now, and one for later.
      add(handle);
    }
    handle.execute(
        "delete from ticket_key where number not in"
            + " (select number from ticket_key order by number desc limit "
            + KEYS
            + ")");
    TrustChanges.addTicketKeys(handle, gateway);
  }

  private void add(Handle handle) {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    handle
        .createUpdate("insert into ticket_key (made_at, sealed) values (" + NOW + ", :sealed)")
        .bind("sealed", seal.seal(NAME, key))
        .execute();
    Arrays.fill(key, (byte) 0);
  }

  /**
   * The keys, the one that encrypts first; none where there are none that this gateway can open.
   */
  List<byte[]> load(Handle handle) {
    var sealed =
        handle
            .createQuery("select sealed from ticket_key order by number desc limit " + KEYS)
            .mapTo(String.class)
            .list();
    var keys = new ArrayList<byte[]>();
    try {
      for (var one : sealed) {
        keys.add(seal.open(NAME, one));
      }
    } catch (SealBroken e) {
      LOG.atError()
          .addKeyValue("why", e.getMessage())
          .log("the ticket keys of the other gateways cannot be opened: not the same CA folder");
      return List.of();
    }
    if (keys.size() > 1) {
      keys.add(1, keys.removeFirst());
    }
    return keys;
  }
}
