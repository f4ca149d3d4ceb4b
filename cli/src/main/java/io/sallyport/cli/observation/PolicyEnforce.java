package io.sallyport.cli.observation;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.AllowBreach;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policy enforce}. */
@Command(
    name = "enforce",
    description = {
      "Put the proposed policies of an observation in the place of those attached, and end it.",
      "",
      "All of it or nothing. Exit code 1 if they would have denied what was seen; --anyway does it."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport policy enforce --group plant-7")
public final class PolicyEnforce implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--anyway", description = "Also if what was seen would have been denied.")
  private boolean anyway;

  @Mixin private final Whom whom = new Whom();
  @Mixin private final AllowBreach allowBreach = new AllowBreach();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyEnforce(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var path = whom.path() + "/enforce" + allowBreach.query();
    try (var control = connection.open()) {
      var answer = control.post(path, Json.mapper().createObjectNode().put("anyway", anyway));
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.line(
            whom.words()
                + " has "
                + String.join(" ", answer.texts("policies"))
                + " instead of "
                + before(String.join(" ", answer.texts("before"))));
      }
    }
    return 0;
  }

  private static String before(String names) {
    return names.isEmpty() ? "no policy" : names;
  }
}
