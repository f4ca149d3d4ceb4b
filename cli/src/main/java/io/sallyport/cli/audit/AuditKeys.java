package io.sallyport.cli.audit;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Progress;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code audit keys}. */
@Command(
    name = "keys",
    description = {
      "Find weak keys, keys and factors that two have, and names that are easily mistaken.",
      "",
      "Every certificate that is valid today is looked at, and linted as if it were signed today.",
      "",
      "Exit code 1 if there is a finding. docs/pki-lint.md explains each."
    },
    footerHeading = "%nExample:%n",
    footer = {"  sallyport audit keys", "  sallyport audit keys --names 'pump-[0-9]{4}' --json"})
public final class AuditKeys implements Callable<Integer> {
  private static final int PAGE = 200;

  private final Surroundings surroundings;
  private final Terminal terminal;

  @Option(
      names = "--names",
      paramLabel = "REGEX",
      description = "Find devices whose id is not of this form.")
  private @Nullable String names;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public AuditKeys(Surroundings surroundings, Connection connection) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var fleet = new FleetFindings(pattern());
    try (var control = connection.open()) {
      read(control, fleet);
    }
    compare(fleet);
    var findings = fleet.findings();
    if (format.json()) {
      json(fleet, findings);
    } else {
      table(fleet, findings);
    }
    return findings.isEmpty() ? 0 : 1;
  }

  private @Nullable Pattern pattern() {
    try {
      return names == null ? null : Pattern.compile(names);
    } catch (PatternSyntaxException e) {
      throw Failure.badInput("--names is not a regular expression: " + e.getDescription());
    }
  }

  private void read(ControlClient control, FleetFindings fleet) {
    var pages = new Pages(control, "audit/keys", PAGE);
    var page = pages.next();
    page.objects("duplicates").forEach(fleet::duplicate);
    try (var progress =
        new Progress(surroundings, "certificates looked at", Math.max(1, page.number("total")))) {
      looked(page, fleet, progress);
      while (pages.hasNext()) {
        looked(pages.next(), fleet, progress);
      }
    }
  }

  private static void looked(Answer page, FleetFindings fleet, Progress progress) {
    var certificates = page.objects("certificates");
    certificates.forEach(fleet::certificate);
    progress.advance(certificates.size());
  }

  /** Only worth a line of its own where it takes its time. */
  private void compare(FleetFindings fleet) {
    var steps = fleet.comparisons();
    if (steps > 0) {
      try (var progress = new Progress(surroundings, "comparisons of RSA keys", steps)) {
        fleet.compare(progress::advance);
      }
    }
  }

  private void table(FleetFindings fleet, List<FleetFindings.Found> findings) {
    terminal.line(fleet.certificates() + " certificates, " + fleet.rsaKeys() + " with RSA keys");
    if (findings.isEmpty()) {
      terminal.line("nothing found");
      return;
    }
    var table = Table.of("RULE", "SEVERITY", "WHO", "FOUND");
    findings.forEach(
        one ->
            table.row(
                one.rule(), one.severity(), String.join(", ", one.principals()), one.detail()));
    table.print(terminal);
    if (fleet.untold() > 0) {
      terminal.line("and " + fleet.untold() + " more");
    }
  }

  private void json(FleetFindings fleet, List<FleetFindings.Found> findings) {
    var document = Json.mapper().createObjectNode();
    document
        .put("certificates", fleet.certificates())
        .put("rsaKeys", fleet.rsaKeys())
        .put("untold", fleet.untold());
    var list = document.putArray("findings");
    for (var one : findings) {
      var object = list.addObject();
      object.put("rule", one.rule()).put("severity", one.severity()).put("detail", one.detail());
      var principals = object.putArray("principals");
      one.principals().forEach(principals::add);
    }
    Json.print(terminal, document);
  }
}
