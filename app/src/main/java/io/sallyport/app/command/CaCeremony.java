package io.sallyport.app.command;

import io.sallyport.app.installation.DataDirectory;
import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.installation.Passphrases;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.AuthorityRequest;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.OfflineRoot;
import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.Serials;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ca ceremony …}: the off-line half, on a machine that is on no network. */
@Command(
    name = "ceremony",
    description = "Make a root off line and certify issuing CAs; alone it prints the procedure.",
    footer = {"", "Example: sallyport ca ceremony"})
final class CaCeremony implements Callable<Integer> {
  private static final String TRANSCRIPT = "transcript.txt";
  private static final String VARIABLE = "SALLYPORT_ROOT_PASSPHRASE";

  private static final String PROCEDURE =
      """
      The root ceremony (docs/root-ceremony.md has roles and checklist)
       off line  1  sallyport ca ceremony root --out root/ --passphrase-file secret.txt
       on line   2  sallyport ca request --out requests/
       carry     3  requests/*.csr to the off-line machine; read the keys' fingerprints aloud
       off line  4  sallyport ca ceremony sign requests/*.csr --root root/ --out certificates/
       carry     5  certificates/ to the on-line machine; read the root's fingerprint aloud
       on line   6  sallyport ca install --root certificates/root.crt \\
                      certificates/devices.crt certificates/servers.crt
       on line   7  sallyport up
       off line  8  put root/ away, twice, apart from its passphrase; keep transcript.txt
      """;

  private final Machine machine;

  private CaCeremony(Machine machine) {
    this.machine = machine;
  }

  static picocli.CommandLine line(Machine machine) {
    return new picocli.CommandLine(new CaCeremony(machine))
        .addSubcommand(new Root(machine))
        .addSubcommand(new Sign(machine))
        .addSubcommand(new CeremonyLink(machine));
  }

  @Override
  public Integer call() {
    machine.terminal().out().print(PROCEDURE);
    return 0;
  }

  static Passphrase passphrase(Machine machine, @Nullable Path file) {
    return Passphrases.given(
        file, machine.environment(), VARIABLE, "the root's key needs a passphrase");
  }

  /** Says it, and writes it where it is kept. */
  static void note(Machine machine, Path directory, List<String> lines) {
    lines.forEach(machine.terminal()::line);
    var file = directory.resolve(TRANSCRIPT);
    try {
      var before = Files.exists(file) ? Files.readString(file) : "";
      var whole = before + String.join("\n", lines) + "\n";
      DataDirectory.replace(file, whole.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be written", e);
    }
  }

  /** Makes the root. */
  @Command(
      name = "root",
      description = {
        "Make a root: P-384, 20 years, its key encrypted by a passphrase as openssl reads it.",
        "",
        "On a machine that is on no network. The transcript has the fingerprint that every other"
            + " machine is compared with, aloud."
      },
      footer = {"", "Example: sallyport ca ceremony root --out root/ --passphrase-file secret.txt"})
  static final class Root implements Callable<Integer> {
    private final Machine machine;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Where the root goes; must not exist yet.")
    private Path out = Path.of("root");

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The passphrase of its key (else $$SALLYPORT_ROOT_PASSPHRASE).")
    private @Nullable Path passphraseFile;

    Root(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      try (var secret = passphrase(machine, passphraseFile)) {
        var now = machine.clock().instant();
        var root = OfflineRoot.create(out, secret, Serials.random(), now).certificate();
        var lines =
            List.of(
                now + " root made",
                "  subject      " + root.getSubjectX500Principal().getName(),
                "  valid until  " + root.getNotAfter().toInstant(),
                "  sha-256      " + Spelled.groups(Fingerprints.of(root)),
                "  aloud        " + Spelled.words(Fingerprints.of(root)));
        note(machine, out, lines);
        return 0;
      } catch (CeremonyRefused e) {
        throw Failure.refused(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Certifies what was asked for. */
  @Command(
      name = "sign",
      description = {
        "Certify issuing CAs with an off-line root: path length 0, five years.",
        "",
        "Shows what it would sign and asks; every certificate passes the lint before it is signed."
      },
      footer = {
        "",
        "Example: sallyport ca ceremony sign devices.csr servers.csr --root root/ --out"
            + " certificates/"
      })
  static final class Sign implements Callable<Integer> {
    private final Machine machine;

    @Parameters(arity = "1..*", paramLabel = "REQUEST", description = "What `ca request` wrote.")
    private List<Path> files = List.of();

    @Option(names = "--root", paramLabel = "DIR", required = true, description = "The root.")
    private Path rootDirectory = Path.of("root");

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Where the certificates go; made if it is not there.")
    private Path out = Path.of("certificates");

    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "The passphrase of the root's key (else $$SALLYPORT_ROOT_PASSPHRASE).")
    private @Nullable Path passphraseFile;

    @Option(names = "--yes", description = "Sign without asking: the fingerprints were compared.")
    private boolean yes;

    Sign(Machine machine) {
      this.machine = machine;
    }

    @Override
    public Integer call() {
      var now = machine.clock().instant();
      var requests = new ArrayList<AuthorityRequest>();
      for (var file : files) {
        try {
          requests.add(AuthorityRequest.parse(CeremonyFiles.text(file)));
        } catch (CeremonyRefused e) {
          throw Failure.refused(file + ": " + e.getMessage());
        }
      }
      try (var secret = passphrase(machine, passphraseFile)) {
        var root = OfflineRoot.open(rootDirectory, secret, now);
        requests.forEach(this::show);
        requireConsent();
        Files.createDirectories(out);
        Files.writeString(out.resolve("root.crt"), Pem.of(root.certificate()));
        var lines = new ArrayList<String>();
        for (var request : requests) {
          var signed = root.sign(request, Serials.random(), now);
          Files.writeString(out.resolve(request.name().word() + ".crt"), Pem.of(signed));
          lines.add(now + " " + request.name().word() + " certified");
          lines.add("  subject      " + signed.getSubjectX500Principal().getName());
          lines.add("  key          " + PublicKeyHash.of(request.publicKey()).hex());
          lines.add("  serial       " + signed.getSerialNumber().toString(16));
          lines.add("  valid until  " + signed.getNotAfter().toInstant());
          lines.add("  sha-256      " + Spelled.groups(Fingerprints.of(signed)));
        }
        note(machine, rootDirectory, lines);
        return 0;
      } catch (CeremonyRefused e) {
        throw Failure.refused(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw Failure.unavailable(out + " cannot be written: " + e.getMessage(), e);
      }
    }

    private void show(AuthorityRequest request) {
      var hash = PublicKeyHash.of(request.publicKey()).hex();
      machine.terminal().line("to sign  CN=" + request.commonName() + ", path length 0");
      machine.terminal().line("  key    " + Spelled.groups(hash));
      machine.terminal().line("  aloud  " + Spelled.words(hash));
    }

    private void requireConsent() throws IOException {
      if (yes) {
        return;
      }
      if (!machine.terminal().interactive()) {
        throw Failure.badInput("nobody can be asked here: say that you compared it with --yes");
      }
      machine.notice("are these the keys that the other machine shows? Type 'yes' to sign:");
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      if (!"yes".equals(input.readLine())) {
        throw Failure.refused("nothing was signed");
      }
    }
  }
}
