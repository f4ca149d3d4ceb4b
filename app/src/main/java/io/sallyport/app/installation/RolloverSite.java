package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.rollover.RolloverRefused;
import io.sallyport.control.store.Database;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.AuthorityRollover;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.OfflineRoot;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.issuance.StoredAuthority;
import java.util.List;

/**
 * An installation as a command of a rollover works on it, also while servers run on the same
 * registry: they look each second.
 */
public final class RolloverSite implements AutoCloseable {
  /** Who acts: whoever may read {@code ca/} of this machine. */
  public static final String ACTOR = "system";

  private final DataDirectory directory;
  private final Configuration configuration;
  private final Machine machine;
  private final Passphrases passphrases;
  private final Database database;
  private final Rollover rollover;

  private RolloverSite(DataDirectory directory, Configuration configuration, Machine machine) {
    this.directory = directory;
    this.configuration = configuration;
    this.machine = machine;
    this.passphrases = new Passphrases(configuration, machine.environment(), directory);
    this.database = Installation.database(directory, configuration);
    this.rollover = new Rollover(database, machine.clock());
  }

  /** Opens the registry of an installation that there is. */
  public static RolloverSite open(
      DataDirectory directory, Configuration configuration, Machine machine) {
    new RegistryPlace(directory).require(configuration);
    if (!new AuthorityFiles(directory.authorities()).exist() || !directory.hasRegistry()) {
      throw Failure.badInput(
          "there is no installation in "
              + directory.root()
              + " yet; make one with `sallyport up`, or name it with --data");
    }
    return new RolloverSite(directory, configuration, machine);
  }

  /** Only where a key is made or used: to end the trust in a CA no token need be there. */
  private AuthorityFiles files() {
    var token = TokenHome.of(configuration, machine).orElse(null);
    return new AuthorityFiles(directory.authorities(), token);
  }

  /** What the registry says of it. */
  public Rollover rollover() {
    return rollover;
  }

  /** Makes something of the present authorities, for the registry to keep. */
  public interface Making {
    /** What is to be kept, the one that follows first. */
    List<StoredAuthority> by(AuthorityRollover maker, List<StoredAuthority> stored)
        throws AuthorityRefused, CeremonyRefused;
  }

  /** Makes it and keeps it, or leaves everything as it was. */
  public List<StoredAuthority> begin(Making making)
      throws AuthorityRefused, CeremonyRefused, RolloverRefused {
    var files = files();
    try (var passphrase = passphrases.existing();
        var keys = files.successorKeys(passphrase)) {
      var stored = rollover.stored();
      var authorities = files.load(passphrase);
      authorities.take(AuthorityFiles.line(authorities.line(), stored, keys));
      var maker = new AuthorityRollover(authorities, stored, keys, Serials.random());
      try {
        var made = making.by(maker, stored);
        rollover.begin(made, stored, ACTOR);
        return made;
      } catch (AuthorityRefused | CeremonyRefused | RolloverRefused e) {
        // Only after a clear no: whether a commit whose answer was lost holds, nobody knows here.
        maker.forget(rollover.stored());
        throw e;
      }
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  /** What a root that is off line is to certify. */
  public <T> T ask(java.util.function.Function<AuthorityRollover, T> question)
      throws AuthorityRefused {
    var files = files();
    try (var passphrase = passphrases.existing();
        var keys = files.successorKeys(passphrase)) {
      var stored = rollover.stored();
      var authorities = files.load(passphrase);
      authorities.take(AuthorityFiles.line(authorities.line(), stored, keys));
      return question.apply(new AuthorityRollover(authorities, stored, keys, Serials.random()));
    }
  }

  /** The root of {@code ca/} with its key. */
  public OfflineRoot root() throws AuthorityRefused {
    try (Passphrase passphrase = passphrases.existing()) {
      return files().root(passphrase);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
