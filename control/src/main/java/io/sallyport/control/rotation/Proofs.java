package io.sallyport.control.rotation;

import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections of devices that have more than one certificate: the first with the new one proves it.
 * What was not written when the process dies is no loss: its connections die with it, and the
 * device comes again. What was dropped is found by a look at who is connected.
 */
final class Proofs {
  /** Bound: arrivals that wait to be written, more than devices are under way at once. */
  static final int WAITING_MAX = 50_000;

  // Bound: arrivals in one transaction.
  private static final int GROUP_MAX = 200;
  // Bound: rotations of one state for which the gate is asked in one go.
  private static final int LOOKED_AT_MAX = 50_000;
  // Whose time comes within that is looked at by every process before the one that does the steps.
  private static final Duration AHEAD = Duration.ofMinutes(10);
  // Later than the next step of any rotation.
  private static final Duration STEP_MAX = Duration.ofDays(3650);
  private static final Logger LOG = LoggerFactory.getLogger(Proofs.class);

  private final Database database;
  private final RotationSettings settings;
  private final Runnable soon;
  private volatile LiveConnections live = _ -> List.of();
  private volatile long lookedAfter;
  private final Map<Arrival, Long> waiting = new LinkedHashMap<>();
  private long last;
  private final AtomicLong dropped = new AtomicLong();

  private record Arrival(PrincipalId device, Fingerprint with) {}

  /**
   * @param soon has {@link #work} called in a moment
   */
  Proofs(Database database, RotationSettings settings, Runnable soon) {
    this.database = database;
    this.settings = settings;
    this.soon = soon;
  }

  /** A device that has two certificates was let in with one of them; never blocks for long. */
  void arrived(PrincipalId device, Fingerprint with) {
    synchronized (waiting) {
      var arrival = new Arrival(device, with);
      // Again at the end: of two certificates the last one counts.
      waiting.remove(arrival);
      if (waiting.size() >= WAITING_MAX) {
        dropped.incrementAndGet();
        LOG.atWarn().addKeyValue("device", device).log("a connection is not noted as proof");
        return;
      }
      waiting.put(arrival, ++last);
    }
    soon.run();
  }

  /** Asks these from now on who is connected. */
  void watch(LiveConnections connections) {
    live = connections;
  }

  /**
   * Notes who is connected at this gate at the moment: of those whose rotation takes its next step
   * soon, and of all that are under way after arrivals were dropped.
   */
  void look(Instant now) {
    long missed = dropped.get();
    var until = missed > lookedAfter ? now.plus(STEP_MAX) : now.plus(AHEAD);
    var found = new ArrayList<Arrival>();
    for (var one : database.read(handle -> underWay(handle, until))) {
      came(one)
          .filter(with -> !with.equals(one.seen()))
          .ifPresent(with -> found.add(new Arrival(one.principal(), with)));
    }
    for (int from = 0; from < found.size(); from += GROUP_MAX) {
      var some = found.subList(from, Math.min(from + GROUP_MAX, found.size()));
      database.change(handle -> some.forEach(one -> note(handle, one, now)));
    }
    // Only now: what could not be written is looked at again.
    lookedAfter = missed;
  }

  private static List<RotationRecord> underWay(Handle handle, Instant until) {
    return Stream.of(RotationState.ISSUED, RotationState.PROVEN)
        .flatMap(state -> RotationTable.ripe(handle, state, until, LOOKED_AT_MAX).stream())
        .toList();
  }

  /** The certificate that it is connected with: the new one, if with both. */
  private Optional<Fingerprint> came(RotationRecord rotation) {
    var with = live.certificates(rotation.principal());
    return Stream.of(Optional.ofNullable(rotation.successor()), Optional.of(rotation.old()))
        .flatMap(Optional::stream)
        .filter(with::contains)
        .findFirst();
  }

  /** How many arrivals were not noted. */
  long dropped() {
    return dropped.get();
  }

  /** Writes what came, some of it; whether there is more. */
  boolean work(Instant now) {
    List<Map.Entry<Arrival, Long>> some;
    synchronized (waiting) {
      some = waiting.entrySet().stream().limit(GROUP_MAX).map(Map.Entry::copyOf).toList();
    }
    if (some.isEmpty()) {
      return false;
    }
    database.change(handle -> some.forEach(one -> note(handle, one.getKey(), now)));
    // Only now: what could not be written is tried again. Who came anew meanwhile stays.
    synchronized (waiting) {
      some.forEach(one -> waiting.remove(one.getKey(), one.getValue()));
      return !waiting.isEmpty();
    }
  }

  private void note(Handle handle, Arrival arrival, Instant now) {
    var open = RotationTable.open(handle, arrival.device()).orElse(null);
    if (open == null
        || (open.state() != RotationState.ISSUED && open.state() != RotationState.PROVEN)) {
      return;
    }
    RotationTable.seen(handle, open.nonce(), arrival.with());
    if (open.state() == RotationState.ISSUED
        && CertificateFacts.follows(handle, arrival.device(), arrival.with(), open.old())) {
      var retireAt = settings.rules().retireAt(now);
      RotationTable.proven(handle, open.nonce(), arrival.with(), now, retireAt);
    }
  }
}
