package io.sallyport.cli.observation;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code policy unused}. */
@Command(
    name = "unused",
    description = {
      "List the rights that nobody used, of attached policies in their newest version.",
      "",
      "Whole statements, or the actions and resources of one. WATCHED says for how long the server",
      "looked since the version was put; of a time in which it did not, nothing is claimed."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  sallyport policy unused --since 30d",
      "  sallyport policy unused --policy plant-7"
    })
public final class PolicyUnused implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "30d",
      description = "Not used within that time; default: ${DEFAULT-VALUE}.")
  private String since = "";

  @Option(names = "--policy", paramLabel = "NAME", description = "Of that policy only.")
  private @Nullable String policy;

  @Mixin private final Whom whom = new Whom();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyUnused(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    if (policy != null && whom.isGiven()) {
      throw Failure.badInput("give one of --policy, --device and --group");
    }
    var path = "analysis/unused?seconds=" + Span.seconds("a time", since);
    if (policy != null) {
      path += "&policy=" + ControlClient.segment(policy);
    } else if (whom.isGiven()) {
      path += whom.query();
    }
    try (var control = connection.open()) {
      var answer = control.get(path);
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        print(answer);
      }
    }
    return 0;
  }

  private void print(Answer answer) {
    var table =
        Table.of("POLICY", "#LINE", "STATEMENT", "UNUSED", "ACTIONS", "LAST USED", "WATCHED");
    for (var one : answer.objects("policies")) {
      var name = one.text("name") + " v" + one.number("version");
      long watched = one.number("watchedSeconds");
      if (watched == 0) {
        terminal.note("note: nobody has watched " + name + " yet, so nothing is said of it");
      }
      for (var unused : one.objects("unused")) {
        var sid = unused.text("sid");
        table.row(
            name,
            String.valueOf(unused.number("line")),
            sid.isEmpty() ? "#" + unused.number("statement") : sid,
            unused.flag("whole")
                ? "the whole statement"
                : String.join(" ", unused.texts("resources")),
            String.join(" ", unused.texts("actions")),
            unused.optionalText("lastUsed").orElse("never seen"),
            Since.words(watched));
      }
    }
    table.print(terminal);
  }
}
