package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeUnavailable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes durable what must survive, in the order of submission: one thread, which commits whatever
 * has come together as one group.
 *
 * <p>When the store fails, operations that can be refused are; the others are tried again until
 * they succeed.
 */
final class Journal implements AutoCloseable {
  /** Bound: operations that may be refused wait at most in this number; then they are. */
  static final int WAITING_MAX = 1 << 16;

  /** Bound: operations of one transaction. */
  private static final int GROUP_MAX = 8_192;

  /**
   * How long a group gathers when somebody waits for it. It costs that much delay, and turns a
   * commit for every message into one for several at rates where they do not pile up by themselves.
   */
  static final long GATHER_URGENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long it gathers when nobody does, or when acknowledgements are likely to cancel it. */
  static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long until a store that failed is tried again, and when somebody waits for an answer. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long RETRY_URGENT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final Database database;
  private final long gatherNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Thread thread;

  private List<Operation> waiting = new ArrayList<>();
  private boolean urgent;
  private boolean idle;
  private boolean closing;
  private volatile @Nullable SQLException failure;
  private volatile long groupsWritten;

  /**
   * @param gatherNanos how long a group gathers company that nobody waits for
   */
  Journal(Database database, long gatherNanos) {
    this.database = database;
    this.gatherNanos = gatherNanos;
    thread = Thread.ofPlatform().name("exchange-journal").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Why the last group could not be written, or null when it was. */
  @Nullable SQLException failure() {
    return failure;
  }

  /** Whether everything that was submitted is done, with its consequences. */
  boolean isIdle() {
    lock.lock();
    try {
      return idle && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** How many transactions there were. */
  long groupsWritten() {
    return groupsWritten;
  }

  /** Hands over an operation; from any thread. One that may be refused fails at once when full. */
  void submit(Operation operation) {
    lock.lock();
    try {
      boolean full = closing || waiting.size() >= WAITING_MAX;
      if (!full || operation.mustHappen()) {
        waiting.add(operation);
        wakeFor(operation);
        return;
      }
    } finally {
      lock.unlock();
    }
    operation.failed();
  }

  private void wakeFor(Operation operation) {
    boolean newlyUrgent = operation.isUrgent() && !urgent;
    urgent |= newlyUrgent;
    if (idle || newlyUrgent) {
      idle = false;
      arrived.signal();
    }
  }

  private void run() {
    List<Operation> again = List.of();
    while (awaitWork(!again.isEmpty())) {
      List<Operation> group = takeGroup();
      // Apart from the new ones, or one that cannot be written would keep these from it for ever.
      again = write(again);
      if (again.isEmpty()) {
        again = write(group);
      } else {
        again.addAll(giveUpOrKeep(group));
      }
    }
  }

  /** Waits for work, and a little longer for company; false when closed and all is done. */
  private boolean awaitWork(boolean failing) {
    lock.lock();
    try {
      if (failing) {
        awaitCompany(RETRY_NANOS, RETRY_URGENT_NANOS);
        return !(closing && waiting.isEmpty());
      }
      while (waiting.isEmpty() && !closing) {
        idle = true;
        arrived.await();
      }
      idle = false;
      awaitCompany(gatherNanos, Math.min(gatherNanos, GATHER_URGENT_NANOS));
      return !waiting.isEmpty();
    } catch (InterruptedException e) {
      throw new IllegalStateException("the journal is closed, never interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private void awaitCompany(long nanos, long urgentNanos) throws InterruptedException {
    long left = urgent ? Math.min(nanos, urgentNanos) : nanos;
    while (left > 0 && !closing && waiting.size() < GROUP_MAX) {
      boolean wasUrgent = urgent;
      left = arrived.awaitNanos(left);
      if (urgent && !wasUrgent) {
        left = Math.min(left, urgentNanos);
      }
    }
  }

  private List<Operation> takeGroup() {
    lock.lock();
    try {
      List<Operation> group = waiting;
      if (group.size() <= GROUP_MAX) {
        waiting = new ArrayList<>();
        urgent = false;
      } else {
        waiting = new ArrayList<>(group.subList(GROUP_MAX, group.size()));
        group.subList(GROUP_MAX, group.size()).clear();
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  /** Commits a group; answers what of it has to be tried again. */
  // The count is written by the journal's thread alone.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private List<Operation> write(List<Operation> group) {
    if (group.isEmpty()) {
      return group;
    }
    try {
      if (database.transact(group)) {
        groupsWritten++;
      }
    } catch (SQLException e) {
      if (failure == null) {
        LOG.atError().setCause(e).log("the exchange's store cannot be written");
      }
      failure = e;
      return giveUpOrKeep(group);
    }
    if (failure != null) {
      failure = null;
      LOG.info("the exchange's store can be written again");
    }
    for (Operation operation : group) {
      settle(operation::committed);
    }
    return List.of();
  }

  private static List<Operation> giveUpOrKeep(List<Operation> group) {
    List<Operation> again = new ArrayList<>();
    for (Operation operation : group) {
      if (operation.mustHappen()) {
        again.add(operation);
      } else {
        settle(operation::failed);
      }
    }
    return again;
  }

  /** A mistake in one operation's consequences must not stop the journal for all. */
  private static void settle(Runnable consequence) {
    try {
      consequence.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("an operation's consequence failed");
    }
  }

  /** Writes what is left, and closes the store. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
      database.close();
    } catch (SQLException e) {
      throw new ExchangeUnavailable("the exchange's store could not be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
