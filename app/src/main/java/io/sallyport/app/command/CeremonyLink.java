package io.sallyport.app.command;

import io.sallyport.app.installation.Fingerprints;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.OfflineRoot;
import io.sallyport.identity.issuance.Serials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ca ceremony link}. */
@Command(
    name = "link",
    description = {
      "Certify the keys of two roots by each other (RFC 4210, 4.4), to replace the one by the"
          + " other.",
      "",
      "Who holds on to either of them finds the way to the other."
    },
    footer = {
      "",
      "Example: sallyport ca ceremony link --old root/ --new root2/ --out certificates/"
    })
final class CeremonyLink implements Callable<Integer> {
  private final Machine machine;

  @Option(names = "--old", paramLabel = "DIR", required = true, description = "The old root.")
  private Path old = Path.of("root");

  @Option(names = "--new", paramLabel = "DIR", required = true, description = "The new root.")
  private Path fresh = Path.of("root2");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the links go; made if it is not there.")
  private Path out = Path.of("certificates");

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The passphrase of both roots' keys (else $$SALLYPORT_ROOT_PASSPHRASE).")
  private @Nullable Path passphraseFile;

  CeremonyLink(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var now = machine.clock().instant();
    try (var secret = CaCeremony.passphrase(machine, passphraseFile)) {
      var before = OfflineRoot.open(old, secret, now);
      var after = OfflineRoot.open(fresh, secret, now);
      var byOld = before.link(after.certificate(), Serials.random(), now);
      var byNew = after.link(before.certificate(), Serials.random(), now);
      Files.createDirectories(out);
      Files.writeString(out.resolve("new-with-old.crt"), Pem.of(byOld));
      Files.writeString(out.resolve("old-with-new.crt"), Pem.of(byNew));
      var lines =
          List.of(
              now + " roots linked",
              "  old          " + Spelled.groups(Fingerprints.of(before.certificate())),
              "  new          " + Spelled.groups(Fingerprints.of(after.certificate())),
              "  newWithOld   " + Spelled.groups(Fingerprints.of(byOld)),
              "  oldWithNew   " + Spelled.groups(Fingerprints.of(byNew)));
      CaCeremony.note(machine, fresh, lines);
      return 0;
    } catch (CeremonyRefused e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Failure.unavailable(out + " cannot be written: " + e.getMessage(), e);
    }
  }
}
