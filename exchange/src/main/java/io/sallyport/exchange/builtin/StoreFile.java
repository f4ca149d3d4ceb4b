package io.sallyport.exchange.builtin;

import io.sallyport.exchange.ExchangeUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Opens the store's file, or refuses it: somebody else's, damaged, of a newer version, in use. */
final class StoreFile {
  /** "Sxch", so that another program's database is recognized. */
  private static final int APPLICATION_ID = 0x53786368;

  private static final int VERSION = 1;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE session (
            id INTEGER PRIMARY KEY, principal TEXT NOT NULL, client_id TEXT NOT NULL,
            expiry_seconds INTEGER NOT NULL, away_since INTEGER, will_delay INTEGER,
            will_lifetime INTEGER, will_topic BLOB, will_payload BLOB, will_properties BLOB,
            will_qos INTEGER, will_retain INTEGER) STRICT\
          """,
          """
          CREATE TABLE subscription (
            session INTEGER NOT NULL, filter TEXT NOT NULL, maximum_qos INTEGER NOT NULL,
            no_local INTEGER NOT NULL, retain_as_published INTEGER NOT NULL,
            retain_handling INTEGER NOT NULL, identifier INTEGER NOT NULL,
            PRIMARY KEY (session, filter)) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE message (
            id INTEGER PRIMARY KEY, publisher TEXT NOT NULL, client_id TEXT NOT NULL,
            topic BLOB NOT NULL, payload BLOB NOT NULL, properties BLOB NOT NULL,
            qos INTEGER NOT NULL, retain INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT\
          """,
          """
          CREATE TABLE delivery (
            session INTEGER NOT NULL, sequence INTEGER NOT NULL, message INTEGER NOT NULL,
            qos INTEGER NOT NULL, retain INTEGER NOT NULL, identifiers BLOB,
            packet_id INTEGER NOT NULL, released INTEGER NOT NULL,
            PRIMARY KEY (session, sequence)) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE inbound (
            session INTEGER NOT NULL, packet_id INTEGER NOT NULL,
            PRIMARY KEY (session, packet_id)) STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE retained (
            topic BLOB PRIMARY KEY, publisher TEXT NOT NULL, client_id TEXT NOT NULL,
            payload BLOB NOT NULL, properties BLOB NOT NULL, qos INTEGER NOT NULL,
            expires_at INTEGER NOT NULL) STRICT\
          """);

  private StoreFile() {}

  /**
   * Opens the store in a directory, which is made if it is not there.
   *
   * @param pagesMax bound: pages of 4 KiB that the file may have
   */
  static Connection open(Path directory, long pagesMax) {
    Path file = directory.resolve("exchange.db");
    try {
      prepare(directory, file);
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try {
        initialize(connection, file, pagesMax);
        return connection;
      } catch (SQLException | ExchangeUnavailable e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new ExchangeUnavailable(
          "the exchange's store cannot be used: " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ExchangeUnavailable("the exchange's store cannot be created: " + file, e);
    }
  }

  private static void prepare(Path directory, Path file) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (Files.notExists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private static void initialize(Connection connection, Path file, long pagesMax)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      // One process alone, which also keeps the WAL's index out of shared memory.
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      long application = number(statement, "PRAGMA application_id");
      long version = number(statement, "PRAGMA user_version");
      boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
      if (!empty || application != 0) {
        check(statement, file, application, version);
      }
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA journal_size_limit = 67108864");
      statement.execute("PRAGMA max_page_count = " + pagesMax);
      statement.execute("BEGIN EXCLUSIVE");
      if (empty) {
        for (String table : SCHEMA) {
          statement.execute(table);
        }
        statement.execute("PRAGMA application_id = " + APPLICATION_ID);
        statement.execute("PRAGMA user_version = " + VERSION);
      }
      statement.execute("COMMIT");
    }
  }

  private static void check(Statement statement, Path file, long application, long version)
      throws SQLException {
    if (application != APPLICATION_ID) {
      throw new ExchangeUnavailable("this is not a store of the exchange: " + file, null);
    }
    if (version != VERSION) {
      throw new ExchangeUnavailable(
          "the store is of version " + version + ", this is for version " + VERSION + ": " + file,
          null);
    }
    try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!result.next() || !result.getString(1).equals("ok")) {
        throw new ExchangeUnavailable("the exchange's store is damaged: " + file, null);
      }
    }
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
