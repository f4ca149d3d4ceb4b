package io.sallyport.control.gateways;

import io.sallyport.control.gateways.GatewayAnswer.State;
import io.sallyport.control.gateways.GatewayTable.Confirmation;
import io.sallyport.control.registry.TrustChanges;
import io.sallyport.control.store.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The other gateways on the same database: which there are, and what they confirm. */
public final class Peers {
  /** Where confirmations are told of. */
  static final String CHANNEL = "sallyport_confirmed";

  // How often to look though nobody told of a confirmation.
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration CONFIRM_MAX = Duration.ofSeconds(5);

  private final Database database;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private volatile String self = "";
  private volatile Duration confirmMax = CONFIRM_MAX;

  /** The gateways on a database, of which this process is none. */
  public Peers(Database database) {
    this.database = database;
  }

  /** From now on this process is one of them. */
  void join(Membership who) {
    self = who.gateway();
    confirmMax = who.confirmMax();
  }

  /**
   * The gateways, and how far the changes have come.
   *
   * @param self the name of this one; empty if it is none
   */
  public record Gathering(String self, long head, List<GatewayRecord> gateways) {
    public Gathering {
      gateways = List.copyOf(gateways);
    }
  }

  /** The gateways on this database; none where it is not shared. */
  public Gathering all() {
    return database.isShared()
        ? database.read(
            handle -> new Gathering(self, TrustChanges.head(handle), GatewayTable.all(handle)))
        : new Gathering("", 0, List.of());
  }

  /** Forgets a gateway that is gone for good; false when there is none that could be. */
  public boolean forget(String name) {
    return database.isShared() && database.write(handle -> GatewayTable.forget(handle, name));
  }

  /** Somebody confirmed something. */
  void wake() {
    lock.lock();
    try {
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits, bounded, until every other live gateway has confirmed a cut.
   *
   * @param sequence its number; 0 where there is nobody to wait for
   */
  public List<GatewayAnswer> await(long sequence) {
    return awaitAll(List.of(sequence)).getFirst();
  }

  /** The same for several that were ordered together: no longer than for one of them. */
  public List<List<GatewayAnswer>> awaitAll(List<Long> sequences) {
    var all = new ArrayList<List<GatewayAnswer>>();
    long left = confirmMax.toNanos();
    for (long sequence : sequences) {
      while (true) {
        var answers =
            sequence == 0
                ? List.<GatewayAnswer>of()
                : database.read(handle -> answers(handle, sequence));
        if (left <= 0 || answers.stream().noneMatch(one -> one.state() == State.LATE)) {
          all.add(answers);
          break;
        }
        left -= pause(Math.min(left, LOOK_EVERY.toNanos()));
      }
    }
    return all;
  }

  /** How long it waited; all that was asked for when it was interrupted. */
  // Whoever calls looks again, and again, so that a wake-up for nothing costs one look.
  @SuppressWarnings("WaitNotInLoop")
  private long pause(long nanos) {
    lock.lock();
    try {
      return nanos - Math.max(0, told.awaitNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Long.MAX_VALUE / 2;
    } finally {
      lock.unlock();
    }
  }

  private List<GatewayAnswer> answers(Handle handle, long sequence) {
    var confirmed = GatewayTable.confirmed(handle, sequence);
    var answers = new ArrayList<GatewayAnswer>();
    for (var gateway : GatewayTable.all(handle)) {
      // Who has joined since has read the registry as it is now.
      if (!gateway.name().equals(self) && gateway.joinedAt() < sequence) {
        answers.add(answer(gateway, confirmed.get(gateway.name())));
      }
    }
    return answers;
  }

  private static GatewayAnswer answer(GatewayRecord gateway, @Nullable Confirmation confirmation) {
    return confirmation == null
        ? new GatewayAnswer(
            gateway.name(),
            switch (gateway.state()) {
              case LIVE -> State.LATE;
              case LOST -> State.LOST;
              case STOPPED -> State.STOPPED;
            },
            null,
            gateway.closedFrom(),
            List.of())
        : new GatewayAnswer(
            gateway.name(), State.CONFIRMED, confirmation.ms(), null, confirmation.steps());
  }
}
