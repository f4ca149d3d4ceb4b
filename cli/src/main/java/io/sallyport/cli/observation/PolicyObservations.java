package io.sallyport.cli.observation;

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

/** {@code policy observations}. */
@Command(
    name = "observations",
    description = {
      "List who is observed; with --device or --group, what the proposed policies would deny.",
      "",
      "What was seen is there once it is written, after at most policy.record-interval."
    },
    footerHeading = "%nExample:%n",
    footer = {"  sallyport policy observations", "  sallyport policy observations --group plant-7"})
public final class PolicyObservations implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final Whom whom = new Whom();
  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PolicyObservations(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (var control = connection.open()) {
      var answer = control.get(whom.isGiven() ? whom.path() : "observations");
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else if (whom.isGiven()) {
        printOne(answer);
      } else {
        printAll(answer);
      }
    }
    return 0;
  }

  private void printAll(Answer answer) {
    var table = Table.of("SCOPE", "NAME", "PROPOSED", "SINCE", "#SEEN", "#USES", "#WOULD DENY");
    for (var one : answer.objects("observations")) {
      table.row(
          one.text("scope"),
          one.text("name"),
          proposed(one),
          one.text("startedAt"),
          String.valueOf(one.number("principals")),
          String.valueOf(one.number("uses")),
          String.valueOf(one.number("denied")));
    }
    table.print(terminal);
  }

  private static String proposed(Answer observation) {
    var names = observation.texts("proposed");
    return names.isEmpty() ? "-" : String.join(" ", names);
  }

  private void printOne(Answer one) {
    terminal.line("proposed  " + proposed(one));
    terminal.line("since     " + one.text("startedAt") + " by " + one.text("startedBy"));
    terminal.line(
        "seen      %d uses by %d; %d would be denied"
            .formatted(one.number("uses"), one.number("principals"), one.number("denied")));
    var denials = one.objects("denials");
    if (denials.isEmpty()) {
      return;
    }
    var table = Table.of("#WOULD DENY", "ACTION", "NAME", "BY", "LAST");
    for (var denial : denials) {
      table.row(
          String.valueOf(denial.number("count")),
          denial.text("action"),
          denial.text("name"),
          denial.text("principal"),
          denial.text("last"));
    }
    table.print(terminal);
  }
}
