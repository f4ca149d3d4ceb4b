package io.sallyport.control;

import io.sallyport.control.store.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** The two databases that everything must hold on, both real. */
public enum TestDatabase {
  SQLITE {
    @Override
    public String freshUrl() {
      try {
        return sqliteUrl(Files.createTempDirectory("sallyport-test").resolve("sallyport.db"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  POSTGRESQL {
    @Override
    public String freshUrl() {
      var name = "test" + COUNT.incrementAndGet();
      try (var connection = Postgres.SERVER.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        // As in production: of some language, whose order of letters is not that of bytes.
        statement.execute(
            "create database "
                + name
                + " template template0 locale_provider icu icu_locale 'en-US'");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return Postgres.SERVER.getJdbcUrl("postgres", name);
    }
  };

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Where an empty database is. */
  public abstract String freshUrl();

  /** An empty database, migrated. */
  public Database fresh() {
    return Database.open(freshUrl(), null, null);
  }

  /** The URL of a file. */
  public static String sqliteUrl(Path file) {
    return "jdbc:sqlite:" + file;
  }

  /** One server for all tests of the module, started when first asked for. */
  private static final class Postgres {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        var server = EmbeddedPostgres.builder().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
