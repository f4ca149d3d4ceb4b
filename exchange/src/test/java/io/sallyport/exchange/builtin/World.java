package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Message;
import io.sallyport.identity.PrincipalId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.sqlite.SQLiteConnection;

/**
 * An exchange whose threads are one thread that runs when told to, and whose clock stands still
 * until moved.
 */
final class World implements AutoCloseable {
  static final long FOREVER = 0xFFFF_FFFFL;

  final Path directory;
  final ExchangeLimits limits;
  private final long pagesMax;
  private final Duration gathering;
  private final boolean careless;
  boolean willsAllowed = true;
  BuiltInExchange exchange;
  private Connection store;

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  World(Path directory) {
    this(directory, ExchangeLimits.DEFAULTS);
  }

  World(Path directory, ExchangeLimits limits) {
    this(directory, limits, 1L << 20, Duration.ZERO);
  }

  /**
   * @param pagesMax how large the store may grow
   * @param gathering how long the store waits for acknowledgements before it writes
   */
  World(Path directory, ExchangeLimits limits, long pagesMax, Duration gathering) {
    this(directory, limits, pagesMax, gathering, false);
  }

  private World(
      Path directory, ExchangeLimits limits, long pagesMax, Duration gathering, boolean careless) {
    this.careless = careless;
    this.directory = directory;
    this.limits = limits;
    this.pagesMax = pagesMax;
    this.gathering = gathering;
    this.store = store();
    this.exchange = create();
  }

  private BuiltInExchange create() {
    return new BuiltInExchange(
        store, limits, (_, _, _) -> willsAllowed, () -> now, gathering.toNanos());
  }

  private Connection store() {
    Connection opened = StoreFile.open(directory, pagesMax);
    if (careless) {
      try (Statement statement = opened.createStatement()) {
        statement.execute("PRAGMA synchronous = OFF");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return opened;
  }

  /** Whether the store refuses every change from now on, as a disk that became read-only. */
  void storeRefuses(boolean refuses) {
    try (Statement statement = store.createStatement()) {
      statement.execute("PRAGMA query_only = " + refuses);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Does something while the store stands still, as a disk that hangs: SQLite's own lock. */
  void whileTheStoreHangs(Runnable work) {
    try {
      synchronized (store.unwrap(SQLiteConnection.class).getDatabase()) {
        work.run();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For thousands of histories without a crash: the store does not wait for the disk. */
  static World careless(Path directory) {
    return new World(directory, ExchangeLimits.DEFAULTS, 1L << 20, Duration.ZERO, true);
  }

  /** Runs what the event loop has to do until nothing is left and the store is idle. */
  void settle() {
    while (true) {
      Runnable task = tasks.poll();
      if (task != null) {
        task.run();
      } else if (!exchange.awaitIdle() && tasks.isEmpty()) {
        return;
      }
    }
  }

  /** Runs what the event loop has to do now, without waiting for the store. */
  void turn() {
    Queue<Runnable> due = new ArrayDeque<>();
    tasks.drainTo(due);
    due.forEach(Runnable::run);
  }

  void execute(Runnable task) {
    tasks.add(task);
  }

  void pass(Duration time) {
    settle();
    now = now.plus(time);
    exchange.tick();
    settle();
  }

  long nowMillis() {
    return now.toEpochMilli();
  }

  /** Stops in an orderly way and starts again from the same directory. */
  void restart() {
    settle();
    exchange.close();
    tasks.clear();
    store = store();
    exchange = create();
  }

  Client client(String id) {
    return new Client(this, new PrincipalId(id), id);
  }

  /** A client connected with a session that ends with its connection. */
  Client clean(String id) {
    return client(id).connect(true, 0);
  }

  /** A client connected with a session that outlives its connection. */
  Client persistent(String id) {
    return client(id).connect(false, FOREVER);
  }

  static Message message(String publisher, String topic, String payload, int qos, boolean retain) {
    return message(publisher, topic, payload, qos, retain, Message.NEVER);
  }

  static Message message(
      String publisher, String topic, String payload, int qos, boolean retain, long expiresAt) {
    return new Message(
        new PrincipalId(publisher),
        publisher,
        topic.getBytes(StandardCharsets.UTF_8),
        payload.getBytes(StandardCharsets.UTF_8),
        new byte[0],
        qos,
        retain,
        expiresAt);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
