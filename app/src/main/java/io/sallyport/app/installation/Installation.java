package io.sallyport.app.installation;

import io.sallyport.app.configuration.CommandKeys;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.JobKeys;
import io.sallyport.app.configuration.PkiKeys;
import io.sallyport.app.configuration.RegistryKeys;
import io.sallyport.app.configuration.RotationKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.configuration.ShadowKeys;
import io.sallyport.app.process.Machine;
import io.sallyport.app.process.Version;
import io.sallyport.app.process.Waiting;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.Control;
import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.issuance.token.Token;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What stands on disk, opened and held by this process: authorities, database, desk. */
public final class Installation implements AutoCloseable {
  private final DataDirectory directory;
  private final FileLock lock;
  private final Authorities authorities;
  private final Succession succession;
  private final Database database;
  private final Control control;
  private final Passphrases passphrases;
  private final @Nullable Token token;

  private Installation(
      DataDirectory directory,
      FileLock lock,
      Authorities authorities,
      Succession succession,
      Database database,
      Control control,
      Passphrases passphrases,
      @Nullable Token token) {
    this.passphrases = passphrases;
    this.token = token;
    this.directory = directory;
    this.lock = lock;
    this.authorities = authorities;
    this.succession = succession;
    this.database = database;
    this.control = control;
  }

  /** Opens what is there, and makes what is missing where that is asked for. */
  public static Installation open(
      DataDirectory directory, Configuration configuration, Machine machine, boolean create) {
    return open(directory, configuration, machine, create, _ -> {});
  }

  /**
   * The same.
   *
   * @param meanwhile what can be done with the authorities while the registry opens; on a thread of
   *     its own
   */
  public static Installation open(
      DataDirectory directory,
      Configuration configuration,
      Machine machine,
      boolean create,
      Consumer<Authorities> meanwhile) {
    if (!create && !new AuthorityFiles(directory.authorities()).exist()) {
      throw Failure.badInput(
          "there is no installation in "
              + directory.root()
              + "; make one with `sallyport ca init`, or name it with --data");
    }
    try {
      directory.prepare();
      var lock = directory.lock();
      try {
        var token = TokenHome.of(configuration, machine).orElse(null);
        return opened(directory, lock, token, configuration, machine, meanwhile);
      } catch (RuntimeException | IOException e) {
        lock.acquiredBy().close();
        throw e;
      }
    } catch (IOException e) {
      throw Failure.unavailable(directory.root() + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static Installation opened(
      DataDirectory directory,
      FileLock lock,
      @Nullable Token token,
      Configuration configuration,
      Machine machine,
      Consumer<Authorities> meanwhile)
      throws IOException {
    var authorityFiles = new AuthorityFiles(directory.authorities(), token);
    var place = new RegistryPlace(directory);
    place.require(configuration);
    // The slow things at once: deriving the key takes memory and time by intention.
    var unsealing =
        new FutureTask<>(() -> authorities(directory, authorityFiles, configuration, machine));
    var created = !authorityFiles.exist();
    Thread.ofPlatform()
        .name("unseal")
        .start(
            () -> {
              unsealing.run();
              if (unsealing.state() == Future.State.SUCCESS) {
                meanwhile.accept(unsealing.resultNow());
              }
            });
    var database = database(directory, configuration);
    try {
      var authorities = published(Waiting.forResult(unsealing), configuration);
      var passphrases = new Passphrases(configuration, machine.environment(), directory);
      var succession =
          new Succession(directory, authorityFiles, passphrases, authorities, configuration);
      succession.follow(new Rollover(database, machine.clock()));
      var control =
          Control.open(controlConfiguration(configuration), database, authorities, machine.clock());
      place.remember(configuration);
      var installation =
          new Installation(
              directory, lock, authorities, succession, database, control, passphrases, token);
      control.commands().sealWith(() -> installation.seal("commands"), token);
      if (created) {
        installation.record(
            machine, EventType.CA_CREATED, Map.of("root", Fingerprints.of(authorities.root())));
      }
      if (authorityFiles.wasInstalled()) {
        var facts = Map.of("root", Fingerprints.of(authorities.root()));
        installation.record(machine, EventType.CA_INSTALLED, facts);
        authorityFiles.forgetInstalled();
      }
      new LocalOperator(directory, machine.clock(), configuration).provide(control, authorities);
      return installation;
    } catch (RuntimeException | IOException e) {
      database.close();
      throw e;
    }
  }

  private static ControlConfiguration controlConfiguration(Configuration configuration) {
    var validity = configuration.get(RegistryKeys.DEVICE_VALIDITY);
    return new ControlConfiguration(
        configuration.get(ServerKeys.HTTPS_HOST),
        configuration.get(ServerKeys.HTTPS_PORT),
        validity,
        ControlConfiguration.defaults(Version.TEXT).operatorLifetime(),
        configuration.get(RegistryKeys.ATTESTATION_MAX_AGE),
        Version.TEXT,
        PkiKeys.settings(configuration),
        WeakKeyList.read(configuration.get(RegistryKeys.WEAK_KEY_LIST)),
        Provisioning.settings(configuration),
        ShadowKeys.settings(configuration),
        JobKeys.limits(configuration),
        CommandKeys.settings(configuration),
        RotationKeys.settings(configuration));
  }

  /** Certificates say where their revocation is published, if it is anywhere. */
  private static Authorities published(Authorities authorities, Configuration configuration) {
    var url = PkiKeys.url(configuration);
    return url == null ? authorities : authorities.publishedAt(url);
  }

  private static Authorities authorities(
      DataDirectory directory, AuthorityFiles files, Configuration configuration, Machine machine) {
    var passphrases = new Passphrases(configuration, machine.environment(), directory);
    try {
      if (files.exist()) {
        try (var passphrase = passphrases.existing()) {
          return files.load(passphrase);
        }
      }
      try (Passphrase passphrase = passphrases.forNew(machine::notice)) {
        return files.create(passphrase, Serials.random(), machine.clock().instant());
      }
    } catch (AuthorityRefused e) {
      throw Failure.badInput(directory.authorities() + ": " + e.getMessage());
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  /** The database that the configuration names, or the file in the directory. */
  static Database database(DataDirectory directory, Configuration configuration) {
    var url = configuration.get(RegistryKeys.DATABASE_URL);
    try {
      if (url.isEmpty()) {
        return Database.open("jdbc:sqlite:" + ownerOnly(directory.database()), null, null);
      }
      if (!url.startsWith("jdbc:postgresql:") || url.contains("password=")) {
        throw Failure.badInput(
            "database.url must begin with jdbc:postgresql: and hold no password;"
                + " name a file with database.password-file");
      }
      var user = configuration.get(RegistryKeys.DATABASE_USER);
      return Database.open(url, user.isEmpty() ? null : user, databasePassword(configuration));
    } catch (StoreUnavailable | UncheckedIOException e) {
      throw Failure.unavailable("the database cannot be opened: " + e.getMessage(), e);
    }
  }

  private static @Nullable String databasePassword(Configuration configuration) {
    var file = configuration.get(RegistryKeys.DATABASE_PASSWORD_FILE);
    if (file.isEmpty()) {
      return null;
    }
    try (var password = Passphrases.read(Path.of(file))) {
      var utf8 = password.utf8();
      try {
        return new String(utf8, java.nio.charset.StandardCharsets.UTF_8);
      } finally {
        Arrays.fill(utf8, (byte) 0);
      }
    }
  }

  /** Makes the file before the database library would, with a mode of ours. */
  private static Path ownerOnly(Path file) {
    try {
      if (!Files.exists(file)) {
        DataDirectory.replace(file, new byte[0]);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes one event of a command, also while a server runs on the same data. */
  public static void recordBeside(
      DataDirectory directory,
      Configuration configuration,
      Machine machine,
      EventType type,
      Map<String, String> facts) {
    try (var database = database(directory, configuration)) {
      new LedgerStore(database).append(List.of(event(machine, type, facts)));
    }
  }

  private static SecurityEvent event(Machine machine, EventType type, Map<String, String> facts) {
    return SecurityEvent.of(machine.clock().instant(), type, "system", "installation", facts);
  }

  /** Writes one event of the process itself, at once. */
  public void record(Machine machine, EventType type, Map<String, String> facts) {
    new LedgerStore(database).append(List.of(event(machine, type, facts)));
  }

  public DataDirectory directory() {
    return directory;
  }

  public Authorities authorities() {
    return authorities;
  }

  /** Whether authorities are in force that are not those of {@code ca/}. */
  public boolean hasSuccessors() {
    return succession.hasSuccessors();
  }

  /**
   * Takes the authorities that the registry holds, if they are others than before.
   *
   * @return whether they are
   */
  public boolean followAuthorities() {
    return succession.follow(control.rollover());
  }

  /**
   * Takes of it whom to trust and whom not any more, when keys cannot be opened now.
   *
   * @return whether that is others than before
   */
  public boolean followTrust() {
    return succession.followTrust(control.rollover());
  }

  /** Gives the operator of this machine the roots that are trusted now. */
  public void renewAnchors() {
    LocalOperator.renewAnchors(directory, authorities);
  }

  /** The token that signs; null where keys live in files. */
  public @Nullable Token token() {
    return token;
  }

  public Control control() {
    return control;
  }

  /** What seals secrets that installations with the same authorities share, for one purpose. */
  public Seal seal(String purpose) {
    try (var passphrase = passphrases.existing()) {
      return new AuthorityFiles(directory.authorities(), token).seal(passphrase, purpose);
    } catch (AuthorityRefused e) {
      throw Failure.badInput(directory.authorities() + ": " + e.getMessage());
    }
  }

  public boolean rootKeyPresent() {
    return new AuthorityFiles(directory.authorities()).rootKeyPresent();
  }

  @Override
  public void close() {
    control.close();
    database.close();
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
