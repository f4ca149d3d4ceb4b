package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.RegistryKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.RegistryCopy;
import io.sallyport.control.store.StoreUnavailable;
import java.io.IOException;

/** Moves the registry from the file in the data directory to PostgreSQL, while nothing runs. */
public final class RegistryMove {
  private final DataDirectory directory;
  private final Configuration target;

  /**
   * A move that has not begun.
   *
   * @param target names the database to move to
   */
  public RegistryMove(DataDirectory directory, Configuration target) {
    this.directory = directory;
    this.target = target;
  }

  /** Copies, checks, and remembers the new place; the ledger as it is there. */
  public LedgerStore.Verification run() {
    var place = new RegistryPlace(directory);
    var source = target.with(RegistryKeys.DATABASE_URL, "");
    if (place.isKnown(target)) {
      throw target.get(RegistryKeys.DATABASE_URL).isEmpty()
          ? Failure.badInput("name the PostgreSQL database, database.url, with --config")
          : Failure.refused("the registry of " + directory.root() + " is there already");
    }
    if (!directory.holdsDatabase()) {
      throw Failure.badInput("there is no registry " + directory.database());
    }
    place.require(source);
    try (var _ = directory.lock().acquiredBy();
        var from = Installation.database(directory, source);
        var to = Installation.database(directory, target)) {
      var verification = copied(from, to);
      place.remember(target);
      return verification;
    } catch (StoreUnavailable | IOException e) {
      throw Failure.unavailable("the registry cannot be moved: " + e.getMessage(), e);
    }
  }

  private LedgerStore.Verification copied(Database from, Database to) {
    return switch (RegistryCopy.copy(from, to)) {
      case COPIED, THERE_ALREADY -> new LedgerStore(to).verify();
      case OCCUPIED ->
          throw Failure.refused(
              "another registry is in "
                  + target.get(RegistryKeys.DATABASE_URL)
                  + "; give this one an empty database");
    };
  }
}
