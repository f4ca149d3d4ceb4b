package io.sallyport.control.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A connection to PostgreSQL outside of the pool: it hears notifications, holds advisory locks, and
 * gives up on a silent database soon. Used by one thread.
 */
public final class Subscription implements AutoCloseable {
  private final Connection connection;
  private final PGConnection notifying;
  private final Handle handle;

  private Subscription(Connection connection) throws SQLException {
    this.connection = connection;
    notifying = connection.unwrap(PGConnection.class);
    handle = Jdbi.open(connection);
  }

  /** What somebody told on a channel. */
  public record Notice(String channel, String text) {}

  /**
   * Connects and listens.
   *
   * @param silenceMax how long the database may take for anything, in whole seconds at least 1
   */
  static Subscription open(
      String jdbcUrl,
      @Nullable String user,
      @Nullable String password,
      Duration silenceMax,
      List<String> channels) {
    var seconds = Long.toString(Math.max(1, silenceMax.toSeconds()));
    var properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "sallyport-feed");
    properties.setProperty("connectTimeout", seconds);
    properties.setProperty("loginTimeout", seconds);
    properties.setProperty("socketTimeout", seconds);
    properties.setProperty("tcpKeepAlive", "true");
    @Nullable Connection connection = null;
    try {
      connection = DriverManager.getConnection(jdbcUrl, properties);
      try (var statement = connection.createStatement()) {
        for (var channel : channels) {
          statement.execute("listen " + channel);
        }
      }
      return new Subscription(connection);
    } catch (SQLException e) {
      abort(connection);
      throw unavailable(e);
    }
  }

  /** Reads and writes in one transaction. */
  public <T extends @Nullable Object> T transact(Function<Handle, T> work) {
    try {
      return handle.inTransaction(work::apply);
    } catch (JdbiException e) {
      throw unavailable(e);
    }
  }

  /** Waits for notifications, no longer than that; those that came. */
  public List<Notice> await(Duration max) {
    try {
      // 0 would wait for ever.
      var heard = notifying.getNotifications((int) Math.max(1, max.toMillis()));
      var notices = new ArrayList<Notice>();
      if (heard != null) {
        for (var one : heard) {
          notices.add(new Notice(one.getName(), one.getParameter()));
        }
      }
      return notices;
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Breaks it off from another thread: whoever waits on it gets an exception. */
  public void abort() {
    abort(connection);
  }

  private static void abort(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is broken already.
      }
    }
  }

  private static StoreUnavailable unavailable(Exception e) {
    return new StoreUnavailable("the database does not answer: " + e.getMessage(), e);
  }

  /** Ends it without a word: a database that hangs must not hold us up. */
  @Override
  public void close() {
    abort();
  }
}
