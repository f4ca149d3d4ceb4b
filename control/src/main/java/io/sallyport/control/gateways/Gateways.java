package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.TrustChanges;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.Seal;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This process as one of the gateways that share a database: {@link #join} before the registry is
 * read, {@link #follow} once there is somebody to tell of changes.
 */
public final class Gateways implements AutoCloseable {
  private final Database database;
  private final TrustFeed feed;
  private final Peers peers;
  private final Membership who;
  private final Arrivals arrivals;
  private final TicketKeyring keyring;
  private final Leadership leadership;
  private final LongSupplier nanos;
  private final RandomGenerator jitter;
  private final long from;
  private final long loaded;
  private @Nullable Follower follower;

  private Gateways(
      Database database,
      TrustFeed feed,
      Peers peers,
      Membership who,
      Seal seal,
      LongSupplier nanos,
      RandomGenerator jitter) {
    this.database = database;
    this.feed = feed;
    this.peers = peers;
    this.who = who;
    this.nanos = nanos;
    this.jitter = jitter;
    keyring = new TicketKeyring(seal, who.gateway(), who.ticketKeyPeriod());
    leadership = new Leadership(keyring, nanos);
    from = database.write(handle -> GatewayTable.enter(handle, who));
    loaded = database.read(TrustChanges::head);
    arrivals = new Arrivals(database, who);
    peers.join(who);
    feed.join(who.gateway());
  }

  /**
   * Enters this process, so that whoever is put out from now on waits for it.
   *
   * @param seal of the keys of TLS session tickets
   * @param jitter spreads what gateways would else do at the same moment
   */
  public static Gateways join(
      Database database,
      TrustFeed feed,
      Peers peers,
      Membership who,
      Seal seal,
      LongSupplier nanos,
      RandomGenerator jitter) {
    return new Gateways(database, feed, peers, who, seal, nanos, jitter);
  }

  /** Whether this gateway does what one does for all. */
  public boolean isLeading() {
    return leadership.isLeading();
  }

  /** Follows the changes of the others from now on; returns when it has caught up. */
  public void follow(Neighbourhood neighbourhood) {
    Runnable take = () -> neighbourhood.ticketKeys(database.read(keyring::load));
    database.change(
        handle -> {
          // Only one of those that start at the same time makes the first keys.
          LedgerStore.lock(handle);
          keyring.rotate(handle);
        });
    take.run();
    var changes = new Changes(database, feed, who.gateway(), loaded, take);
    feed.tellMissed(changes::missed);
    follower =
        new Follower(
            database,
            who,
            from,
            changes,
            peers,
            arrivals,
            leadership,
            neighbourhood,
            nanos,
            jitter);
    follower.begin();
  }

  /** A client was let in here; never blocks. */
  public void arrived(long number, PrincipalId principal, String client, String address) {
    arrivals.tell(number, principal, client, address);
  }

  /** How many of those were not told to the others. */
  public long arrivalsDropped() {
    return arrivals.dropped();
  }

  /** May be repeated. */
  @Override
  public synchronized void close() {
    arrivals.close();
    var following = follower;
    follower = null;
    if (following != null) {
      following.close();
    }
  }
}
