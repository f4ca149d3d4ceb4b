package io.sallyport.app.command;

import io.sallyport.app.installation.Passphrases;
import io.sallyport.app.installation.RolloverSite;
import io.sallyport.app.installation.TokenHome;
import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.rollover.RolloverRefused;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityRefused;
import io.sallyport.identity.issuance.AuthorityRequest;
import io.sallyport.identity.issuance.AuthorityRollover;
import io.sallyport.identity.issuance.AuthorityStanding;
import io.sallyport.identity.issuance.CeremonyRefused;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.PendingAuthorities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ca request}. */
@Command(
    name = "request",
    description = {
      "Make the keys of the issuing CAs here, and requests for an off-line root to certify; in an"
          + " installation that there is, those of the devices CA that follows.",
      "",
      "The keys are made as pki.keys says, in files or in a token. Called again it writes the same"
          + " requests, until `ca install` brings the certificates."
    },
    footer = {"", "Example: sallyport ca request --out requests/"})
final class CaRequest implements Callable<Integer> {
  private final Machine machine;
  @Mixin private Place place = new Place();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the requests go; made if it is not there.")
  private Path out = Path.of(".");

  @Option(
      names = "--keys",
      paramLabel = "HOME",
      description = "Where keys live: file or pkcs11, as pki.keys in the configuration says.")
  private @Nullable String keys;

  CaRequest(Machine machine) {
    this.machine = machine;
  }

  @Option(
      names = "--new-root",
      description = "Ask a new root to certify the CAs that there are, to replace the root.")
  private boolean newRoot;

  @Override
  public Integer call() {
    var directory = place.directory();
    if (new AuthorityFiles(directory.authorities()).exist() && directory.hasRegistry()) {
      return successor();
    }
    if (newRoot) {
      throw Failure.badInput("--new-root is for an installation that there is");
    }
    var configuration = KeysOption.applied(place.configuration(), keys);
    try {
      directory.prepare();
      try (var _ = directory.lock().acquiredBy();
          var passphrase =
              new Passphrases(configuration, machine.environment(), directory)
                  .forNew(machine::notice)) {
        var token = TokenHome.of(configuration, machine).orElse(null);
        write(new PendingAuthorities(directory.authorities()).request(passphrase, token));
      }
      machine.notice(
          "carry them to the root, compare the fingerprints of the keys aloud, and bring back the"
              + " certificates for `sallyport ca install`");
      return 0;
    } catch (AuthorityRefused e) {
      throw CaCommand.refusal(e);
    } catch (CeremonyRefused e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw Failure.unavailable("the requests cannot be written: " + e.getMessage(), e);
    }
  }

  /** The request of the CA that follows; the same again, until it is certified or given up. */
  private Integer successor() {
    return CaRollover.on(
        place,
        machine,
        site -> {
          var requests = newRoot ? site.ask(AuthorityRollover::requests) : List.of(asked(site));
          write(requests);
          machine.notice(
              "carry them to the root, compare the fingerprints of the keys aloud, and bring back"
                  + " the certificates for `sallyport ca install`");
          return 0;
        });
  }

  private static AuthorityRequest asked(RolloverSite site)
      throws RolloverRefused, AuthorityRefused, CeremonyRefused {
    var asked =
        site.rollover().stored().stream()
            .filter(one -> one.standing() == AuthorityStanding.REQUESTED)
            .findFirst();
    var one =
        asked.isPresent()
            ? asked.get()
            : site.begin((maker, _) -> List.of(maker.request())).getFirst();
    var pem = one.request();
    if (pem == null) {
      throw new IllegalStateException("what was asked for has a request");
    }
    return AuthorityRequest.parse(pem);
  }

  private void write(List<AuthorityRequest> requests) {
    try {
      Files.createDirectories(out);
      for (var request : requests) {
        var file = out.resolve(request.name().word() + ".csr");
        Files.writeString(file, request.pem());
        machine
            .terminal()
            .line(
                "%-8s %s  key %s"
                    .formatted(
                        request.name().word(), file, PublicKeyHash.of(request.publicKey()).hex()));
      }
    } catch (IOException e) {
      throw Failure.unavailable("the requests cannot be written: " + e.getMessage(), e);
    }
  }
}
