package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.firmware.manifest.Acceptance;
import io.sallyport.firmware.manifest.FirmwareRefused;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code firmware approve}. */
@Command(
    name = "approve",
    description = {
      "Add your signature to a release that another signed.",
      "",
      "The image is compared with the manifest first, so that nobody approves what they do not"
          + " have."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport firmware approve pump.bin --key bob.key --passphrase-file secret.txt")
final class ApproveCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(
      paramLabel = "IMAGE",
      description = "The file to be installed, its .manifest beside it.")
  private Path image = Path.of("");

  @Mixin private SigningKeys keys = new SigningKeys();
  @Mixin private Format format = new Format();

  ApproveCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var file = ReleaseFiles.beside(image, ReleaseFiles.MANIFEST);
    var signed = ReleaseFiles.manifest(file);
    try (var content = ReleaseFiles.image(image)) {
      Acceptance.requireImage(signed.manifest(), content);
      Acceptance.requireTimely(signed.manifest(), machine.clock().instant());
    } catch (FirmwareRefused e) {
      throw Failure.refused(e.refusal().word() + ": " + e.getMessage());
    } catch (IOException e) {
      throw ReleaseFiles.unreadable(image, e);
    }
    try {
      for (var key : keys.open(machine)) {
        signed = key.sign(signed);
      }
    } catch (IllegalArgumentException e) {
      throw Failure.refused(String.valueOf(e.getMessage()));
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
    OwnerFiles.replace(file, signed.encoded());
    ManifestReport.print(machine.terminal(), format, signed);
    return 0;
  }
}
