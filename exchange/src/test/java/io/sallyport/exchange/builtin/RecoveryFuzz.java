package io.sallyport.exchange.builtin;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.ExchangeUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;

/** A store with anything in its rows is taken up again, or refused with what is wrong in it. */
class RecoveryFuzz {
  private static final int ROWS_MAX = 4;
  private static final String[] TABLES = {
    "session", "subscription", "inbound", "message", "delivery", "retained"
  };

  @FuzzTest
  void everyRowIsTakenUpOrRefused(FuzzedDataProvider data) throws IOException, SQLException {
    Path directory = Files.createTempDirectory("sallyport-recovery");
    try {
      var store = StoreFile.open(directory, 1 << 10);
      try {
        fill(store, data);
        start(store);
      } catch (SQLException e) {
        // What the schema does not take cannot stand in a store.
        store.close();
      }
    } finally {
      try (var files = Files.list(directory)) {
        for (var file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static void start(Connection store) throws SQLException {
    try {
      new BuiltInExchange(
              store, ExchangeLimits.DEFAULTS, (_, _, _) -> true, InstantSource.system(), 0)
          .close();
    } catch (ExchangeUnavailable e) {
      store.close();
      if (e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }

  private static void fill(Connection store, FuzzedDataProvider data) throws SQLException {
    try (var statement = store.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
    }
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
