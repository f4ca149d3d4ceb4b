package io.sallyport.cli.command;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code undrain}. */
@Command(
    name = "undrain",
    description = "Let devices in again after a drain.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport undrain")
public final class UndrainCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public UndrainCommand(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (var control = connection.open()) {
      var answer = control.post("undrain", Json.mapper().createObjectNode());
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.line(Colour.GOOD, "devices are let in again");
      }
    }
    return 0;
  }
}
