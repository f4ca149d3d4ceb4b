package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.firmware.manifest.FirmwareName;
import io.sallyport.firmware.manifest.FirmwareVersion;
import io.sallyport.firmware.manifest.HardwareId;
import io.sallyport.firmware.manifest.ImageKind;
import io.sallyport.firmware.manifest.Manifest;
import io.sallyport.firmware.manifest.Sha256;
import io.sallyport.firmware.manifest.SignedManifest;
import io.sallyport.firmware.signing.KeyKind;
import io.sallyport.firmware.signing.ReleaseKey;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firmware sign}. */
@Command(
    name = "sign",
    description = {
      "Sign an image: writes IMAGE.manifest, and IMAGE.sig for bootloaders and openssl.",
      "",
      "The manifest says what the image is, for which hardware, and until when anybody may install"
          + " it. A device never goes back below a security counter that it installed: raise it"
          + " when a version mends a hole."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport firmware sign pump.bin --name pump --version 1.4.2 --hardware pump-v2 \\",
      "    --counter 7 --key alice.key --passphrase-file secret.txt",
      "  openssl dgst -sha256 -verify alice.pub -signature pump.bin.sig pump.bin"
    })
final class SignCommand implements Callable<Integer> {
  private static final int DAYS_MAX = 3_660;

  private final Machine machine;

  @Parameters(paramLabel = "IMAGE", description = "The file to be installed.")
  private Path image = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      required = true,
      description = "What software it is, the same for all its versions.")
  private String name = "";

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      required = true,
      description = "Which version of it, such as 1.4.2.")
  private String version = "";

  @Option(
      names = "--hardware",
      paramLabel = "ID[,ID]",
      required = true,
      split = ",",
      description = "What it runs on.")
  private List<String> hardware = new ArrayList<>();

  @Option(
      names = "--counter",
      paramLabel = "N",
      required = true,
      description = "The security counter, 0 to 4294967295.")
  private long counter;

  @Option(
      names = "--kind",
      paramLabel = "WORD",
      description = "raw, mcuboot, esp32, rauc, swupdate or suit (default: raw).")
  private String kind = ImageKind.RAW.word();

  @Option(
      names = "--requires",
      paramLabel = "NAME=VERSION",
      description = "Software that must be there in at least that version; again for each.")
  private List<String> requires = new ArrayList<>();

  @Option(
      names = "--sbom",
      paramLabel = "FILE",
      description = "Its bill of materials, whose hash is signed too.")
  private @Nullable Path sbom;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "For how long it may be installed (default: 365).")
  private int days = 365;

  @Mixin private SigningKeys keys = new SigningKeys();
  @Mixin private Format format = new Format();

  SignCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var manifest = manifest();
    var signed = SignedManifest.unsigned(manifest);
    var all = keys.open(machine);
    try {
      for (var key : all) {
        signed = key.sign(signed);
      }
      for (var key : all) {
        if (key.kind() == KeyKind.ECDSA_P256) {
          detach(key);
        }
      }
    } catch (IssuanceUnavailable e) {
      throw Failure.unavailable(String.valueOf(e.getMessage()), e);
    }
    var file = ReleaseFiles.beside(image, ReleaseFiles.MANIFEST);
    OwnerFiles.replace(file, signed.encoded());
    ManifestReport.print(machine.terminal(), format, signed);
    if (!format.json()) {
      machine.notice("wrote " + file + "; another signer adds theirs by `firmware approve`");
    }
    return 0;
  }

  private void detach(ReleaseKey key) {
    try (var content = ReleaseFiles.image(image)) {
      OwnerFiles.replace(
          ReleaseFiles.beside(image, ReleaseFiles.SIGNATURE), key.signDetached(content));
    } catch (IOException e) {
      throw ReleaseFiles.unreadable(image, e);
    }
  }

  private Manifest manifest() {
    if (days < 1 || days > DAYS_MAX) {
      throw Failure.badInput("--days is 1 to " + DAYS_MAX + ", not " + days);
    }
    var now = machine.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    var digest = ReleaseFiles.digest(image);
    try {
      return new Manifest(
          new FirmwareName(name),
          new FirmwareVersion(version),
          hardware(),
          counter,
          Files.size(image),
          digest,
          ImageKind.ofWord(kind)
              .orElseThrow(() -> new IllegalArgumentException("no kind of image: '" + kind + "'")),
          now,
          now.plus(days, ChronoUnit.DAYS),
          dependencies(),
          sbom == null ? Optional.<Sha256>empty() : Optional.of(ReleaseFiles.digest(sbom)));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw ReleaseFiles.unreadable(image, e);
    }
  }

  private SortedSet<HardwareId> hardware() {
    var ids = new TreeSet<HardwareId>();
    hardware.forEach(id -> ids.add(new HardwareId(id)));
    return ids;
  }

  private SortedMap<FirmwareName, FirmwareVersion> dependencies() {
    var named = new TreeMap<FirmwareName, FirmwareVersion>();
    for (var text : requires) {
      int at = text.indexOf('=');
      if (at <= 0) {
        throw new IllegalArgumentException("--requires is NAME=VERSION, not '" + text + "'");
      }
      named.put(
          new FirmwareName(text.substring(0, at)), new FirmwareVersion(text.substring(at + 1)));
    }
    return named;
  }
}
