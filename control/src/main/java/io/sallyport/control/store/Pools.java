package io.sallyport.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** The connections to either kind of database, bounded and set for durability. */
final class Pools {
  // Bound: how long a request waits for a connection before it is told that the store is busy.
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);
  private static final Duration SQLITE_BUSY_MAX = Duration.ofSeconds(5);
  private static final int SQLITE_READERS = 4;
  private static final int POSTGRESQL_CONNECTIONS = 8;

  private Pools() {}

  /** Writers of SQLite wait for each other here, so none of them ever finds the file locked. */
  static HikariDataSource forSqliteWriter(String jdbcUrl) {
    var config = pool("sallyport-writer", 1);
    config.setDataSource(sqliteWriter(jdbcUrl));
    return new HikariDataSource(config);
  }

  static HikariDataSource forSqliteReaders(String jdbcUrl) {
    var config = pool("sallyport-readers", SQLITE_READERS);
    config.setDataSource(sqlite(jdbcUrl, TransactionMode.DEFERRED));
    config.setConnectionInitSql("pragma query_only = 1");
    return new HikariDataSource(config);
  }

  static HikariDataSource forPostgresql(
      String jdbcUrl, @Nullable String user, @Nullable String password) {
    var config = pool("sallyport", POSTGRESQL_CONNECTIONS);
    config.setJdbcUrl(jdbcUrl);
    if (user != null) {
      config.setUsername(user);
    }
    if (password != null) {
      config.setPassword(password);
    }
    config.addDataSourceProperty("ApplicationName", "sallyport");
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", "60");
    return new HikariDataSource(config);
  }

  /** A transaction takes the write lock at its beginning: upgrading a read lock could fail. */
  static DataSource sqliteWriter(String jdbcUrl) {
    return sqlite(jdbcUrl, TransactionMode.IMMEDIATE);
  }

  private static DataSource sqlite(String jdbcUrl, TransactionMode mode) {
    var config = new SQLiteConfig();
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.FULL);
    config.setBusyTimeout((int) SQLITE_BUSY_MAX.toMillis());
    config.enforceForeignKeys(true);
    config.setTransactionMode(mode);
    var source = new SQLiteDataSource(config);
    source.setUrl(jdbcUrl);
    return source;
  }

  private static HikariConfig pool(String name, int connections) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(WAIT_MAX.toMillis());
    return config;
  }
}
