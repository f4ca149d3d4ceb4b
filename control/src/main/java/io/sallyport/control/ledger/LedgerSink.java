package io.sallyport.control.ledger;

import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.ledger.DenialLimiter;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events from places that must not wait and appends them in groups. While the store is down
 * it holds what it has and tries again; what then no longer fits is counted, and the count is
 * recorded as an event of its own.
 */
public final class LedgerSink implements EventSink, AutoCloseable {
  /** Bound: how many events may wait. */
  public static final int QUEUE_MAX = 10_000;

  private static final int GROUP_MAX = 1_000;
  private static final Duration DRAIN_EVERY = Duration.ofSeconds(1);
  private static final Duration RETRY_AFTER = Duration.ofMillis(500);
  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);
  // Wakes the writer at the end; nobody can have meant it, so it is never written.
  private static final SecurityEvent END =
      SecurityEvent.of(Instant.EPOCH, EventType.STOPPED, "", "", Map.of());
  private static final Logger LOG = LoggerFactory.getLogger(LedgerSink.class);

  private final LedgerStore store;
  private final InstantSource clock;
  private final BlockingQueue<SecurityEvent> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final DenialLimiter limiter = new DenialLimiter();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong droppedRecorded = new AtomicLong();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread writer;

  /** Begins to take events for a ledger. */
  public LedgerSink(LedgerStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    writer = Thread.ofPlatform().name("ledger-writer").daemon(true).start(this::run);
  }

  @Override
  public void accept(SecurityEvent event) {
    if (isClosing() || !queue.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  /** How many events were dropped since the start. */
  public long dropped() {
    return dropped.get();
  }

  /** How many events wait to be written. */
  public int queued() {
    return queue.size();
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closing.countDown();
    // Where it does not fit the writer is not waiting.
    queue.offer(END);
    try {
      if (!writer.join(CLOSE_WAIT_MAX)) {
        LOG.atError().setMessage("events lost at the end").addKeyValue("queued", queued()).log();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isClosing()) {
        write(next());
      }
      for (var rest = next(); !rest.isEmpty(); rest = next()) {
        write(rest);
      }
      write(limiter.drainAll(clock.instant()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is to be written now: the events that wait, thinned out, and what was counted. */
  private List<SecurityEvent> next() throws InterruptedException {
    var taken = new ArrayList<SecurityEvent>();
    var first =
        isClosing() ? queue.poll() : queue.poll(DRAIN_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      taken.add(first);
      queue.drainTo(taken, GROUP_MAX - 1);
    }
    taken.remove(END);
    var group = new ArrayList<SecurityEvent>();
    taken.forEach(event -> group.addAll(thinned(event)));
    group.addAll(limiter.drain(clock.instant()));
    addDropped(group);
    return group;
  }

  private List<SecurityEvent> thinned(SecurityEvent event) {
    return switch (event.type()) {
      case HANDSHAKE_REFUSED,
          CONNECT_REFUSED,
          PUBLISH_DENIED,
          SUBSCRIBE_DENIED,
          RECEIVE_DENIED,
          WILL_DENIED,
          WOULD_BE_DENIED,
          PROTOCOL_VIOLATION,
          ENROLMENT_REFUSED,
          CLAIM_ABUSED,
          OPERATOR_REFUSED ->
          // A summary made by somebody who limits already must not be counted as one denial.
          event.facts().containsKey(DenialLimiter.SUPPRESSED)
              ? List.of(event)
              : limiter.admit(key(event), event, clock.instant());
      case CA_CREATED,
          CA_KEY_EXPORTED,
          CA_KEY_FORGOTTEN,
          CA_INSTALLED,
          CA_ROLLOVER_BEGUN,
          CA_ROLLOVER_CANCELLED,
          CA_ROLLOVER_ACTIVATED,
          CA_ROLLOVER_RETIRED,
          ENROLLED,
          CERTIFICATE_ISSUED,
          ENROLMENT_TOKEN_CREATED,
          ENROLMENT_TOKEN_REVOKED,
          ENROLMENT_ASKED,
          ENROLMENT_APPROVED,
          ENROLMENT_REJECTED,
          BATCH_CREATED,
          BATCH_CLOSED,
          BATCH_KILLED,
          MANUFACTURER_ADDED,
          MANUFACTURER_REMOVED,
          MANUFACTURER_SERIALS_CHANGED,
          MANUFACTURER_SERIAL_USED,
          CLAIM_CREATED,
          CLAIM_USED,
          CLAIM_KILLED,
          PROVISIONING_TEMPLATE_PUT,
          PROVISIONING_TEMPLATE_DELETED,
          REVOKED,
          QUARANTINED,
          REINSTATED,
          SESSIONS_ENDED,
          POLICY_PUT,
          POLICY_ATTACHED,
          POLICY_DETACHED,
          OBSERVATION_STARTED,
          OBSERVATION_STOPPED,
          POLICY_ENFORCED,
          GROUP_CREATED,
          GROUP_DELETED,
          GROUP_MEMBER_ADDED,
          GROUP_MEMBER_REMOVED,
          THING_CHANGED,
          TAGS_CHANGED,
          DEVICE_STATE_RECORDED,
          ATTESTED,
          ATTESTATION_REFUSED,
          ATTESTATION_KEY_ADDED,
          ATTESTATION_KEY_REMOVED,
          REFERENCE_VALUE_ADDED,
          REFERENCE_VALUE_REMOVED,
          SHADOW_CHANGED,
          SHADOW_DELETED,
          INVARIANTS_SET,
          INVARIANTS_CLEARED,
          SOURCE_BANNED,
          SOURCE_UNBANNED,
          OPERATOR_ENROLLED,
          EVENTS_DROPPED,
          RELOADED,
          RELOAD_FAILED,
          DRAIN_BEGUN,
          DRAIN_ENDED,
          GATEWAY_FORGOTTEN,
          FEED_LOST,
          FEED_BACK,
          PINS_DEPLOYED,
          PINS_RETIRED,
          SERVER_KEY_PROMOTED,
          CLONE_SUSPECTED,
          STARTED,
          STOPPED ->
          List.of(event);
    };
  }

  private static DenialLimiter.Key key(SecurityEvent event) {
    var reason = event.facts().getOrDefault("reason", "");
    return new DenialLimiter.Key(event.actor() + " " + event.subject(), event.type(), reason);
  }

  private void addDropped(List<SecurityEvent> group) {
    long total = dropped.get();
    long more = total - droppedRecorded.getAndSet(total);
    if (more > 0) {
      group.add(
          SecurityEvent.of(
              clock.instant(),
              EventType.EVENTS_DROPPED,
              "system",
              "ledger",
              Map.of("count", Long.toString(more))));
    }
  }

  /** Appends, however often it takes; once the end has come, one more time. */
  private void write(List<SecurityEvent> group) throws InterruptedException {
    for (boolean ending = false; !ending; ) {
      ending = isClosing();
      try {
        store.append(group);
        return;
      } catch (StoreUnavailable e) {
        LOG.atError()
            .setMessage("the ledger cannot be written")
            .addKeyValue("waiting", group.size() + queued())
            .setCause(e)
            .log();
      }
      closing.await(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }
}
