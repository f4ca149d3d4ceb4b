package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.enrolment.Terms;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code manufacturer}: factories whose certificates introduce devices. */
@Command(
    name = "manufacturer",
    addMethodSubcommands = false,
    description = "Manufacturers whose certificates (IDevID) let devices enrol themselves, once.")
public final class ManufacturerCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String MANUFACTURERS = "manufacturers";
  private static final String NAME = "Name of the manufacturer.";
  private static final int PEM_MAX = 16 << 10;

  private final Terminal terminal;

  /** The commands. */
  public ManufacturerCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Register a manufacturer by the certificate of its authority.",
        "",
        "Its devices show their certificates at the EST port (est.manufacturers: true) and bring a"
            + " new key. Only serial numbers that are listed may come, each once, unless --open is"
            + " said."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer add acme --ca acme.pem --serials manifest.csv --type lamp")
  int add(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Option(
              names = "--ca",
              required = true,
              paramLabel = "FILE",
              description = "Certificate of the authority below which its devices' are, in PEM.")
          String ca,
      @Option(
              names = "--serials",
              paramLabel = "FILE",
              description = "List of serial numbers, as for `manufacturer serials add`.")
          @Nullable String serials,
      @Option(
              names = "--id-from",
              paramLabel = "WORD",
              description =
                  "Where certificates have the serial number: serialNumber (default), cn or"
                      + " hardwareModuleName (RFC 4108).")
          @Nullable String from,
      @Option(
              names = "--open",
              description = "Let serial numbers that are not listed come, too, each once.")
          boolean open,
      @Option(names = "--group", paramLabel = "NAME", description = "Group that its devices join.")
          @Nullable String group,
      @Mixin Terms terms,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = terms.addTo(Json.mapper().createObjectNode().put("name", name));
    body.put("ca", InputFile.read(ca, PEM_MAX, terminal).text());
    if (from != null) {
      body.put("serialFrom", from);
    }
    if (open) {
      body.put("open", true);
    }
    if (group != null) {
      body.put("group", group);
    }
    var rows = serials == null ? null : SerialCommands.rows(serials, terminal);
    try (var control = connection.open()) {
      var answer = control.post(MANUFACTURERS, body);
      int listed = rows == null ? 0 : SerialCommands.send(control, name, rows);
      format.print(
          terminal, answer.json(), name + " is registered, " + listed + " serial numbers listed");
    }
    return 0;
  }

  @Command(
      description = "List the manufacturers.",
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var all = Pages.all(control, MANUFACTURERS, MANUFACTURERS);
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        all.forEach(json.putArray(MANUFACTURERS)::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "SERIALS", "SPENT", "UNLISTED", "UNTIL", "AUTHORITY");
      for (var one : all.stream().map(Answer::new).toList()) {
        table.row(
            one.text("name"),
            Long.toString(one.number("serials")),
            Long.toString(one.number("spent")),
            one.flag("open") ? "may come" : "refused",
            one.text("notAfter"),
            one.text("subject"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show a manufacturer.",
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer show acme")
  int show(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var one = control.get(path(name));
      if (format.json()) {
        Json.print(terminal, one.json());
        return 0;
      }
      terminal.line("authority    " + one.text("subject"));
      terminal.line("fingerprint  " + one.text("fingerprint"));
      terminal.line("until        " + one.text("notAfter"));
      terminal.line("serial from  " + one.text("serialFrom"));
      terminal.line("unlisted     " + (one.flag("open") ? "may come" : "refused"));
      terminal.line(
          "serials      " + one.number("serials") + ", of them " + one.number("spent") + " spent");
      terminal.line("type         " + one.text("thingType"));
      terminal.line("added        " + one.text("addedAt") + " by " + one.text("addedBy"));
    }
    return 0;
  }

  @Command(
      description = {
        "Forget a manufacturer and its list.",
        "",
        "None of its certificates introduces anybody from then on; devices that were enrolled stay."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport manufacturer remove acme")
  int remove(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.post(path(name) + "/remove", Json.mapper().createObjectNode());
      format.print(terminal, answer.json(), name + " is forgotten");
    }
    return 0;
  }

  static String path(String name) {
    return MANUFACTURERS + "/" + ControlClient.segment(name);
  }
}
