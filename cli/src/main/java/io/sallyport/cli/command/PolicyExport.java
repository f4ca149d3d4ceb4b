package io.sallyport.cli.command;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.mosquitto.MosquittoExport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy export}: rights for elsewhere. */
@Command(
    name = "export",
    description = "Translate policies into the rights of another broker.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport policy export mosquitto default-device")
public final class PolicyExport {
  private final Terminal terminal;

  /** The commands. */
  public PolicyExport(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Translate the policies of one principal into an ACL file of Mosquitto.",
        "",
        "Statements that no rule can say are named on the standard error, and it ends with 1; what"
            + " is printed then allows less, save that Mosquitto lets whoever writes a topic retain"
            + " it, too."
      },
      footerHeading = "%nExample:%n",
      footer = "  sallyport policy export mosquitto plant-7.json --user dev-a > acl")
  int mosquitto(
      @Parameters(
              paramLabel = "NAME|FILE",
              arity = "1..*",
              description = "A file, or the name of a policy at the server.")
          List<String> policies,
      @Option(
              names = "--user",
              paramLabel = "ID",
              description = "Rules for this user; default: patterns for everybody.")
          @Nullable String user,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (user != null && !PrincipalId.isValid(user)) {
      throw Failure.badInput("'" + user + "' is no id");
    }
    var documents = new LinkedHashMap<String, PolicyDocument>();
    for (var policy : policies) {
      documents.put(policy, isFile(policy) ? read(policy) : ask(policy, connection));
    }
    var export =
        user == null ? MosquittoExport.patterns(documents) : MosquittoExport.user(documents, user);
    report(export, format);
    return export.complaints().isEmpty() ? 0 : 1;
  }

  private void report(MosquittoExport export, Format format) {
    if (format.json()) {
      var json = Json.mapper().createObjectNode().put("acl", export.text());
      var complaints = json.putArray("complaints");
      for (var complaint : export.complaints()) {
        complaints.addObject().put("statement", complaint.statement()).put("why", complaint.why());
      }
      Json.print(terminal, json);
      return;
    }
    export.text().lines().forEach(terminal::line);
    for (var complaint : export.complaints()) {
      terminal.note(complaint.statement() + ": " + complaint.why());
    }
  }

  private static boolean isFile(String policy) {
    return policy.equals("-") || policy.contains("/") || Files.exists(Path.of(policy));
  }

  private PolicyDocument read(String file) {
    var input = InputFile.read(file, PolicyDocument.BYTES_MAX + 1, terminal);
    return parsed(input.name(), input.text());
  }

  private static PolicyDocument ask(String name, Connection connection) {
    try (var control = connection.open()) {
      var document =
          control.get("policies/" + ControlClient.segment(name)).object("document").json();
      return parsed(name, document.toString());
    }
  }

  private static PolicyDocument parsed(String name, String text) {
    try {
      return PolicyDocument.parse(text);
    } catch (MalformedPolicy e) {
      throw Failure.badInput(name + ":" + e.line() + ":" + e.column() + ": " + e.getMessage());
    }
  }
}
