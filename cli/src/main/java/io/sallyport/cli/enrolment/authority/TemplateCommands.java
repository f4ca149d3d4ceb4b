package io.sallyport.cli.enrolment.authority;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code template}: what devices become that are provisioned over MQTT. */
@Command(
    name = "template",
    addMethodSubcommands = false,
    description =
        "Provisioning templates: what a device becomes that comes with a claim over MQTT.")
public final class TemplateCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String AT = "provisioning-templates";
  private static final String NAME = "Name of the template.";
  // Bound: as of a template; the server says so, too.
  private static final int BYTES_MAX = 10_240;

  private final Terminal terminal;

  /** The commands. */
  public TemplateCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Put a template in the form of AWS IoT's, or another in its place.",
        "",
        "What is not supported of that form is refused, with the place where it stands. Only",
        "claims that are made with `claim create --template NAME` may use it."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport template put lamps lamps.json --hook")
  int put(
      @Parameters(index = "0", paramLabel = "NAME", description = NAME) String name,
      @Parameters(
              index = "1",
              paramLabel = "FILE",
              description = "The template in JSON; - for the standard input.")
          String file,
      @Option(
              names = "--hook",
              description = "Ask the pre-provisioning hook for each device; no answer is a no.")
          boolean hook,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = InputFile.read(file, BYTES_MAX, terminal).text();
    try (var control = connection.open()) {
      var answer = control.put(path(name) + (hook ? "?hook=true" : ""), body);
      format.print(
          terminal,
          answer.json(),
          "template " + name + " is put" + (hook ? ", and asks the hook" : ""));
    }
    return 0;
  }

  @Command(
      description = "List the templates.",
      footerHeading = EXAMPLE,
      footer = "  sallyport template list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var all = Pages.all(control, AT, "templates");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        all.forEach(json.putArray("templates")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "HOOK", "CHANGED", "BY");
      for (var template : all.stream().map(Answer::new).toList()) {
        table.row(
            template.text("name"),
            template.json().path("hook").asBoolean() ? "asked" : "-",
            template.text("changedAt"),
            template.text("changedBy"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Show a template as it was put.",
      footerHeading = EXAMPLE,
      footer = "  sallyport template show lamps")
  int show(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.get(path(name));
      Json.print(terminal, format.json() ? answer.json() : answer.json().path("body"));
    }
    return 0;
  }

  @Command(
      description = "Delete a template that no open claim is bound to.",
      footerHeading = EXAMPLE,
      footer = "  sallyport template delete lamps")
  int delete(
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      format.print(terminal, control.delete(path(name)).json(), "template " + name + " is deleted");
    }
    return 0;
  }

  private static String path(String name) {
    return AT + "/" + ControlClient.segment(name);
  }
}
