package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.Neighbourhood;
import io.sallyport.control.registry.TrustChanges;
import io.sallyport.control.registry.TrustChanges.Row;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.control.store.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes that were made through other gateways, on a thread and a connection of its
 * own: woken by notifications, and looking now and then in case one was lost. Only a round trip to
 * the database tells that nothing was missed; one that is silent is left, and tried anew.
 */
final class Follower implements AutoCloseable {
  // Bound: changes read at once.
  private static final int PAGE = 500;
  private static final Duration RETRY_MIN = Duration.ofMillis(100);
  private static final Duration RETRY_MAX = Duration.ofSeconds(5);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final List<String> CHANNELS =
      List.of(TrustChanges.CHANNEL, Peers.CHANNEL, Arrivals.CHANNEL);
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  private final Database database;
  private final Membership who;
  private final Changes changes;
  private final Peers peers;
  private final Arrivals arrivals;
  private final Leadership leadership;
  private final Neighbourhood neighbourhood;
  private final LongSupplier nanos;
  private final RandomGenerator jitter;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch first = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Subscription subscription;
  private long position;
  private long beatAt;
  private int failures;

  Follower(
      Database database,
      Membership who,
      long from,
      Changes changes,
      Peers peers,
      Arrivals arrivals,
      Leadership leadership,
      Neighbourhood neighbourhood,
      LongSupplier nanos,
      RandomGenerator jitter) {
    this.database = database;
    this.who = who;
    this.changes = changes;
    this.peers = peers;
    this.arrivals = arrivals;
    this.leadership = leadership;
    this.neighbourhood = neighbourhood;
    this.nanos = nanos;
    this.jitter = jitter;
    position = from;
    thread = Thread.ofPlatform().name("trust-feed").daemon(true).unstarted(this::run);
  }

  /** Begins; returns when it has caught up, or when the database takes too long for that. */
  void begin() {
    thread.start();
    try {
      if (!first.await(who.silenceMax().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("the changes of other gateways are not there yet");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isClosing()) {
        try (var open = database.subscribe(who.silenceMax(), CHANNELS)) {
          subscription = open;
          follow(open);
        } catch (RuntimeException e) {
          // Whatever it is: a feed that ended by itself would never come back.
          failed(e);
        } finally {
          subscription = null;
          leadership.lost();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Subscription open) {
    while (!isClosing()) {
      boolean beaten = round(open);
      if (failures > 0) {
        LOG.atInfo().addKeyValue("failures", failures).log("the feed is back");
        failures = 0;
      }
      first.countDown();
      if (beaten) {
        leadership.look(open);
      }
      waitForNews(open);
    }
  }

  /**
   * Applies what is new, all of it, page by page; and tells that we are here, where that is due.
   *
   * @return whether it told
   */
  private boolean round(Subscription open) {
    boolean beaten = false;
    boolean more = true;
    while (more && !isClosing()) {
      long asOf = nanos.getAsLong();
      boolean beats = beatAt == 0 || asOf - beatAt >= who.pollInterval().toNanos() / 2;
      var page = open.transact(handle -> page(handle, beats));
      more = page.rows().size() == PAGE;
      if (page.pruned()) {
        LOG.warn("too many changes were missed: the whole registry is read");
        position = changes.everything(page.head());
        more = false;
      } else {
        position = changes.apply(page.rows(), position);
      }
      if (beats) {
        beaten = true;
        beatAt = asOf;
        if (!more) {
          neighbourhood.confirmed(asOf);
        }
      }
    }
    return beaten;
  }

  private record Page(List<Row> rows, boolean pruned, long head) {}

  private Page page(Handle handle, boolean beats) {
    if (beats && !GatewayTable.beat(handle, who, changes.applied(position))) {
      GatewayTable.comeBack(handle, who, changes.applied(position));
    }
    // Rows first: what is pruned between the two looks is noticed by the second.
    var rows = TrustChanges.after(handle, position, PAGE);
    boolean pruned = TrustChanges.floor(handle) > position;
    return new Page(rows, pruned, pruned ? TrustChanges.head(handle) : 0);
  }

  /** Returns when there is a reason for another round. */
  private void waitForNews(Subscription open) {
    long poll = beatAt + who.pollInterval().toNanos();
    while (!isClosing()) {
      long left = poll - nanos.getAsLong();
      if (left <= 0) {
        return;
      }
      boolean changed = false;
      for (var notice : open.await(Duration.ofNanos(left))) {
        switch (notice.channel()) {
          case TrustChanges.CHANNEL -> changed = true;
          case Peers.CHANNEL -> peers.wake();
          default -> arrivals.heard(notice.text(), neighbourhood);
        }
      }
      if (changed) {
        return;
      }
    }
  }

  private void failed(RuntimeException e) throws InterruptedException {
    if (isClosing()) {
      return;
    }
    failures++;
    if (failures == 1 || e instanceof NameTaken) {
      LOG.atError()
          .addKeyValue("why", e.getMessage())
          .setCause(e instanceof StoreUnavailable || e instanceof NameTaken ? null : e)
          .log("the feed is lost; it is tried again");
    }
    long most = RETRY_MIN.toMillis() << Math.min(failures, 10);
    long bounded = Math.min(most, RETRY_MAX.toMillis());
    // Between a half and all of it, so that gateways do not come back all at once.
    closing.await(bounded / 2 + jitter.nextLong(bounded / 2), TimeUnit.MILLISECONDS);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Stops following, and tells so if the database is there. */
  @Override
  public void close() {
    closing.countDown();
    var open = subscription;
    if (open != null) {
      open.abort();
    }
    try {
      if (!thread.join(CLOSE_MAX)) {
        LOG.warn("the feed was still busy at the end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    changes.close();
    try (var last = database.subscribe(who.silenceMax(), List.of())) {
      last.transact(
          handle -> {
            GatewayTable.leave(handle, who, changes.applied(position));
            return true;
          });
    } catch (StoreUnavailable e) {
      LOG.warn("the other gateways could not be told of the end");
    }
  }
}
