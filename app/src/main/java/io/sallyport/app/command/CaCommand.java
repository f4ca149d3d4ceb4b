package io.sallyport.app.command;

import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.installation.Installation;
import io.sallyport.app.installation.RolloverSite;
import io.sallyport.app.installation.RootKeySafe;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.command.CrlCommand;
import io.sallyport.cli.command.PinsCommand;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.LocalServer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.ledger.EventType;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sallyport ca …}: the authorities of this installation, worked on where they lie. */
@Command(name = "ca", description = "Make, show and safeguard the certificate authorities.")
public final class CaCommand {
  private CaCommand() {}

  public static picocli.CommandLine line(
      Machine machine, Surroundings surroundings, LocalServer local) {
    return new picocli.CommandLine(new CaCommand())
        .addSubcommand(new Init(machine))
        .addSubcommand(new Show(machine))
        .addSubcommand(new CaKeys(machine))
        .addSubcommand(CaCeremony.line(machine))
        .addSubcommand(new CaRequest(machine))
        .addSubcommand(new CaInstall(machine))
        .addSubcommand(CaRollover.line(machine))
        .addSubcommand(new CaLint(machine.terminal()))
        .addSubcommand(new Export(machine))
        .addSubcommand(new CrlCommand(surroundings, new Connection(surroundings, local)))
        .addSubcommand(new PinsCommand(surroundings, new Connection(surroundings, local)))
        .addSubcommand(new PromoteBackup(machine));
  }

  static Failure refusal(AuthorityRefused e) {
    var message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case NOT_EXPORTED ->
          Failure.refused(message + "; export it first with --root-key, or insist with --force");
      case ROOT_KEY_ABSENT, ALREADY_EXISTS -> Failure.refused(message);
      case MISSING -> Failure.badInput(message + "; make authorities with `sallyport ca init`");
      case UNSAFE_MODE,
          SEAL_BROKEN,
          BROKEN_CHAIN,
          KEY_MISMATCH,
          KEYS_IN_TOKEN,
          KEYS_IN_FILES,
          NOT_OURS ->
          Failure.badInput(message);
    };
  }

  /** Makes root, issuing authorities, registry and the first operator. */
  @Command(
      name = "init",
      description = "Make a root, two issuing CAs below it, and the first operator.",
      footer = {
        "",
        "Example: sallyport ca init --data /var/lib/sallyport",
        "Example: sallyport ca init --keys pkcs11 --config sallyport.yaml"
      })
  static final class Init implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    @Option(
        names = "--keys",
        paramLabel = "HOME",
        description = "Where keys live: file or pkcs11, as pki.keys in the configuration says.")
    private @Nullable String keys;

    Init(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      var directory = place.directory();
      var configuration = KeysOption.applied(place.configuration(), keys);
      if (new AuthorityFiles(directory.authorities()).exist()) {
        throw Failure.refused(
            "there is an installation in "
                + directory.root()
                + " already; see `sallyport ca show`");
      }
      try (var made = Installation.open(directory, configuration, machine, true)) {
        machine.terminal().line("root     " + Fingerprints.of(made.authorities().root()));
        machine.terminal().line("data     " + directory.root());
        machine.terminal().line("operator " + directory.operator());
        machine.notice(
            "next: keep the root key off line with `sallyport ca export --root-key --out FILE`"
                + " and `--forget`, then `sallyport up`");
      }
      return 0;
    }
  }

  /** Prints what the authorities are; needs no passphrase. */
  @Command(
      name = "show",
      description = "Show the root's fingerprint and the certificates of the authorities.",
      footer = {"", "Example: sallyport ca show --json"})
  static final class Show implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Show(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      var files = new AuthorityFiles(place.directory().authorities());
      try {
        var report = new AuthorityReport(files.certificates(), files.rootKeyPresent());
        if (json) {
          report.json(machine.terminal());
        } else {
          report.table(machine.terminal());
        }
      } catch (AuthorityRefused e) {
        throw refusal(e);
      }
      return 0;
    }
  }

  /** Hands out the root certificate, or the root key for a safe place. */
  @Command(
      name = "export",
      description =
          "Print the certificates of the roots that are trusted; or write the root key, encrypted,"
              + " to be kept off line, and then forget it here.",
      footer = {
        "",
        "Example: sallyport ca export > ca.crt",
        "Example: sallyport ca export --root-key --out root.pem --passphrase-file secret.txt",
        "Example: sallyport ca export --forget"
      })
  static final class Export implements Callable<Integer> {
    private final Machine machine;
    @Mixin private Place place = new Place();

    /** Those that are trusted now; two while one follows another. */
    private List<X509Certificate> roots(DataDirectory directory, AuthorityFiles files)
        throws AuthorityRefused {
      if (!directory.hasRegistry()) {
        return files.roots(List.of());
      }
      try (var site = RolloverSite.open(directory, place.configuration(), machine)) {
        return files.roots(site.rollover().stored());
      }
    }

    @Option(names = "--root-key", description = "The root's private key, as encrypted PKCS#8.")
    private boolean rootKey;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to; must not exist yet.")
    private @Nullable Path out;

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The passphrase of the exported key (else $$SALLYPORT_EXPORT_PASSPHRASE).")
    private @Nullable Path passphraseFile;

    @Option(names = "--forget", description = "Delete the root key here; it must be exported.")
    private boolean forget;

    @Option(names = "--force", description = "Forget it although it was never exported.")
    private boolean force;

    Export(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      var directory = place.directory();
      var files = new AuthorityFiles(directory.authorities());
      try {
        if (!rootKey && !forget) {
          machine.terminal().out().print(Pem.of(roots(directory, files)));
          return 0;
        }
        var safe = new RootKeySafe(directory, place.configuration(), files, machine);
        safe.requireLedger();
        if (rootKey) {
          safe.export(out, passphraseFile);
          safe.record(EventType.CA_KEY_EXPORTED, Map.of());
        }
        if (forget) {
          files.forgetRootKey(force);
          safe.record(EventType.CA_KEY_FORGOTTEN, Map.of());
          machine.notice("the root key is gone from " + directory.authorities());
        }
        return 0;
      } catch (AuthorityRefused e) {
        throw refusal(e);
      }
    }
  }
}
