package io.sallyport.exchange.builtin;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.exchange.ExchangeLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;

/** A store with anything in its rows is taken up again, or refused with what is wrong in it. */
class RecoveryFuzz {
  private static final int ROWS_MAX = 4;
  private static final String[] TABLES = {
    "session", "subscription", "inbound", "message", "delivery", "retained"
  };

  private static final Connection STORE = store();

  @FuzzTest
  void everyRowIsTakenUpOrRefused(FuzzedDataProvider data) throws SQLException {
    try (var statement = STORE.createStatement()) {
      statement.execute("BEGIN");
      try {
        fill(STORE, data);
        restore();
      } catch (SQLException | RuntimeException e) {
        // The exchange does not start, and says this. Nothing else may happen.
      } finally {
        statement.execute("ROLLBACK");
      }
    }
  }

  /** As at the start of an exchange, but for the journal, which would need a thread. */
  private static void restore() throws SQLException {
    Supplier<ExchangeLimits> limits = () -> ExchangeLimits.DEFAULTS;
    var counters = new Counters(() -> ExchangeLimits.DEFAULTS.totalQueueBytes());
    var journal = new Journal(new Database(STORE), 0);
    var facilities = new Facilities(limits, counters, journal, InstantSource.system());
    var recovery = new Recovery(STORE, facilities);
    var subscriptions = new Subscriptions();
    var retained = new RetainedMessages(limits);
    var router = new Router(subscriptions, retained, facilities, recovery.lastMessage());
    var sessions = new Sessions(router, subscriptions, facilities, (_, _, _) -> true, 0);
    recovery.restore(sessions, subscriptions, retained);
  }

  private static Connection store() {
    try {
      var directory = Files.createTempDirectory("sallyport-recovery");
      directory.toFile().deleteOnExit();
      directory.resolve("exchange.db").toFile().deleteOnExit();
      return StoreFile.open(directory, 1 << 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Connection store, FuzzedDataProvider data) throws SQLException {
    for (var table : TABLES) {
      for (int rows = data.consumeInt(0, ROWS_MAX); rows > 0; rows--) {
        row(store, table, data);
      }
    }
  }

  private static void row(Connection store, String table, FuzzedDataProvider data)
      throws SQLException {
    var names = new StringBuilder();
    var places = new StringBuilder();
    var types = new StringBuilder();
    try (var statement = store.createStatement();
        var columns = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (columns.next()) {
        var comma = types.isEmpty() ? "" : ", ";
        names.append(comma).append(columns.getString("name"));
        places.append(comma).append('?');
        types.append(columns.getString("type").charAt(0));
      }
    }
    try (var insert =
        store.prepareStatement(
            "INSERT OR IGNORE INTO " + table + " (" + names + ") VALUES (" + places + ")")) {
      for (int i = 0; i < types.length(); i++) {
        insert.setObject(i + 1, value(types.charAt(i), data));
      }
      insert.execute();
    }
  }

  private static Object value(char type, FuzzedDataProvider data) {
    return switch (type) {
      // Small numbers meet one another: a delivery refers to a session and to a message.
      case 'I' -> data.consumeBoolean() ? data.consumeInt(0, 3) : data.consumeLong();
      case 'T' -> data.consumeBoolean() ? "dev-1" : data.consumeString(12);
      default -> data.consumeBytes(12);
    };
  }
}
