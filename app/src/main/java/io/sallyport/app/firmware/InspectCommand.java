package io.sallyport.app.firmware;

import io.sallyport.app.process.Machine;
import io.sallyport.cli.terminal.Format;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code firmware inspect}. */
@Command(
    name = "inspect",
    description = {
      "Show what a manifest says, and under which keys' names it is signed.",
      "",
      "Nothing of it is verified: that is `firmware verify`."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport firmware inspect pump.bin.manifest")
final class InspectCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(paramLabel = "MANIFEST", description = "The manifest's file.")
  private Path file = Path.of("");

  @Mixin private Format format = new Format();

  InspectCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    ManifestReport.print(machine.terminal(), format, ReleaseFiles.manifest(file));
    return 0;
  }
}
