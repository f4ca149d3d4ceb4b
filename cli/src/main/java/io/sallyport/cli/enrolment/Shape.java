package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.BundleFormat;
import io.sallyport.cli.bundle.CommandTrust;
import io.sallyport.cli.bundle.Credentials;
import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.flash.NvsPartition;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In what form a bundle is written, and whether its device checks the server's keys. */
public final class Shape {
  // Flash is erased in pages.
  private static final int PAGE_BYTES = 0x1000;
  // CommandTrust.HARMLESS, as an annotation can say it.
  private static final String ALLOWED = "ping,report";

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "pem",
      description =
          "What the firmware takes: pem (the default), c-header, mbedtls, esp-nvs, zephyr,"
              + " aws-iot or agent.")
  private String format = "pem";

  @Option(
      names = "--nvs-size",
      paramLabel = "BYTES",
      defaultValue = "0x6000",
      description = "Size of the partition of esp-nvs, in steps of 0x1000; default: 0x6000.")
  private String nvsSize = "0x6000";

  @Option(
      names = "--pin",
      description = {
        "The device checks the pins, so the server must never show another key.",
        "Goes without saying for c-header, mbedtls, esp-nvs, zephyr and agent."
      })
  private boolean pin;

  @Option(
      names = "--allow",
      paramLabel = "NAMES",
      defaultValue = ALLOWED,
      description = {
        "Signed commands that the device obeys, separated by commas, or none;"
            + " default: "
            + ALLOWED
            + ".",
        "Firmware is never replaced by a command."
      })
  private String allow = ALLOWED;

  /** The form that is asked for; refused before anything is sent. */
  public Chosen chosen() {
    var known = BundleFormat.ofWord(format);
    return new Chosen(known, bytes(), pin || known.pinned(), allowed());
  }

  private List<CommandName> allowed() {
    if (allow.equals("none")) {
      return List.of();
    }
    try {
      var names = Arrays.stream(allow.split(",", -1)).map(CommandName::new).distinct().toList();
      if (names.contains(CommandName.FLASH_FIRMWARE)) {
        throw Failure.badInput(
            "--allow: " + CommandName.FLASH_FIRMWARE + " is never a command, whoever signs it");
      }
      return names;
    } catch (IllegalArgumentException e) {
      throw Failure.badInput("--allow: " + e.getMessage());
    }
  }

  boolean isDefault() {
    return format.equals("pem") && !pin && allow.equals(ALLOWED);
  }

  private int bytes() {
    var text = nvsSize;
    try {
      int bytes = Integer.decode(text);
      if (bytes >= NvsPartition.BYTES_MIN
          && bytes <= NvsPartition.BYTES_MAX
          && bytes % PAGE_BYTES == 0) {
        return bytes;
      }
    } catch (NumberFormatException _) {
      // Told below.
    }
    throw Failure.badInput(
        "--nvs-size is 0x%x to 0x%x in steps of 0x%x, not '%s'"
            .formatted(NvsPartition.BYTES_MIN, NvsPartition.BYTES_MAX, PAGE_BYTES, text));
  }

  /**
   * A form.
   *
   * @param pinned whether the server has to heed what goes into the bundles
   * @param allowed the commands that the devices obey
   */
  public record Chosen(
      BundleFormat format, int nvsSize, boolean pinned, List<CommandName> allowed) {
    /** What every kind of client takes. */
    static final Chosen PEM =
        new Chosen(BundleFormat.PEM, NvsPartition.BYTES_DEFAULT, false, List.of());

    /**
     * The gate with its pins and, for devices, the keys of commands; the server is told first of
     * bundles whose devices check pins.
     */
    public Gate handOut(ControlClient control, PrincipalKind kind, Gate gate, int bundles) {
      return kind == PrincipalKind.DEVICE
          ? pinned(control, gate, bundles)
              .with(CommandTrust.read(control.get("command-keys"), allowed))
          : pinned(control, gate, bundles);
    }

    private Gate pinned(ControlClient control, Gate gate, int bundles) {
      if (!pinned) {
        return gate;
      }
      var request = Json.mapper().createObjectNode().put("bundles", bundles);
      return gate.with(control.post("pins/hand-outs", request));
    }

    /** What a bundle of this form is made of; the key becomes its to wipe. */
    public Credentials credentials(
        Applicant applicant, Issued issued, Gate gate, byte @Nullable [] privateKey) {
      return new Credentials(
          new Credentials.Owner(applicant.kind(), applicant.id()),
          gate,
          issued.chainText(),
          issued.rootText(),
          privateKey,
          nvsSize);
    }

    /** Whether the key stays a file of its own, as it was made. */
    boolean keepsKeyFile() {
      return format == BundleFormat.PEM || format == BundleFormat.AGENT;
    }

    /** Whether a folder is a finished bundle of this form. */
    boolean isFinished(Path folder, Applicant applicant) {
      var owner = new Credentials.Owner(applicant.kind(), applicant.id());
      var marks =
          keepsKeyFile()
              ? List.of("ca.crt", applicant.certificateFile(), applicant.keyFile())
              : List.of(format.mark(owner));
      return marks.stream()
          .allMatch(file -> Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS));
    }
  }
}
