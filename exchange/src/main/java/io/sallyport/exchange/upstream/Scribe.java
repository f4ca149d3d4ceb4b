package io.sallyport.exchange.upstream;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that writes the file: what has come together is one transaction. */
final class Scribe implements AutoCloseable {
  /** Told on the writing thread whether a change is durable. */
  @FunctionalInterface
  interface Written {
    void written(boolean isDurable);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Scribe.class);

  /** Bound: changes waiting to be written. */
  private static final int WAITING_MAX = 65_536;

  private static final int GROUP_MAX = 512;
  private static final int CLOSE_SECONDS = 10;
  private static final Change END = new Change("", List.of(), _ -> {});

  private final BlockingQueue<Change> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final Connection connection;
  private final Thread thread;

  private record Change(String sql, List<Object> values, Written then) {}

  Scribe(Connection connection) {
    this.connection = connection;
    this.thread = Thread.ofPlatform().name("exchange-footprints").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Has a change written. When too many wait already it is refused at once. */
  void write(String sql, Written then, Object... values) {
    if (!waiting.offer(new Change(sql, List.of(values), then))) {
      then.written(false);
    }
  }

  /** Waits until everything that was handed in before is written; whether it was in time. */
  boolean awaitWritten(long seconds) {
    var latch = new CountDownLatch(1);
    try {
      return waiting.offer(
              new Change("", List.of(), _ -> latch.countDown()), seconds, TimeUnit.SECONDS)
          && latch.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    List<Change> group = new ArrayList<>();
    boolean goesOn = true;
    while (goesOn) {
      try {
        group.add(waiting.take());
        waiting.drainTo(group, GROUP_MAX);
      } catch (InterruptedException _) {
        goesOn = false;
      }
      goesOn &= !group.contains(END);
      boolean isDurable = commit(group);
      for (Change change : group) {
        tell(change, isDurable);
      }
      group.clear();
    }
  }

  private static void tell(Change change, boolean isDurable) {
    try {
      change.then().written(isDurable);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("who waited for the store has failed");
    }
  }

  private boolean commit(List<Change> group) {
    try {
      for (Change change : group) {
        apply(change);
      }
      connection.commit();
      return true;
    } catch (SQLException e) {
      LOG.atError().setCause(e).log("the exchange's store cannot be written");
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      return false;
    }
  }

  private void apply(Change change) throws SQLException {
    if (change.sql().isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(change.sql())) {
      for (int i = 0; i < change.values().size(); i++) {
        statement.setObject(i + 1, change.values().get(i));
      }
      statement.executeUpdate();
    }
  }

  @Override
  public void close() {
    try {
      waiting.put(END);
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.atWarn().setCause(e).log("the exchange's store could not be closed");
    }
  }
}
