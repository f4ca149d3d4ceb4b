package io.sallyport.app.command;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.lint.CertificateLint;
import io.sallyport.identity.lint.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sallyport ca lint}: any certificate against RFC 5280, whoever made it. */
@Command(
    name = "lint",
    description = {
      "Look for what RFC 5280 forbids in a certificate or a chain (PEM or DER), and for weak keys.",
      "",
      "Exit code 1 if a finding is an error. docs/pki-lint.md explains each."
    },
    footer = {"", "Example: sallyport ca lint device.crt", "Example: sallyport ca lint chain.pem"})
final class CaLint implements Callable<Integer> {
  // Bound: certificates with keys of 8192 bits and long names stay below 8 KiB.
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final int CHAIN_MAX = 20;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The leaf first, then its issuers, if any.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  CaLint(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var findings = CertificateLint.ofChain(certificates(read()));
    if (json) {
      json(findings);
    } else {
      table(findings);
    }
    return findings.stream().flatMap(List::stream).anyMatch(Finding::isError) ? 1 : 0;
  }

  private byte[] read() {
    try (var stream = Files.newInputStream(file)) {
      var bytes = stream.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw Failure.badInput(file + ": longer than " + FILE_BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw Failure.badInput("there is no file " + file);
    } catch (IOException e) {
      throw Failure.badInput("the file cannot be read: " + file);
    }
  }

  private List<byte[]> certificates(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.contains("-----BEGIN")) {
      return List.of(bytes);
    }
    var certificates = new ArrayList<byte[]>();
    for (var match : BLOCK.matcher(text).results().toList()) {
      try {
        certificates.add(Pem.decode(match.group() + "\n", "CERTIFICATE"));
      } catch (MalformedPem e) {
        throw Failure.badInput(file + ": " + e.getMessage());
      }
    }
    if (certificates.isEmpty() || certificates.size() > CHAIN_MAX) {
      throw Failure.badInput(
          file + ": 1 to " + CHAIN_MAX + " certificates are looked at, not " + certificates.size());
    }
    return certificates;
  }

  private void table(List<List<Finding>> findings) {
    if (findings.stream().allMatch(List::isEmpty)) {
      terminal.line("nothing found in " + findings.size() + " certificate(s)");
      return;
    }
    var table = Table.of("#CERTIFICATE", "RULE", "SEVERITY", "SOURCE", "FOUND");
    for (int i = 0; i < findings.size(); i++) {
      for (var finding : findings.get(i)) {
        table.row(
            String.valueOf(i + 1),
            finding.rule(),
            finding.severity().word(),
            finding.source(),
            finding.detail());
      }
    }
    table.print(terminal);
  }

  private void json(List<List<Finding>> findings) {
    var document = Json.mapper().createObjectNode();
    var list = document.putArray("certificates");
    for (var ofOne : findings) {
      var array = list.addObject().putArray("findings");
      for (var finding : ofOne) {
        array
            .addObject()
            .put("rule", finding.rule())
            .put("severity", finding.severity().word())
            .put("source", finding.source())
            .put("detail", finding.detail());
      }
    }
    Json.print(terminal, document);
  }
}
