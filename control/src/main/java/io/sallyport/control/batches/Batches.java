package io.sallyport.control.batches;

import io.sallyport.control.batches.BatchAnswer.Killed;
import io.sallyport.control.batches.BatchAnswer.Refused;
import io.sallyport.control.batches.BatchAnswer.Shown;
import io.sallyport.control.batches.BatchAnswer.Why;
import io.sallyport.control.batches.BatchRecord.State;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.enrolment.claim.ClaimBatches;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.revocation.Revoker;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Makes, shows and ends batches. A batch that is killed lets nobody in from that transaction on;
 * its devices are revoked in portions, whoever asks for the next: an operator, or this process by
 * itself once a minute until nobody is left.
 */
public final class Batches implements ClaimBatches {
  /** Bound: devices of one batch. */
  public static final long WANTED_MAX = 10_000_000;

  /** Bound: batches of a registry. */
  static final long BATCHES_MAX = 100_000;

  private final Database database;
  private final Revoker revoker;
  private final InstantSource clock;
  private final List<BatchEnding> endings;

  /**
   * The batches of a registry.
   *
   * @param endings what else ends with a batch
   */
  public Batches(
      Database database, Revoker revoker, InstantSource clock, List<BatchEnding> endings) {
    this.database = database;
    this.revoker = revoker;
    this.clock = clock;
    this.endings = List.copyOf(endings);
  }

  /** Makes an empty one for so many devices. */
  public BatchAnswer create(String name, long wanted, String actor) {
    if (!PrincipalId.isCertifiable(name)) {
      return new Refused(
          Why.MALFORMED,
          "malformed-batch",
          "a batch's name is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    if (wanted < 1 || wanted > WANTED_MAX) {
      return new Refused(
          Why.MALFORMED, "malformed-count", "a batch has 1 to " + WANTED_MAX + " devices");
    }
    return database.write(
        handle -> {
          if (BatchTable.count(handle) >= BATCHES_MAX) {
            return new Refused(
                Why.CONFLICT, "too-many-batches", "there are " + BATCHES_MAX + " batches");
          }
          var now = clock.instant();
          if (!BatchTable.insert(handle, name, wanted, actor, now)) {
            return new Refused(
                Why.CONFLICT, "batch-exists", "there is a batch '" + name + "' already");
          }
          tell(handle, EventType.BATCH_CREATED, name, actor, now, Map.of("wanted", "" + wanted));
          return shown(handle, name);
        });
  }

  /** The next batches after a name. */
  public List<BatchRecord> page(String after, int limit) {
    return database.read(handle -> BatchTable.page(handle, after, limit));
  }

  /** One batch. */
  public BatchAnswer show(String name) {
    return database.read(handle -> shown(handle, name));
  }

  /** The next devices of a batch after an id; nothing if there is no such batch. */
  public Optional<List<BatchMember>> members(String name, String after, int limit) {
    return database.read(
        handle ->
            BatchTable.room(handle, name).map(_ -> BatchTable.members(handle, name, after, limit)));
  }

  @Override
  public Optional<String> widen(Handle handle, String name, long more, String actor, Instant now) {
    LedgerStore.lock(handle);
    var known = BatchTable.find(handle, name);
    if (known.isEmpty()) {
      if (BatchTable.count(handle) >= BATCHES_MAX) {
        return Optional.of("there are " + BATCHES_MAX + " batches");
      }
      BatchTable.insert(handle, name, more, actor, now);
      tell(handle, EventType.BATCH_CREATED, name, actor, now, Map.of("wanted", "" + more));
      return Optional.empty();
    }
    if (known.get().state() != State.OPEN) {
      return Optional.of("the batch '" + name + "' is no longer open");
    }
    if (known.get().wanted() > WANTED_MAX - more) {
      return Optional.of("a batch has at most " + WANTED_MAX + " devices");
    }
    BatchTable.widen(handle, name, more);
    return Optional.empty();
  }

  @Override
  public Warrant warrant(String name) {
    return new BatchWarrant(name);
  }

  /** Lets nobody else in; who is in it stays. */
  public BatchAnswer close(String name, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var known = BatchTable.room(handle, name);
          if (known.isPresent() && known.get().state() == State.OPEN) {
            var now = clock.instant();
            BatchTable.change(handle, name, State.CLOSED, null, actor, now);
            tell(handle, EventType.BATCH_CLOSED, name, actor, now, Map.of());
          }
          return shown(handle, name);
        });
  }

  /** Kills it, if that was not done before, and revokes the next of its devices. */
  public BatchAnswer kill(String name, RevocationReason reason, String actor) {
    var known = database.write(handle -> order(handle, name, reason, actor));
    return known.isEmpty() ? unknown(name) : goOn(known.get());
  }

  /** Revokes what is left of batches that were killed; how many devices that were. */
  public int finishInterrupted() {
    int revoked = 0;
    while (true) {
      var unfinished =
          database.read(
              handle ->
                  BatchTable.unfinished(handle).flatMap(name -> BatchTable.find(handle, name)));
      if (unfinished.isEmpty()) {
        return revoked;
      }
      revoked += goOn(unfinished.get()).revoked();
    }
  }

  /** Under the ledger's lock: whoever is enrolled at this moment is in it already, or refused. */
  private Optional<BatchRecord> order(
      Handle handle, String name, RevocationReason reason, String actor) {
    LedgerStore.lock(handle);
    var known = BatchTable.find(handle, name);
    if (known.isEmpty()) {
      return known;
    }
    var now = clock.instant();
    int ended = endings.stream().mapToInt(one -> one.end(handle, name, actor, now)).sum();
    if (known.get().state() != State.KILLED) {
      BatchTable.change(handle, name, State.KILLED, reason.word(), actor, now);
      var facts =
          Map.of(
              "reason", reason.word(),
              "devices", "" + known.get().members(),
              "ended", "" + ended);
      tell(handle, EventType.BATCH_KILLED, name, actor, now, facts);
    }
    return BatchTable.find(handle, name);
  }

  private Killed goOn(BatchRecord batch) {
    var some =
        database.read(handle -> BatchTable.remaining(handle, batch.name(), Revoker.TOGETHER_MAX));
    int revoked = 0;
    if (!some.isEmpty()) {
      var reason =
          Optional.ofNullable(batch.reason())
              .flatMap(RevocationReason::ofWord)
              .orElse(RevocationReason.UNSPECIFIED);
      revoked = revoker.revokeAll(PrincipalKind.DEVICE, some, reason, batch.changedBy()).size();
      // Afterwards: a crash before this has the same devices looked at once more.
      database.change(handle -> BatchTable.markEnded(handle, some));
    }
    return new Killed(
        database.read(handle -> BatchTable.find(handle, batch.name())).orElseThrow(), revoked);
  }

  private static BatchAnswer shown(Handle handle, String name) {
    return BatchTable.find(handle, name)
        .<BatchAnswer>map(Shown::new)
        .orElseGet(() -> unknown(name));
  }

  private static Refused unknown(String name) {
    return new Refused(Why.UNKNOWN, "batch-unknown", "there is no batch '" + name + "'");
  }

  private static void tell(
      Handle handle,
      EventType type,
      String name,
      String actor,
      Instant now,
      Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(now, type, actor, name, facts));
  }
}
