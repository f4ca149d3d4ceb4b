package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ca pins}. */
@Command(
    name = "pins",
    description = {
      "Show the keys that devices know the server by, and until when it can show them.",
      "",
      "Pins are SHA-256 of a key's SubjectPublicKeyInfo in base64 (RFC 7469). A set of them is"
          + " deployed once a bundle with it was handed out; from then on a certificate that its"
          + " devices would refuse is not shown."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sallyport ca pins", "  sallyport ca pins --retire 0f3a5c7e9b1d2f40"})
public final class PinsCommand implements Callable<Integer> {
  private static final String NONE = "-";

  private final Terminal terminal;

  @Option(
      names = "--retire",
      paramLabel = "SET",
      description = "Forget a deployed set: no device has it any more.")
  private @Nullable String retire;

  @Mixin private final Format format = new Format();
  @Mixin private final Connection connection;

  /** The command, with the way to the server. */
  public PinsCommand(Surroundings surroundings, Connection connection) {
    this.terminal = surroundings.terminal();
    this.connection = connection;
  }

  @Override
  public Integer call() {
    try (var control = connection.open()) {
      var answer =
          retire == null
              ? control.get("pins")
              : control.delete("pins/deployed/" + ControlClient.segment(retire));
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        print(answer);
      }
    }
    return 0;
  }

  private void print(Answer answer) {
    var table = Table.of("SET", "KEY", "PIN", "CERTIFICATE ENDS", "SERVABLE UNTIL", "#BUNDLES");
    rows(table, answer, deployed(answer, answer.text("set")));
    for (var set : answer.objects("deployed")) {
      if (!set.flag("current")) {
        rows(table, set, String.valueOf(set.number("bundles")));
      }
    }
    table.print(terminal);
    if (!answer.flag("enforced")) {
      terminal.line("tls.pins is off: a key that devices do not know is shown all the same");
    }
    answer.texts("warnings").forEach(warning -> terminal.line("warning: " + warning));
  }

  private static String deployed(Answer answer, String id) {
    return answer.objects("deployed").stream()
        .filter(set -> set.text("set").equals(id))
        .map(set -> String.valueOf(set.number("bundles")))
        .findFirst()
        .orElse("0");
  }

  private static void rows(Table table, Answer set, String bundles) {
    for (var pin : set.objects("pins")) {
      table.row(
          set.text("set"),
          pin.text("use"),
          pin.text("pin"),
          pin.optionalText("certificateNotAfter").orElse(NONE),
          pin.optionalText("servableUntil").orElse("not now"),
          bundles);
    }
  }
}
