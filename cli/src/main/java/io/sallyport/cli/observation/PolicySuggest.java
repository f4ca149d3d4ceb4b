package io.sallyport.cli.observation;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
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

/** {@code policy suggest}. */
@Command(
    name = "suggest",
    description = {
      "Print the smallest policy that covers what was seen, and beside it the evidence.",
      "",
      "The policy goes to the standard output, ready for policy put; the evidence and what is to"
          + " be",
      "known of it go to the standard error. Only what was observed is covered."
    },
    footerHeading = "%nExample:%n",
    footer = "  sallyport policy suggest --group plant-7 --since 7d > plant-7-tight.json")
public final class PolicySuggest implements Callable<Integer> {
  private static final int WHO_SHOWN_MAX = 3;

  private final Terminal terminal;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "7d",
      description = "What was used within that time: 30m, 12h, 7d; default: ${DEFAULT-VALUE}.")
  private String since = "";

  @Option(
      names = "--distinct",
      paramLabel = "N",
      description = "So many values make a level one that varies; at least 3, default: 5.")
  private @Nullable Integer distinct;

  @Mixin private final Whom whom = new Whom();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicySuggest(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    if (distinct != null && distinct < 3) {
      throw Failure.badInput("--distinct is at least 3");
    }
    var path =
        whom.path()
            + "/suggestion?seconds="
            + Span.seconds("a time", since)
            + (distinct == null ? "" : "&distinct=" + distinct);
    try (var control = connection.open()) {
      var answer = control.get(path);
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        Json.print(terminal, answer.object("document").json());
        printEvidence(answer);
      }
    }
    return 0;
  }

  private void printEvidence(Answer answer) {
    var table = Table.of("STATEMENT", "RESOURCE", "#USES", "BY", "FIRST", "LAST", "BECAUSE");
    for (var statement : answer.objects("statements")) {
      for (var resource : statement.objects("resources")) {
        table.row(
            statement.text("sid"),
            resource.text("resource"),
            String.valueOf(resource.number("count")),
            by(resource),
            resource.optionalText("first").orElse("-"),
            resource.optionalText("last").orElse("-"),
            resource.text("basis"));
      }
    }
    var beside =
        new Terminal(
            terminal.err(),
            terminal.err(),
            terminal.in(),
            terminal.interactive(),
            terminal.coloured());
    table.print(beside);
    answer.texts("remarks").forEach(remark -> terminal.note("note: " + remark));
  }

  private static String by(Answer resource) {
    var principals = resource.texts("principals");
    if (principals.isEmpty()) {
      return "-";
    }
    return principals.size() <= WHO_SHOWN_MAX
        ? String.join(" ", principals)
        : principals.size() + " principals";
  }
}
