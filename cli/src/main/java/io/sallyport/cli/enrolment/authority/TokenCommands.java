package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.enrolment.Terms;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Span;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code enrolment token}: secrets that each let one device enrol itself, once. */
@Command(
    name = "token",
    description = "Make, list and revoke one-time tokens.",
    footerHeading = "%nExample:%n",
    footer = "  sallyport enrolment token create device-001")
public final class TokenCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String TOKENS = "enrolment/tokens";

  private final Terminal terminal;

  /** The commands. */
  public TokenCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "Make a token with which one device enrols itself, once, by EST.",
        "",
        "The token is printed here and kept nowhere. The device shows its id and the token with"
            + " HTTP Basic; what it will be is said here."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment token create device-001 --type lamp --good-for 7d")
  int create(
      @Parameters(paramLabel = "ID", description = "Id of the device.") String id,
      @Option(
              names = "--good-for",
              paramLabel = "TIME",
              defaultValue = "1d",
              description = "Such as 30m, 12h or 7d; default: 1d.")
          String goodFor,
      @Mixin Terms terms,
      @Mixin Format format,
      @Mixin Connection connection) {
    var body = Json.mapper().createObjectNode().put("id", id);
    body.put("goodForSeconds", Span.seconds("--good-for", goodFor));
    try (var control = connection.open()) {
      var answer = control.post(TOKENS, terms.addTo(body));
      if (format.json()) {
        Json.print(terminal, answer.json());
      } else {
        terminal.line(answer.text("token"));
      }
    }
    return 0;
  }

  @Command(
      description = "List every token: for whom, and what became of it.",
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment token list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var tokens = Pages.all(control, TOKENS, "tokens");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        tokens.forEach(json.putArray("tokens")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("NAME", "DEVICE", "STATE", "GOOD UNTIL", "MADE BY");
      for (var token : tokens.stream().map(Answer::new).toList()) {
        table.row(
            token.text("name"),
            token.text("id"),
            token.text("state"),
            token.text("notAfter"),
            token.text("createdBy"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "End a token that nobody has used.",
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment token revoke 5c1f0e9a77b2d344")
  int revoke(
      @Parameters(paramLabel = "NAME", description = "Its name, as in the list.") String name,
      @Mixin Format format,
      @Mixin Connection connection) {
    if (!name.matches("[0-9a-f]{16}")) {
      throw Failure.badInput("a token's name is 16 hex digits, not '" + name + "'");
    }
    var path = TOKENS + "/" + ControlClient.segment(name) + "/revoke";
    try (var control = connection.open()) {
      var answer = control.post(path, Json.mapper().createObjectNode());
      format.print(terminal, answer.json(), "the token for " + answer.text("id") + " is over");
    }
    return 0;
  }
}
