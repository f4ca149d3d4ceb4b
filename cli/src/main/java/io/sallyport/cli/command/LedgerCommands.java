package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger}: what happened. */
@Command(name = "ledger", description = "Read and verify the record of security events.")
public final class LedgerCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final Duration POLL = Duration.ofSeconds(1);
  // Bound: records of one request; the server may give fewer.
  private static final int PAGE = 500;

  private final Surroundings surroundings;
  private final Terminal terminal;

  /** The commands. */
  public LedgerCommands(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "Print the newest records; with --json, one on each line.",
      footerHeading = EXAMPLE,
      footer = "  sallyport ledger tail -n 50 --follow")
  int tail(
      @Option(
              names = "-n",
              paramLabel = "N",
              defaultValue = "20",
              description = "So many records, at most 500; default: 20.")
          int count,
      @Option(names = "--follow", description = "Go on with new records as they come.")
          boolean follow,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (count < 1 || count > PAGE) {
      throw Failure.badInput("-n must be 1 to " + PAGE + ", not " + count);
    }
    try (var control = connection.open()) {
      var records = control.get("ledger?last=" + count).objects("records");
      print(records, format);
      if (follow) {
        follow(control, last(records, 0), format);
      }
    }
    return 0;
  }

  @Command(
      description = "Verify the chain of all records; exit code 1 if it is broken.",
      footerHeading = EXAMPLE,
      footer = "  sallyport ledger verify")
  int verify(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.post("ledger/verify", Json.mapper().createObjectNode());
      var valid = answer.flag("valid");
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else if (valid) {
        terminal.line(Colour.GOOD, "unbroken: " + answer.number("records") + " records");
        terminal.line("head " + answer.text("head"));
      } else {
        terminal.line(
            Colour.BAD,
            "broken at record " + answer.number("brokenAt") + ": " + answer.text("why"));
      }
      return valid ? 0 : 1;
    }
  }

  private void follow(ControlClient control, long from, Format format) {
    var after = from;
    try {
      while (true) {
        var records = control.get("ledger?after=" + after + "&limit=" + PAGE).objects("records");
        print(records, format);
        after = last(records, after);
        if (records.isEmpty()) {
          surroundings.pause().of(POLL);
        }
      }
    } catch (InterruptedException e) {
      // The person has seen enough.
      Thread.currentThread().interrupt();
    }
  }

  private static long last(List<Answer> records, long otherwise) {
    return records.isEmpty() ? otherwise : records.getLast().number("sequence");
  }

  private void print(List<Answer> records, Format format) {
    if (format.json()) {
      records.forEach(one -> Json.printLine(terminal, one.json()));
      return;
    }
    if (records.isEmpty()) {
      return;
    }
    var table = Table.of("#SEQUENCE", "AT", "TYPE", "ACTOR", "SUBJECT", "FACTS");
    for (var one : records) {
      table.row(
          String.valueOf(one.number("sequence")),
          one.text("at"),
          one.text("type"),
          one.optionalText("actor").orElse(""),
          one.optionalText("subject").orElse(""),
          one.pairs("facts"));
    }
    table.print(terminal);
  }
}
