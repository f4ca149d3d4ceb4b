package io.sallyport.control.store;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this program, and refuses one of a newer program. */
final class Schema {
  /** The number of the newest file in {@code schema/} or {@code dialect/}. */
  static final String VERSION = "22";

  private static final String FOLDER = "classpath:io/sallyport/control/store/";

  private Schema() {}

  static void migrate(DataSource database) {
    // Flyway costs most of a quick start; it is loaded only when there is something to do.
    if (!isCurrent(database)) {
      Flyway.configure()
          .dataSource(database)
          .locations(FOLDER + "schema", FOLDER + "dialect/" + dialect(database))
          // Without a pattern even a migration from the future is refused.
          .ignoreMigrationPatterns(new String[0])
          .failOnMissingLocations(true)
          .cleanDisabled(true)
          .load()
          .migrate();
    }
  }

  private static String dialect(DataSource database) {
    try (var connection = database.getConnection()) {
      return connection.getMetaData().getURL().startsWith("jdbc:sqlite:") ? "sqlite" : "postgresql";
    } catch (SQLException e) {
      throw new StoreUnavailable("the database could not be reached", e);
    }
  }

  private static boolean isCurrent(DataSource database) {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select version, success from flyway_schema_history"
                    + " order by installed_rank desc limit 1")) {
      return rows.next() && VERSION.equals(rows.getString(1)) && rows.getBoolean(2);
    } catch (SQLException e) {
      // No such table yet; what is really broken will break below, and then say so.
      return false;
    }
  }
}
