package io.sallyport.app.command;

import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.AuthorityRollover.RootCertificates;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.PendingAuthorities;
import io.sallyport.identity.issuance.StoredAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--new-with-old",
      paramLabel = "FILE",
      description = "For a new root: its key, certified by the old root.")
  private @Nullable Path newWithOld;

  @Option(
      names = "--old-with-new",
      paramLabel = "FILE",
      description = "For a new root: the old root's key, certified by it.")
  private @Nullable Path oldWithNew;

  CaInstall(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var directory = place.directory();
    if (new AuthorityFiles(directory.authorities()).exist() && directory.hasRegistry()) {
      return successor();
    }
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

  /** Takes what follows in an installation that there is. */
  private Integer successor() {
    if ((newWithOld == null) != (oldWithNew == null)) {
      throw Failure.badInput("--new-with-old and --old-with-new go together");
    }
    return CaRollover.on(
        place,
        machine,
        site -> {
          var anchor = read(root);
          var issued = new ArrayList<X509Certificate>();
          for (var file : certificates) {
            issued.add(read(file));
          }
          var now = machine.clock().instant();
          var byOld = newWithOld == null ? null : read(newWithOld);
          var oldBy = oldWithNew == null ? null : read(oldWithNew);
          var made =
              site.begin(
                  (maker, stored) ->
                      byOld == null || oldBy == null
                          ? List.of(maker.install(requested(stored), one(issued), now))
                          : maker.installRoot(
                              new RootCertificates(anchor, byOld, oldBy), issued, now));
          machine.terminal().line("begun    " + CaRollover.shown(made.getFirst()));
          machine.notice("next: `sallyport ca rollover activate`");
          return 0;
        });
  }

  private static StoredAuthority requested(List<StoredAuthority> stored) {
    return stored.stream()
        .filter(one -> one.standing() == AuthorityStanding.REQUESTED)
        .findFirst()
        .orElseThrow(
            () -> Failure.refused("nothing was asked for; begin with `sallyport ca request`"));
  }

  private static X509Certificate one(List<X509Certificate> all) {
    if (all.size() != 1) {
      throw Failure.badInput("one certificate was asked for, not " + all.size());
    }
    return all.getFirst();
  }

  private static X509Certificate read(Path file) throws CeremonyRefused {
    try {
      return PendingAuthorities.certificate(CeremonyFiles.text(file));
    } catch (CeremonyRefused e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }
}
