package io.sallyport.control.gateways;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.TrustChanges.Kind;
import io.sallyport.control.registry.TrustChanges.Row;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what was changed through other gateways. What is told is what the registry says now, so
 * the order does not matter: single principals come at once, a group or a policy of many thousands
 * is worked through beside them, and connections are cut beside both.
 */
final class Changes implements AutoCloseable {
  // Bound: cuts at once.
  private static final int CUTS_MAX = 64;
  private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

  private final Database database;
  private final TrustFeed feed;
  private final String self;
  private final Runnable ticketKeys;
  private final long loaded;
  private final Semaphore cutting = new Semaphore(CUTS_MAX);
  private final ExecutorService cuts = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService wide =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("trust-feed-wide").daemon(true).factory());
  // Bound: as many as there are policies and groups.
  private final Map<Wide, Long> waiting = new LinkedHashMap<>();
  private final ConcurrentSkipListSet<Long> unfinished = new ConcurrentSkipListSet<>();
  private final AtomicBoolean missed = new AtomicBoolean();

  /** A change that concerns many principals; everybody where the kind is {@code PRINCIPAL}. */
  private record Wide(Kind kind, String name) {
    static final Wide EVERYTHING = new Wide(Kind.PRINCIPAL, "");
  }

  /**
   * @param loaded the newest change when this gateway read the registry: of those before it only
   *     what is stored here has to be ended
   * @param ticketKeys takes new keys of TLS session tickets
   */
  Changes(Database database, TrustFeed feed, String self, long loaded, Runnable ticketKeys) {
    this.database = database;
    this.feed = feed;
    this.self = self;
    this.loaded = loaded;
    this.ticketKeys = ticketKeys;
  }

  /** The enforcement point was not told of something that was changed here. */
  void missed() {
    missed.set(true);
  }

  /** Applies changes in their order; where it has come to. */
  long apply(List<Row> rows, long position) {
    var people = new LinkedHashMap<PrincipalId, List<Row>>();
    boolean keys = false;
    for (var row : rows) {
      if (!row.gateway().equals(self)) {
        switch (row.kind()) {
          case PRINCIPAL -> person(row, people);
          case GROUP, POLICY -> widen(new Wide(row.kind(), row.name()), row.sequence());
          case TICKET_KEYS -> {}
        }
      }
      keys |= row.kind() == Kind.TICKET_KEYS;
    }
    if (!people.isEmpty()) {
      for (var told : feed.tell(List.copyOf(people.keySet()))) {
        people.getOrDefault(told.id(), List.of()).forEach(row -> cut(row, told));
      }
    }
    if (keys) {
      ticketKeys.run();
    }
    long last = rows.isEmpty() ? position : rows.getLast().sequence();
    if (missed.getAndSet(false)) {
      widen(Wide.EVERYTHING, last);
    }
    return last;
  }

  private void person(Row row, Map<PrincipalId, List<Row>> people) {
    if (row.sequence() > loaded || row.cut()) {
      var cutRows = people.computeIfAbsent(new PrincipalId(row.name()), _ -> new ArrayList<>());
      if (row.cut()) {
        cutRows.add(row);
      }
    }
  }

  /** Reads the whole registry again; where that comes to. */
  long everything(long head) {
    ticketKeys.run();
    widen(Wide.EVERYTHING, head);
    return head;
  }

  /** How far everything is applied of what was taken up to a position. */
  long applied(long position) {
    var oldest = unfinished.isEmpty() ? null : unfinished.first();
    return oldest == null ? position : Math.min(position, oldest - 1);
  }

  // Cuts.

  private void cut(Row row, PrincipalRecord told) {
    unfinished.add(row.sequence());
    cuts.execute(
        () -> {
          try {
            cutting.acquire();
            try {
              confirm(row, end(told));
            } finally {
              cutting.release();
            }
            unfinished.remove(row.sequence());
          } catch (StoreUnavailable e) {
            // Done, and only not told: whoever waits for it is told that it is late.
            unfinished.remove(row.sequence());
            LOG.atError().addKeyValue("why", e.getMessage()).log("a cut could not be confirmed");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            // Not confirmed, and done again at the next start: it stays unfinished.
            LOG.atError().addKeyValue("who", row.name()).setCause(e).log("a cut failed");
          }
        });
  }

  private List<ReceiptStep> end(PrincipalRecord told) {
    return switch (told.standing()) {
      case ACTIVE -> List.of();
      case QUARANTINED -> feed.enforcement().cut(told.id(), CutReason.QUARANTINED);
      case REVOKED -> feed.enforcement().cut(told.id(), CutReason.REVOKED);
    };
  }

  private void confirm(Row row, List<ReceiptStep> steps) {
    database.change(
        handle -> {
          GatewayTable.confirm(handle, self, row.sequence(), steps);
          handle.execute("select pg_notify('" + Peers.CHANNEL + "', '')");
        });
  }

  // Many at once.

  private void widen(Wide what, long sequence) {
    if (sequence <= loaded && !what.equals(Wide.EVERYTHING)) {
      return;
    }
    synchronized (waiting) {
      if (waiting.putIfAbsent(what, sequence) == null) {
        unfinished.add(sequence);
        wide.execute(this::takeNext);
      }
    }
  }

  private void takeNext() {
    Map.Entry<Wide, Long> next;
    synchronized (waiting) {
      var first = waiting.entrySet().iterator().next();
      next = Map.entry(first.getKey(), first.getValue());
      // From now on a further change of the same needs another turn.
      waiting.remove(next.getKey());
    }
    var what = next.getKey();
    try {
      switch (what.kind()) {
        case GROUP -> feed.tellGroup(what.name());
        case POLICY -> feed.tellPolicy(what.name());
        case PRINCIPAL -> tellEverybody();
        case TICKET_KEYS -> throw new IllegalStateException("concerns nobody");
      }
      unfinished.remove(next.getValue());
    } catch (RuntimeException e) {
      // Read again from the beginning with the next change, or at the next start.
      missed();
      LOG.atError().setCause(e).log("changes could not be applied");
    }
  }

  /** Whoever is put out may be connected still, or have left something here. */
  private void tellEverybody() {
    var after = "";
    while (true) {
      var page = feed.tellNext(after);
      if (page.isEmpty()) {
        return;
      }
      for (var one : page) {
        if (one.standing() != Standing.ACTIVE) {
          end(one);
        }
      }
      after = page.getLast().id().value();
    }
  }

  @Override
  public void close() {
    cuts.shutdown();
    wide.shutdownNow();
    try {
      if (!cuts.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        cuts.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
