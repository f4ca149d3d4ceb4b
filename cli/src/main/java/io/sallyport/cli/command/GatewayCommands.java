package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gateway}: the door itself, and the others that share its registry. */
@Command(
    name = "gateway",
    addMethodSubcommands = false,
    description = "See the gateways that share a registry, and what this one holds off.")
public final class GatewayCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String GATEWAYS = "gateways";

  private final Terminal terminal;

  /** The commands. */
  public GatewayCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "List the gateways that share this registry: which are live, how far each has followed the"
            + " changes, how long ago it was heard of, and after how long it lets nobody in."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport gateway list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      print(control.get(GATEWAYS), format);
    }
    return 0;
  }

  @Command(
      description = "Forget a gateway that is stopped or lost, and does not come back.",
      footerHeading = EXAMPLE,
      footer = "  sallyport gateway forget gate-b")
  int forget(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    var nothing = Json.mapper().createObjectNode();
    try (var control = connection.open()) {
      print(
          control.post(GATEWAYS + "/" + ControlClient.segment(name) + "/forget", nothing), format);
    }
    return 0;
  }

  private void print(Answer answer, Format format) {
    if (format.json()) {
      Json.print(terminal, answer.json());
      return;
    }
    var all = answer.objects(GATEWAYS);
    if (all.isEmpty()) {
      terminal.line("this gateway has its registry to itself");
      return;
    }
    var table = Table.of("GATEWAY", "STATE", "#BEHIND", "#SILENT s", "#CLOSES AT s", "ADDRESS");
    for (var one : all) {
      table.row(
          one.text("name") + (one.flag("self") ? " (this one)" : ""),
          one.text("state"),
          String.valueOf(one.number("behind")),
          seconds(one.decimal("silentSeconds")),
          seconds(one.decimal("maxAgeSeconds")),
          one.text("address"));
    }
    table.print(terminal);
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
