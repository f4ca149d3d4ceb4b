package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.analysis.Attached;
import io.sallyport.policy.analysis.Finding;
import io.sallyport.policy.analysis.Lint;
import io.sallyport.policy.analysis.UnreadablePolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy lint}. */
@Command(
    name = "lint",
    description = {
      "Look for rights that nobody meant, and for statements that do nothing.",
      "",
      "Exit code 1 if a finding is an error. docs/policy-analysis.md explains each, and the score."
    },
    footerHeading = "%nExample:%n",
    footer = {"  sallyport policy lint plant-7.json", "  sallyport policy lint --fleet"})
public final class PolicyLint implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "POLICY",
      description = "A file, or NAME or NAME:VERSION on the server.")
  private @Nullable String source;

  @Option(
      names = "--fleet",
      description = "Look at every stored policy, how they are attached, and what is retained.")
  private boolean fleet;

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
    if (fleet == (source != null)) {
      throw Failure.badInput("give a policy, or --fleet");
    }
    var reports = source == null ? ofFleet() : Map.of(source, report(source));
    var messages = fleet ? ofMessages() : Lint.Report.of(List.of());
    if (format.json()) {
      json(reports, messages);
    } else {
      reports.forEach(this::print);
      print(messages);
    }
    boolean failed = reports.values().stream().anyMatch(Lint.Report::failed);
    return failed || messages.failed() ? 1 : 0;
  }

  private Lint.Report report(String name) {
    try {
      return report(kind.kind(), name, Source.parsed(name, terminal, connection));
    } catch (MalformedPolicy e) {
      var finding = UnreadablePolicy.finding(e);
      if (finding.isEmpty()) {
        throw Source.located(name, e);
      }
      return Lint.Report.of(List.of(finding.get()));
    }
  }

  private static Lint.Report report(PrincipalKind kind, String name, PolicyDocument document) {
    return Source.bounded(() -> Lint.of(kind, new PolicyVersion(name, 1, document)));
  }

  /** Every stored policy; a policy of backends only is known by its name. */
  private Map<String, Lint.Report> ofFleet() {
    var reports = new LinkedHashMap<String, Lint.Report>();
    try (var control = connection.open()) {
      for (var policy : control.get("policies").objects("policies")) {
        var name = policy.text("name");
        var document = Source.stored(control, name, "");
        var of = name.equals(DefaultPolicies.BACKEND) ? PrincipalKind.BACKEND : kind.kind();
        var report = report(of, name, document);
        reports.put(
            name,
            report.with(
                Attached.findings(
                    new PolicyVersion(name, 1, document), policy.number("attachments"))));
      }
    }
    return reports;
  }

  private Lint.Report ofMessages() {
    try (var control = connection.open()) {
      return Lint.Report.of(RetainedSecrets.findings(control));
    }
  }

  private void print(String name, Lint.Report report) {
    if (fleet) {
      terminal.line(name);
    }
    table(report);
    terminal.line("least privilege: " + report.score() + " of 100");
  }

  private void print(Lint.Report messages) {
    if (!messages.findings().isEmpty()) {
      terminal.line("retained messages");
      table(messages);
    }
  }

  private void table(Lint.Report report) {
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
  }

  private static String place(StatementRef at) {
    return at.index() + (at.sid().isEmpty() ? "" : " " + at.sid());
  }

  private static String severity(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }

  private void json(Map<String, Lint.Report> reports, Lint.Report messages) {
    var json = Json.mapper().createObjectNode();
    if (fleet) {
      var policies = json.putObject("policies");
      reports.forEach((name, report) -> json(report, policies.putObject(name)));
      findings(messages, json.putObject("retained"));
    } else {
      reports.values().forEach(report -> json(report, json));
    }
    Json.print(terminal, json);
  }

  private static void json(Lint.Report report, ObjectNode json) {
    json.put("score", report.score());
    findings(report, json);
  }

  private static void findings(Lint.Report report, ObjectNode json) {
    var list = json.putArray("findings");
    for (var finding : report.findings()) {
      var one = list.addObject();
      one.put("id", finding.id()).put("severity", severity(finding));
      one.put("message", finding.message()).put("remedy", finding.remedy());
      finding.at().forEach(at -> one.withArray("statements").add(at.index()));
    }
  }
}
