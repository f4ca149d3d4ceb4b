package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.ledger.EventType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the root's key off line: a server needs it only to make a new issuing authority. */
public final class RootKeySafe {
  static final String VARIABLE = "SALLYPORT_EXPORT_PASSPHRASE";

  private final DataDirectory directory;
  private final Configuration configuration;
  private final AuthorityFiles files;
  private final Machine machine;

  public RootKeySafe(
      DataDirectory directory, Configuration configuration, AuthorityFiles files, Machine machine) {
    this.directory = directory;
    this.configuration = configuration;
    this.files = files;
    this.machine = machine;
  }

  /** Writes the key, encrypted, into a new file of the owner alone. */
  public void export(@Nullable Path out, @Nullable Path passphraseFile) throws AuthorityRefused {
    if (out == null) {
      throw Failure.badInput("--root-key needs --out FILE: a key is not printed to a terminal");
    }
    if (Files.exists(out)) {
      throw Failure.badInput(out + " exists already");
    }
    var passphrases = new Passphrases(configuration, machine.environment(), directory);
    try (var sealing = passphrases.existing();
        var exported = passphraseOfExport(passphraseFile)) {
      var pem = files.exportRootKey(sealing, exported);
      DataDirectory.replace(out.toAbsolutePath(), pem.getBytes(StandardCharsets.US_ASCII));
      files.noteRootKeyExported(machine.clock().instant());
    } catch (IOException e) {
      throw Failure.unavailable(out + " cannot be written: " + e.getMessage(), e);
    }
    machine.notice(
        "the root key is in "
            + out
            + ", encrypted; put it away, then run `sallyport ca export --forget`");
  }

  private Passphrase passphraseOfExport(@Nullable Path file) {
    return Passphrases.given(
        file, machine.environment(), VARIABLE, "the exported key needs a passphrase of its own");
  }

  /** Refuses to begin what could not be recorded in the registry that there is. */
  public void requireLedger() {
    new RegistryPlace(directory).require(configuration);
    if (!directory.hasRegistry()) {
      throw Failure.badInput(
          "there is no registry of " + directory.root() + " yet; make one with `sallyport up`");
    }
  }

  /** In the same ledger as everything else, also while a server runs on it. */
  public void record(EventType type, Map<String, String> facts) {
    Installation.recordBeside(directory, configuration, machine, type, facts);
  }
}
