package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.firmware.manifest.Acceptance;
import io.sallyport.firmware.manifest.FirmwareName;
import io.sallyport.firmware.manifest.FirmwareRefused;
import io.sallyport.firmware.manifest.FirmwareVersion;
import io.sallyport.firmware.manifest.HardwareId;
import io.sallyport.firmware.manifest.InstalledState;
import io.sallyport.firmware.manifest.ReleaseTrust;
import io.sallyport.firmware.manifest.SignedManifest;
import io.sallyport.firmware.signing.MalformedTrust;
import io.sallyport.firmware.signing.TrustFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firmware verify}. */
@Command(
    name = "verify",
    description = {
      "See whether a release is signed and fresh, and whether a device would install it.",
      "",
      "Exit code 1 if not, with the reason. Without --hardware and the others it is asked only what"
          + " every device asks: signatures, time, length and hash."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport firmware verify pump.bin --trust release-trust.json",
      "  sallyport firmware verify pump.bin --trust release-trust.json --hardware pump-v2 \\",
      "    --counter 6 --installed bootloader=2.0"
    })
final class VerifyCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(
      paramLabel = "IMAGE",
      description = "The file to be installed, its .manifest beside it.")
  private Path image = Path.of("");

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      required = true,
      description = "Whose word makes a release, of `firmware trust`.")
  private Path trust = Path.of("");

  @Option(names = "--hardware", paramLabel = "ID", description = "The device's hardware.")
  private @Nullable String hardware;

  @Option(
      names = "--counter",
      paramLabel = "N",
      description = "The highest security counter that was installed on it (default: 0).")
  private long counter;

  @Option(
      names = "--installed",
      paramLabel = "NAME=VERSION",
      description = "What else is installed on it; again for each.")
  private List<String> installed = new ArrayList<>();

  @Option(names = "--at", paramLabel = "TIME", description = "Its time (default: now).")
  private @Nullable String at;

  @Mixin private Format format = new Format();

  VerifyCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var signed = ReleaseFiles.manifest(ReleaseFiles.beside(image, ReleaseFiles.MANIFEST));
    var believed = trust();
    var state = state(signed);
    try (var content = ReleaseFiles.image(image)) {
      var signers = Acceptance.require(signed, believed, state);
      Acceptance.requireImage(signed.manifest(), content);
      print(signed, signers);
      return 0;
    } catch (FirmwareRefused e) {
      if (format.json()) {
        Json.print(
            machine.terminal(),
            Json.mapper()
                .createObjectNode()
                .put("accepted", false)
                .put("reason", e.refusal().word())
                .put("detail", e.getMessage()));
        return Failure.Kind.REFUSED.exitCode();
      }
      throw Failure.refused(e.refusal().word() + ": " + e.getMessage());
    } catch (IOException e) {
      throw ReleaseFiles.unreadable(image, e);
    }
  }

  private void print(SignedManifest signed, List<FirmwareName> signers) {
    if (format.json()) {
      var facts = ManifestReport.json(signed);
      facts.put("accepted", true);
      var names = facts.putArray("signers");
      signers.forEach(signer -> names.add(signer.value()));
      Json.print(machine.terminal(), facts);
      return;
    }
    ManifestReport.print(machine.terminal(), format, signed);
    machine
        .terminal()
        .line(
            "accepted  signed by "
                + signers.stream().map(FirmwareName::value).collect(Collectors.joining(", ")));
  }

  private ReleaseTrust trust() {
    try {
      return TrustFile.read(ReleaseFiles.text(trust, machine.terminal()));
    } catch (MalformedTrust e) {
      throw Failure.badInput(trust + ": " + e.getMessage());
    }
  }

  /** What is not asked about is as the release wants it. */
  private InstalledState state(SignedManifest signed) {
    var manifest = signed.manifest();
    try {
      Map<FirmwareName, FirmwareVersion> there =
          new HashMap<>(hardware == null ? manifest.dependencies() : Map.of());
      for (var text : installed) {
        int place = text.indexOf('=');
        if (place <= 0) {
          throw new IllegalArgumentException("--installed is NAME=VERSION, not '" + text + "'");
        }
        there.put(
            new FirmwareName(text.substring(0, place)),
            new FirmwareVersion(text.substring(place + 1)));
      }
      return new InstalledState(
          manifest.name(),
          hardware == null ? manifest.hardware().first() : new HardwareId(hardware),
          counter,
          there,
          Optional.of(at == null ? machine.clock().instant() : Instant.parse(at)));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    } catch (DateTimeParseException e) {
      throw Failure.badInput("--at is a time such as 2026-11-24T12:00:00Z, not '" + at + "'");
    }
  }
}
