package io.sallyport.control.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * The registry's database, migrated and ready: an SQLite file, or PostgreSQL when several processes
 * share it. A write is one transaction and durable when it returns.
 */
public final class Database implements AutoCloseable {
  // Bound: how often a write is begun anew when PostgreSQL ended it in favour of another.
  private static final int ATTEMPTS_MAX = 5;

  // serialization_failure and deadlock_detected: nothing happened, and trying again is the cure.
  private static final Set<String> TRANSIENT = Set.of("40001", "40P01");

  private final HikariDataSource writerPool;
  private final HikariDataSource readerPool;
  private final Jdbi writer;
  private final Jdbi reader;

  private Database(HikariDataSource writerPool, HikariDataSource readerPool) {
    this.writerPool = writerPool;
    this.readerPool = readerPool;
    writer = Jdbi.create(writerPool);
    reader = writerPool.equals(readerPool) ? writer : Jdbi.create(readerPool);
  }

  /**
   * Opens and, if need be, creates or upgrades it.
   *
   * @param jdbcUrl {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://HOST/NAME}
   */
  public static Database open(String jdbcUrl, @Nullable String user, @Nullable String password) {
    try {
      return jdbcUrl.startsWith("jdbc:sqlite:")
          ? openSqlite(jdbcUrl)
          : openPostgresql(jdbcUrl, user, password);
    } catch (RuntimeException e) {
      throw new StoreUnavailable("the database cannot be opened: " + rootMessage(e), e);
    }
  }

  private static Database openSqlite(String jdbcUrl) {
    Schema.migrate(Pools.sqliteWriter(jdbcUrl));
    var writerPool = Pools.forSqliteWriter(jdbcUrl);
    return new Database(writerPool, Pools.forSqliteReaders(jdbcUrl));
  }

  private static Database openPostgresql(
      String jdbcUrl, @Nullable String user, @Nullable String password) {
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new StoreUnavailable("a database URL begins with jdbc:sqlite: or jdbc:postgresql:");
    }
    var pool = Pools.forPostgresql(jdbcUrl, user, password);
    try {
      Schema.migrate(pool);
      return new Database(pool, pool);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** Whether other processes may write to it at this moment. */
  public boolean isShared() {
    return writerPool.equals(readerPool);
  }

  /**
   * SQL for the text of one member of a JSON object in a text column; null where it has none.
   *
   * @param name SQL for the member's name
   */
  public String jsonMember(String column, String name) {
    return isShared()
        ? "(" + column + "::json ->> " + name + ")"
        : "json_extract(" + column + ", '$.' || json_quote(" + name + "))";
  }

  /**
   * A connection of its own to a shared database that hears what is told on these channels.
   *
   * @param silenceMax how long the database may take for anything
   */
  public Subscription subscribe(Duration silenceMax, List<String> channels) {
    if (!isShared()) {
      throw new IllegalStateException("nobody else writes to this database");
    }
    return Subscription.open(
        writerPool.getJdbcUrl(),
        writerPool.getUsername(),
        writerPool.getPassword(),
        silenceMax,
        channels);
  }

  /** Reads from one consistent state. */
  public <T extends @Nullable Object> T read(Function<Handle, T> work) {
    try {
      return reader.inTransaction(
          handle -> {
            if (isShared()) {
              // Otherwise PostgreSQL would show each statement what was committed before it.
              handle.execute("set transaction isolation level repeatable read, read only");
            }
            return work.apply(handle);
          });
    } catch (JdbiException e) {
      throw new StoreUnavailable("the database could not be read: " + rootMessage(e), e);
    }
  }

  /**
   * Writes in one transaction: all of it, or after an exception nothing.
   *
   * @param work may run more than once, so it has no effect but on the handle
   */
  public <T extends @Nullable Object> T write(Function<Handle, T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return writer.inTransaction(work::apply);
      } catch (JdbiException e) {
        if (attempt == ATTEMPTS_MAX || !isTransient(e)) {
          throw new StoreUnavailable("the database could not be written: " + rootMessage(e), e);
        }
      }
    }
  }

  /** As {@link #write} for work without a result. */
  public void change(Consumer<Handle> work) {
    write(
        handle -> {
          work.accept(handle);
          return true;
        });
  }

  @Override
  public void close() {
    readerPool.close();
    writerPool.close();
  }

  private static boolean isTransient(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && TRANSIENT.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String rootMessage(Throwable e) {
    var cause = e;
    for (var deeper = e.getCause(); deeper != null; deeper = deeper.getCause()) {
      cause = deeper;
    }
    return cause.getMessage();
  }
}
