package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code operator}: who may use this command line. */
@Command(
    name = "operator",
    addMethodSubcommands = false,
    description = "Enrol and list those who may administer.")
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

  private static void row(Table table, Answer operator) {
    table.row(
        operator.text("name"),
        operator.text("role"),
        operator.optionalText("enrolledAt").orElse(""));
  }
}
