package io.sallyport.app.command;

import io.sallyport.app.installation.Passphrases;
import io.sallyport.app.installation.RootKeySafe;
import io.sallyport.app.installation.TokenHome;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.ledger.EventType;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ca promote-backup}. */
@Command(
    name = "promote-backup",
    description = {
      "Put the backup in the place of the server's key, for good: when that was lost or stolen.",
      "",
      "Devices with pins know the backup already. A new backup is made, which new bundles name; a"
          + " server that runs shows the promoted key after its next start."
    },
    footer = {"", "Example: sallyport ca promote-backup --yes"})
final class PromoteBackup implements Callable<Integer> {
  private final Machine machine;
  @Mixin private Place place = new Place();

  @Option(names = "--yes", description = "Do it: the key there is now is destroyed.")
  private boolean yes;

  PromoteBackup(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    if (!yes) {
      throw Failure.badInput("the server's key would be destroyed; say that you want it: --yes");
    }
    var directory = place.directory();
    var configuration = place.configuration();
    var token = TokenHome.of(configuration, machine).orElse(null);
    var files = new AuthorityFiles(directory.authorities(), token);
    var safe = new RootKeySafe(directory, configuration, files, machine);
    safe.requireLedger();
    try (var passphrase =
        new Passphrases(configuration, machine.environment(), directory).existing()) {
      var keys = files.promoteBackupKey(passphrase);
      var facts =
          Map.of(
              "server", PublicKeyHash.of(keys.publicKey()).pin(),
              "backup", PublicKeyHash.of(keys.backup()).pin());
      safe.record(EventType.SERVER_KEY_PROMOTED, facts);
      machine.terminal().line("server   " + facts.get("server"));
      machine.terminal().line("backup   " + facts.get("backup"));
      machine.notice("restart the server to show it: every gateway, with the same ca/");
    } catch (AuthorityRefused e) {
      throw Failure.badInput(directory.authorities() + ": " + e.getMessage());
    }
    return 0;
  }
}
