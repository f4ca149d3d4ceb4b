package io.sallyport.exchange.upstream;

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

/** Opens the file in which the footprints are kept, or refuses it: damaged, newer, in use. */
final class FootprintFile {
  static final String NAME = "upstream.db";

  /** "Sxup", so that another program's database is recognized. */
  private static final int APPLICATION_ID = 0x53787570;

  private static final int VERSION = 1;

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE session (
            client_id TEXT PRIMARY KEY, principal TEXT NOT NULL, expiry_seconds INTEGER NOT NULL)
            STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE subscription (
            client_id TEXT NOT NULL, filter TEXT NOT NULL, PRIMARY KEY (client_id, filter))
            STRICT, WITHOUT ROWID\
          """,
          """
          CREATE TABLE retained (topic TEXT PRIMARY KEY, principal TEXT NOT NULL)
            STRICT, WITHOUT ROWID\
          """,
          "CREATE TABLE ending (principal TEXT PRIMARY KEY) STRICT, WITHOUT ROWID");

  private FootprintFile() {}

  /** Opens the file in a directory, which is made if it is not there. */
  static Connection open(Path directory) {
    Path file = directory.resolve(NAME);
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (Files.notExists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try {
        initialize(connection, file);
        return connection;
      } catch (SQLException | ExchangeUnavailable e) {
        connection.close();
        throw e;
      }
    } catch (SQLException | IOException e) {
      throw new ExchangeUnavailable(
          "the exchange's store cannot be used: " + file + ": " + e.getMessage(), e);
    }
  }

  private static void initialize(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      statement.execute("PRAGMA locking_mode = EXCLUSIVE");
      long application = number(statement, "PRAGMA application_id");
      boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
      if (!empty || application != 0) {
        check(statement, file, application);
      }
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
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
    connection.setAutoCommit(false);
  }

  private static void check(Statement statement, Path file, long application) throws SQLException {
    long version = number(statement, "PRAGMA user_version");
    if (application != APPLICATION_ID || version != VERSION) {
      throw new ExchangeUnavailable("this is not a store of this version's: " + file, null);
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
