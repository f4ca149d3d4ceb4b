package io.sallyport.cli.observation;

import io.sallyport.cli.server.Connection;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy observe}. */
@Command(
    name = "observe",
    description = {
      "Record what a device or a group does, and what proposed policies would deny of it.",
      "",
      "The proposed policies would take the place of those attached to it; nothing is denied that",
      "was not before. Without any, what is done is only recorded, for policy suggest."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy observe --group plant-7",
      "  sallyport policy observe plant-7-tight --group plant-7",
      "  sallyport policy observe --stop --group plant-7"
    })
public final class PolicyObserve implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "PROPOSED", arity = "0..*", description = "The proposed policies.")
  private List<String> proposed = new ArrayList<>();

  @Option(names = "--stop", description = "Observe it no longer; what was recorded stays.")
  private boolean stop;

  @Mixin private final Whom whom = new Whom();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyObserve(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    var path = whom.path();
    if (stop && !proposed.isEmpty()) {
      throw Failure.badInput("--stop proposes nothing");
    }
    try (var control = connection.open()) {
      if (stop) {
        format.print(
            terminal, control.delete(path).json(), whom.words() + " is observed no longer");
      } else {
        var body = Json.mapper().createObjectNode();
        var names = body.putArray("policies");
        proposed.forEach(names::add);
        format.print(
            terminal,
            control.put(path, body.toString()).json(),
            whom.words() + " is observed" + by());
      }
    }
    return 0;
  }

  private String by() {
    return proposed.isEmpty() ? "" : "; proposed: " + String.join(" ", proposed);
  }
}
