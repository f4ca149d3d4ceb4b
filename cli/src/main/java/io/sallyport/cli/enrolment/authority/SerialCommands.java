package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.enrolment.SerialFile;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code manufacturer serials}: which devices of a manufacturer may come. */
@Command(
    name = "serials",
    description = "List, add, remove and revoke serial numbers of a manufacturer.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport manufacturer serials add acme manifest.csv")
public final class SerialCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final int AT_ONCE = 500;
  private static final String NAME = "Name of the manufacturer.";
  private static final String SERIAL = "Serial number; may be repeated.";

  private final Terminal terminal;

  /** The commands. */
  public SerialCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Add the serial numbers of a file; those that are listed stay as they are.",
        "",
        "CSV whose first line names the columns: serial, and id, type, policy, group,"
            + " attribute:NAME as wanted; or a JSON array of objects as the API takes them. What a"
            + " row does not say is as the manufacturer has it; without an id the serial number is"
            + " it."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer serials add acme manifest.csv")
  int add(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Parameters(paramLabel = "FILE", description = "The file, - for stdin.") String file,
      @Mixin Format format,
      @Mixin Connection connection) {
    var rows = rows(file, terminal);
    try (var control = connection.open()) {
      int added = send(control, name, rows);
      format.print(
          terminal,
          Json.mapper().createObjectNode().put("read", rows.size()).put("changed", added),
          added + " of " + rows.size() + " serial numbers are new");
    }
    return 0;
  }

  static List<ObjectNode> rows(String file, Terminal terminal) {
    return SerialFile.read(InputFile.read(file, SerialFile.BYTES_MAX, terminal));
  }

  static int send(ControlClient control, String name, List<ObjectNode> rows) {
    int added = 0;
    for (int from = 0; from < rows.size(); from += AT_ONCE) {
      var body = Json.mapper().createObjectNode();
      body.putArray("serials").addAll(rows.subList(from, Math.min(rows.size(), from + AT_ONCE)));
      added +=
          Math.toIntExact(
              control.post(ManufacturerCommands.path(name) + "/serials", body).number("changed"));
    }
    return added;
  }

  @Command(
      description = "List the serial numbers, and what became of each.",
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer serials list acme")
  int list(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var all = Pages.all(control, ManufacturerCommands.path(name) + "/serials", "serials");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        all.forEach(json.putArray("serials")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("SERIAL", "DEVICE", "STATE", "TYPE", "GROUP");
      for (var one : all.stream().map(Answer::new).toList()) {
        table.row(
            one.text("serial"),
            one.text("id"),
            one.text("state"),
            one.text("thingType"),
            one.optionalText("group").orElse(""));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Take serial numbers out that nobody has used.",
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer serials remove acme 4711")
  int remove(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Parameters(paramLabel = "SERIAL", arity = "1..*", description = SERIAL) List<String> serials,
      @Mixin Format format,
      @Mixin Connection connection) {
    return change(name, "remove", "removed", serials, format, connection);
  }

  @Command(
      description = {
        "End serial numbers for good, listed or not, as of devices that were stolen.",
        "",
        "A device that was enrolled with one stays as it is: revoke that besides."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer serials revoke acme 4711 4712")
  int revoke(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Parameters(paramLabel = "SERIAL", arity = "1..*", description = SERIAL) List<String> serials,
      @Mixin Format format,
      @Mixin Connection connection) {
    return change(name, "revoke", "revoked", serials, format, connection);
  }

  private int change(
      String name,
      String what,
      String done,
      List<String> serials,
      Format format,
      Connection connection) {
    var body = Json.mapper().createObjectNode();
    serials.forEach(body.putArray("serials")::add);
    try (var control = connection.open()) {
      var answer = control.post(ManufacturerCommands.path(name) + "/serials/" + what, body);
      format.print(
          terminal,
          answer.json(),
          answer.number("changed") + " of " + serials.size() + " serial numbers are " + done);
    }
    return 0;
  }
}
