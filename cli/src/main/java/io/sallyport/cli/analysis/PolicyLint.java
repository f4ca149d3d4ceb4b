package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.analysis.Finding;
import io.sallyport.policy.analysis.Lint;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code policy lint}. */
@Command(
    name = "lint",
    description = {
      "Look for rights that nobody meant, and for statements that do nothing.",
      "",
      "Exit code 1 if a finding is an error. docs/policy-analysis.md explains each, and the score."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport policy lint plant-7.json")
public final class PolicyLint implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "POLICY", description = "A file, or NAME or NAME:VERSION on the server.")
  private String source = "";

  @Mixin private final Kind kind = new Kind();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyLint(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var document = Source.read(source, terminal, connection);
    var policy = new PolicyVersion(source, 1, document);
    var report = Source.bounded(() -> Lint.of(kind.kind(), policy));
    if (format.json()) {
      json(report);
    } else {
      print(report);
    }
    return report.failed() ? 1 : 0;
  }

  private void print(Lint.Report report) {
    if (!report.findings().isEmpty()) {
      var table = Table.of("CHECK", "SEVERITY", "STATEMENT", "FINDING", "REMEDY");
      for (var finding : report.findings()) {
        table.row(
            finding.id(),
            severity(finding),
            finding.at().stream().map(PolicyLint::place).collect(Collectors.joining(", ")),
            finding.message(),
            finding.remedy());
      }
      table.print(terminal);
    }
    terminal.line("least privilege: " + report.score() + " of 100");
  }

  private static String place(StatementRef at) {
    return at.index() + (at.sid().isEmpty() ? "" : " " + at.sid());
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }

  private void json(Lint.Report report) {
    var json = Json.mapper().createObjectNode();
    json.put("score", report.score());
    var list = json.putArray("findings");
    for (var finding : report.findings()) {
      var one = list.addObject();
      one.put("id", finding.id()).put("severity", severity(finding));
      one.put("message", finding.message()).put("remedy", finding.remedy());
      finding.at().forEach(at -> one.withArray("statements").add(at.index()));
    }
    Json.print(terminal, json);
  }
}
