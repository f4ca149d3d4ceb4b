package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code status}. */
@Command(
    name = "status",
    description = "Show how the server is: version, gateway, exchange.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport status --json")
public final class StatusCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public StatusCommand(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (var control = connection.open()) {
      var status = control.get("status").json();
      if (format.json()) {
        Json.print(terminal, status);
      } else {
        var table = Table.of("FACT", "VALUE");
        table.row("server", control.address().toString());
        rows(table, "", status);
        table.print(terminal);
      }
    }
    return 0;
  }

  private static void rows(Table table, String prefix, JsonNode object) {
    for (var property : object.properties()) {
      var name = prefix + property.getKey();
      if (property.getValue().isObject()) {
        rows(table, name + ".", property.getValue());
      } else {
        table.row(name, Answer.shown(property.getValue()));
      }
    }
  }
}
