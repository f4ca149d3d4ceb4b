package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.Locale;

/** How the receipt of a revocation or quarantine is shown: what ended, where, in how many ms. */
final class Receipt {
  private Receipt() {}

  static void print(Answer receipt, Terminal terminal) {
    var done = receipt.text("action") + " " + receipt.text("principal");
    var reason = receipt.optionalText("reason").map(why -> " (" + why + ")").orElse("");
    terminal.line(Colour.GOOD, done + reason);
    var table = Table.of("WHAT", "WHERE", "#COUNT", "#MS");
    for (var step : receipt.objects("steps")) {
      table.row(
          step.text("what"),
          step.text("where"),
          String.valueOf(step.number("count")),
          millis(step.decimal("ms")));
    }
    for (var gateway : receipt.objects("gateways")) {
      for (var step : gateway.objects("steps")) {
        table.row(
            step.text("what"),
            step.text("where") + " of " + gateway.text("gateway"),
            String.valueOf(step.number("count")),
            millis(step.decimal("ms")));
      }
    }
    table.print(terminal);
    for (var gateway : receipt.objects("gateways")) {
      gateways(gateway, terminal);
    }
    terminal.line(
        "total "
            + millis(receipt.decimal("ms"))
            + " ms at "
            + receipt.text("at")
            + ", ledger record "
            + receipt.number("ledgerSequence"));
  }

  private static void gateways(Answer gateway, Terminal terminal) {
    var name = gateway.text("gateway");
    var state = gateway.text("state");
    if (state.equals("confirmed")) {
      terminal.line("gateway " + name + " confirmed in " + millis(gateway.decimal("ms")) + " ms");
    } else {
      terminal.line(
          Colour.BAD,
          "gateway "
              + name
              + " did not confirm ("
              + state
              + "): it lets nobody in from "
              + gateway.text("closedFrom")
              + " on, unless it hears of this before");
    }
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
