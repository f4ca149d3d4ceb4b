package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code operator}: who may use this command line. */
@Command(
    name = "operator",
    addMethodSubcommands = false,
    description = "Enrol, list and revoke those who may administer.")
public final class OperatorCommands {
  private final Terminal terminal;

  /** The commands. */
  public OperatorCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List every operator.",
      footerHeading = "%nExample:%n",
      footer = "  sallyport operator list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.get("operators");
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      var table = Table.of("NAME", "ROLE", "ENROLLED");
      for (var operator : answer.objects("operators")) {
        row(table, operator);
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Revoke every certificate of an operator.",
      footerHeading = "%nExample:%n",
      footer = "  sallyport operator revoke anna")
  int revoke(
      @Parameters(paramLabel = "NAME", description = "The operator.") String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (!PrincipalId.isCertifiable(name)) {
      throw Failure.badInput(
          "a name has 1 to 64 characters of A-Z a-z 0-9 : _ -, not '" + name + "'");
    }
    var path = "operators/" + ControlClient.segment(name) + "/revoke";
    try (var control = connection.open()) {
      var answer = control.post(path, Json.mapper().createObjectNode());
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.line("revoked operator " + answer.text("name"));
      }
    }
    return 0;
  }

  private static void row(Table table, Answer operator) {
    table.row(
        operator.text("name"),
        operator.text("role"),
        operator.optionalText("enrolledAt").orElse(""));
  }
}
