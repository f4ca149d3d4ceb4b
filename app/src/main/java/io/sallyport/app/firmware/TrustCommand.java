package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.firmware.manifest.FirmwareName;
import io.sallyport.firmware.manifest.ReleaseSigner;
import io.sallyport.firmware.manifest.ReleaseTrust;
import io.sallyport.firmware.signing.TrustFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firmware trust}. */
@Command(
    name = "trust",
    description = {
      "Say whose word makes a release: the file that servers and devices are given.",
      "",
      "A signer with a post-quantum key beside the ordinary one has both named, with a comma; then"
          + " both must sign."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport firmware trust --signer alice=alice.pub,alice-pq.pub --signer bob=bob.pub"
          + " --threshold 2"
    })
final class TrustCommand implements Callable<Integer> {
  private final Machine machine;

  @Option(
      names = "--signer",
      paramLabel = "NAME=FILE[,FILE]",
      required = true,
      description = "A signer and the public keys; again for each.")
  private List<String> signers = new ArrayList<>();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      description = "How many of them must sign (default: 1).")
  private int threshold = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file (default: release-trust.json).")
  private Path out = Path.of("release-trust.json");

  TrustCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    var all = new ArrayList<ReleaseSigner>();
    try {
      for (var text : signers) {
        all.add(signer(text));
      }
      var trust = new ReleaseTrust(threshold, all);
      OwnerFiles.replace(out, TrustFile.write(trust).getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Failure.badInput(String.valueOf(e.getMessage()));
    }
    machine.terminal().line(out + ": " + threshold + " of " + all.size() + " must sign");
    return 0;
  }

  private ReleaseSigner signer(String text) {
    int at = text.indexOf('=');
    if (at <= 0) {
      throw Failure.badInput("--signer is NAME=FILE[,FILE], not '" + text + "'");
    }
    var keys = new ArrayList<PublicKey>();
    for (var file : text.substring(at + 1).split(",", -1)) {
      keys.addAll(SigningKeys.read(Path.of(file), machine.terminal()));
    }
    return new ReleaseSigner(new FirmwareName(text.substring(0, at)), keys);
  }
}
