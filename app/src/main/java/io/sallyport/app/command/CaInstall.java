package io.sallyport.app.command;

import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.PendingAuthorities;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ca install}. */
@Command(
    name = "install",
    description = {
      "Take the certificates that an off-line root gave for the requests of `ca request`.",
      "",
      "All of them or none: their keys, chain and profile are checked, and a refusal names the"
          + " rule. The root's key is never here."
    },
    footer = {"", "Example: sallyport ca install --root root.crt devices.crt servers.crt"})
final class CaInstall implements Callable<Integer> {
  private final Machine machine;
  @Mixin private Place place = new Place();

  @Option(
      names = "--root",
      paramLabel = "FILE",
      required = true,
      description = "The root's certificate; compare its fingerprint with the transcript first.")
  private Path root = Path.of("root.crt");

  @Parameters(arity = "1..*", paramLabel = "CERT", description = "The issuing CAs' certificates.")
  private List<Path> certificates = List.of();

  CaInstall(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var directory = place.directory();
    try (var _ = directory.lock().acquiredBy()) {
      var anchor = read(root);
      var issued = new ArrayList<X509Certificate>();
      for (var file : certificates) {
        issued.add(read(file));
      }
      new PendingAuthorities(directory.authorities())
          .install(anchor, issued, machine.clock().instant());
      machine.terminal().line("root     " + Fingerprints.of(anchor));
      machine.terminal().line("data     " + directory.root());
      machine.notice("next: `sallyport up` makes the registry and the first operator");
      return 0;
    } catch (AuthorityRefused e) {
      throw CaCommand.refusal(e);
    } catch (CeremonyRefused e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Failure.unavailable(directory.root() + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static X509Certificate read(Path file) throws CeremonyRefused {
    try {
      return PendingAuthorities.certificate(CeremonyFiles.text(file));
    } catch (CeremonyRefused e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }
}
