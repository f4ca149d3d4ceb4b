package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code command}: what devices are told, signed. */
@Command(
    name = "command",
    addMethodSubcommands = false,
    description = "Send signed commands to devices, and see what became of them.")
public final class CommandCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String NONE = "-";
  private static final int SHOWN = 100;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  private final Terminal terminal;

  /** The commands. */
  public CommandCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = "List commands, the newest first.",
      footerHeading = EXAMPLE,
      footer = "  sallyport command list --device device-001 --status refused")
  int list(
      @Option(names = "--device", paramLabel = "ID", description = "Only to this device.")
          @Nullable String device,
      @Option(
              names = "--status",
              paramLabel = "STATUS",
              description = "pending, delivered, executed, failed, refused, expired or cancelled.")
          @Nullable String status,
      @Option(names = "--limit", paramLabel = "N", description = "So many at most; default: 100.")
          int limit,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (limit < 0) {
      throw Failure.badInput("--limit must be at least 1, not " + limit);
    }
    var path =
        device == null ? "commands" : "devices/" + ControlClient.segment(device) + "/commands";
    var query = status == null ? "" : "?status=" + ControlClient.segment(status);
    try (var control = connection.open()) {
      var commands = Pages.first(control, path + query, "commands", limit == 0 ? SHOWN : limit);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        commands.forEach(json.putArray("commands")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("ID", "DEVICE", "NAME", "STATUS", "REASON", "ISSUED", "EXPIRES", "BY");
      for (var command : commands.stream().map(Answer::new).toList()) {
        table.row(
            command.text("id"),
            command.text("device"),
            command.text("name"),
            command.text("status"),
            command.optionalText("reason").orElse(NONE),
            command.text("issuedAt"),
            command.text("expiresAt"),
            command.text("sentBy"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = {
        "Show a command, or how far one to a group came.",
        "",
        "With --json also the signed envelope and the device's signed receipt, in base64."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport command show 3f1c0e9a77b2d3445c1f0e9a77b2d344")
  int show(
      @Parameters(paramLabel = "ID", description = "The command, or the group's command.")
          String id,
      @Option(names = "--group", description = "It is the id of a command to a group.")
          boolean group,
      @Mixin Format format,
      @Mixin Connection connection) {
    var path = (group ? "group-commands/" : "commands/") + path(id);
    try (var control = connection.open()) {
      var found = control.get(path);
      if (format.json()) {
        Json.print(terminal, found.json());
      } else if (group) {
        var counts = new StringJoiner(", ");
        for (var count : found.json().get("progress").properties()) {
          counts.add(count.getKey() + " " + count.getValue());
        }
        terminal.line("command " + found.text("id") + ": " + counts);
      } else {
        print(found);
      }
    }
    return 0;
  }

  private void print(Answer command) {
    var table = Table.of("", "");
    table.row("id", command.text("id"));
    command.optionalText("groupCommand").ifPresent(id -> table.row("of the group's", id));
    table.row("device", command.text("device"));
    table.row("name", command.text("name"));
    table.row("arguments", command.pairs("arguments"));
    table.row("status", command.text("status"));
    command.optionalText("reason").ifPresent(text -> table.row("reason", text));
    command.optionalText("detail").ifPresent(text -> table.row("detail", text));
    table.row("proved by", command.text("proof"));
    command.optionalText("stateHash").ifPresent(text -> table.row("state", text));
    table.row("key", command.optionalText("key").orElse("not signed yet"));
    table.row("issued", command.text("issuedAt"));
    table.row("expires", command.text("expiresAt"));
    table.row("sent by", command.text("sentBy"));
    table.row("attempts", String.valueOf(command.number("attempts")));
    table.print(terminal);
  }

  @Command(
      description = {
        "Take back a command that was not answered.",
        "",
        "It is not sent any more. A device that has it already may do it all the same; its signed"
            + " receipt then says so."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport command cancel 3f1c0e9a77b2d3445c1f0e9a77b2d344")
  int cancel(
      @Parameters(paramLabel = "ID", description = "The command.") String id,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var gone = control.delete("commands/" + path(id));
      format.print(terminal, gone.json(), "command " + gone.text("id") + " is cancelled");
    }
    return 0;
  }

  private static String path(String id) {
    if (!ID.matcher(id).matches()) {
      throw Failure.badInput("a command's id is 32 lower-case hex digits, not '" + id + "'");
    }
    return id;
  }
}
