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

/** {@code reload}. */
@Command(
    name = "reload",
    description =
        "Have the server read its configuration and certificates again, without dropping a"
            + " session. A bad file changes nothing; exit code 1.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport reload")
public final class ReloadCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public ReloadCommand(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (var control = connection.open()) {
      var answer = control.post("reload", Json.mapper().createObjectNode());
      if (format.json()) {
        Json.print(terminal, answer.json());
        return 0;
      }
      var changed = answer.texts("changed");
      terminal.line(
          Colour.GOOD, changed.isEmpty() ? "reloaded" : "reloaded: " + String.join(" ", changed));
      var waiting = answer.texts("waiting");
      if (!waiting.isEmpty()) {
        terminal.line("at the next start: " + String.join(" ", waiting));
      }
    }
    return 0;
  }
}
