package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import picocli.CommandLine.Command;

/** {@code sallyport firmware …}. */
@Command(
    name = "firmware",
    description = {
      "Sign firmware, approve it, and see whether a device would install it.",
      "",
      "A release is an image with a manifest beside it: name, version, hardware, security counter,"
          + " hash and expiry, signed by as many as the installation demands."
    })
public final class FirmwareCommand {
  private FirmwareCommand() {}

  /** The group with its commands. */
  public static picocli.CommandLine line(Machine machine) {
    return new picocli.CommandLine(new FirmwareCommand())
        .addSubcommand(new KeygenCommand(machine))
        .addSubcommand(new TrustCommand(machine))
        .addSubcommand(new SignCommand(machine))
        .addSubcommand(new ApproveCommand(machine))
        .addSubcommand(new VerifyCommand(machine))
        .addSubcommand(new InspectCommand(machine));
  }
}
