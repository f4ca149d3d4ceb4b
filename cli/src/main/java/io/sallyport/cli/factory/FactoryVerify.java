package io.sallyport.cli.factory;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code factory verify}. */
@Command(
    name = "verify",
    description = {
      "Check a folder that a factory made: its manifest, who signed it, and every file.",
      "",
      "Needs no server. Exit code 1 if anything is missing, changed, or not signed for."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sallyport factory verify b7/",
      "  sallyport factory verify b7/ --ca root.pem --at 2027-01-31T00:00:00Z"
    })
public final class FactoryVerify implements Callable<Integer> {
  private static final int PEM_MAX = 64 * 1024;

  private final Surroundings surroundings;

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the batch.")
  private Path folder = Path.of("");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The root to trust, in PEM; default: the one of the operator's files.")
  private @Nullable String ca;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When the signer's certificate must be valid; default: now.")
  private @Nullable String at;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with where the operator's files are. */
  public FactoryVerify(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var result = ManifestCheck.of(folder, root(), instant());
    var signer = result.signer();
    var json = Json.mapper().createObjectNode().put("sound", result.isSound());
    json.put("batch", result.batch()).put("devices", result.devices());
    json.put("signer", signer == null ? null : signer.value());
    var findings = json.putArray("findings");
    result.findings().forEach(findings::add);
    json.put("furtherFindings", result.further());
    var terminal = surroundings.terminal();
    if (format.json()) {
      Json.print(terminal, json);
    } else if (result.isSound()) {
      terminal.line(
          Colour.GOOD,
          "batch "
              + result.batch()
              + ": all "
              + result.devices()
              + " devices are there, signed for by operator "
              + signer);
    } else {
      result.findings().forEach(finding -> terminal.line(Colour.BAD, finding));
      if (result.further() > 0) {
        terminal.line(Colour.BAD, "and " + result.further() + " more");
      }
    }
    return result.isSound() ? 0 : 1;
  }

  private X509Certificate root() {
    if (ca == null) {
      return connection.operator().root();
    }
    try {
      return Pem.certificate(InputFile.read(ca, PEM_MAX, surroundings.terminal()).text());
    } catch (MalformedPem e) {
      throw Failure.badInput(ca + ": " + e.getMessage());
    }
  }

  private @Nullable Instant instant() {
    if (at == null) {
      return null;
    }
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw Failure.badInput("--at is a time such as 2027-01-31T00:00:00Z, not '" + at + "'");
    }
  }
}
