package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy}: what principals may do. */
@Command(
    name = "policy",
    addMethodSubcommands = false,
    description = "Put, attach, explain, analyse, observe, suggest, import and export policies.")
public final class PolicyCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String FILE = "The file; - for the standard input.";
  // Bound: far above the published vectors, which have 100 KiB.
  private static final int VECTORS_BYTES_MAX = 16 << 20;

  private final Terminal terminal;

  /** The commands. */
  public PolicyCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Put a policy in force, as a new version of that name.",
        "",
        "Live sessions and subscriptions of those whom it is attached to are decided again at once."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport policy put plant-7 plant-7.json")
  int put(
      @Parameters(index = "0", paramLabel = "NAME", description = "Its name.") String name,
      @Parameters(index = "1", paramLabel = "FILE", description = FILE) String file,
      @Option(
              names = "--review",
              description = "Show first what changes; then --yes, or an answer, puts it in force.")
          boolean review,
      @Option(names = "--yes", description = "Put it in force after the review without asking.")
          boolean yes,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(name);
    var document = document(file);
    try (var control = connection.open()) {
      if (review && !new PutReview(terminal, control).agrees(name, document, yes)) {
        throw Failure.refused("not put in force; give --yes to do it");
      }
      var answer = control.put(path + allowBreach.query(), document.json());
      format.print(
          terminal,
          answer.json(),
          "policy " + answer.text("name") + " is version " + answer.number("version"));
    }
    return 0;
  }

  @Command(
      description = {
        "Attach a policy to a device, a backend or a group.",
        "",
        "Nobody may have more than 10, its own and those of its groups."
      },
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport policy attach plant-7 device-001",
        "  sallyport policy attach plant-7 --group lamps"
      })
  int attach(
      @Mixin Attachment attachment,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    var json = Json.mapper().createObjectNode();
    var policy = path(attachment.policy());
    var group = attachment.group();
    var path =
        (group == null ? policy + "/attachments" : GroupCommands.path(group) + "/policies")
            + allowBreach.query();
    var body =
        group == null
            ? json.put("principal", attachment.id())
            : json.put("policy", attachment.policy());
    try (var control = connection.open()) {
      attached(control.post(path, body), format);
    }
    return 0;
  }

  @Command(
      description = "Detach a policy from a device, a backend or a group.",
      footerHeading = EXAMPLE,
      footer = {
        "  sallyport policy detach plant-7 device-001",
        "  sallyport policy detach plant-7 --group lamps"
      })
  int detach(
      @Mixin Attachment attachment,
      @Mixin AllowBreach allowBreach,
      @Mixin Format format,
      @Mixin Connection connection) {
    var policy = path(attachment.policy());
    var group = attachment.group();
    var path =
        (group == null
                ? policy + "/attachments/" + ControlClient.segment(attachment.id())
                : GroupCommands.path(group)
                    + "/policies/"
                    + ControlClient.segment(attachment.policy()))
            + allowBreach.query();
    try (var control = connection.open()) {
      attached(control.delete(path), format);
    }
    return 0;
  }

  @Command(
      description = "List every policy.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.get("policies");
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      var table = Table.of("NAME", "#VERSION", "#ATTACHED TO", "#GROUPS");
      for (var policy : answer.objects("policies")) {
        table.row(
            policy.text("name"),
            String.valueOf(policy.number("version")),
            String.valueOf(policy.number("attachments")),
            String.valueOf(policy.number("groups")));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Print a policy's document; with --json, what else is known of it, too.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy show default-device > my.json")
  int show(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--version",
              paramLabel = "N",
              description = "That version; default: the newest.")
          @Nullable Integer version,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = path(name) + (version == null ? "" : "?version=" + version);
    try (var control = connection.open()) {
      var answer = control.get(path);
      var shown = format.json() ? answer : answer.object("document");
      Json.print(terminal, shown.json());
    }
    return 0;
  }

  @Command(
      description = "Check a policy file without a server.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy check plant-7.json")
  int check(@Parameters(paramLabel = "FILE", description = FILE) String file) {
    document(file);
    terminal.line(file + ": a valid policy");
    return 0;
  }

  @Command(
      description = "Run a file of test vectors against the engine, without a server.",
      footerHeading = EXAMPLE,
      footer = "  sallyport policy test plant-7-vectors.json")
  int test(@Parameters(paramLabel = "FILE", description = FILE) String file, @Mixin Format format) {
    var input = InputFile.read(file, VECTORS_BYTES_MAX, terminal);
    try {
      var report = PolicyVectors.run(input.text());
      if (format.json()) {
        printJson(report);
      } else {
        for (var failure : report.failures()) {
          terminal.line("FAILED " + failure.id() + ": " + failure.detail());
        }
        terminal.line(report.passed() + " passed, " + report.failures().size() + " failed");
      }
      return report.failures().isEmpty() ? 0 : 1;
    } catch (MalformedPolicy e) {
      throw located(input.name(), e);
    }
  }

  private void printJson(PolicyVectors.Report report) {
    var json = Json.mapper().createObjectNode();
    json.put("passed", report.passed()).put("failed", report.failures().size());
    var failures = json.putArray("failures");
    for (var failure : report.failures()) {
      failures.addObject().put("id", failure.id()).put("detail", failure.detail());
    }
    Json.print(terminal, json);
  }

  private PolicyDocument document(String file) {
    // One more than is allowed, so that the parser says what the bound is.
    var input = InputFile.read(file, PolicyDocument.BYTES_MAX + 1, terminal);
    try {
      return PolicyDocument.parse(input.text());
    } catch (MalformedPolicy e) {
      throw located(input.name(), e);
    }
  }

  private static Failure located(String file, MalformedPolicy malformed) {
    return Failure.badInput(
        file + ":" + malformed.line() + ":" + malformed.column() + ": " + malformed.getMessage());
  }

  private void attached(Answer answer, Format format) {
    var policies = answer.texts("policies");
    var names = policies.isEmpty() ? "no policy" : String.join(" ", policies);
    var holder = answer.optionalText("principal").orElseGet(() -> "group " + answer.text("name"));
    format.print(terminal, answer.json(), holder + " has " + names);
  }

  private static String path(String name) {
    if (name.isBlank() || name.equals(".") || name.equals("..")) {
      throw Failure.badInput("'" + name + "' is no name of a policy");
    }
    return "policies/" + ControlClient.segment(name);
  }
}
