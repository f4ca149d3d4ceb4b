package io.sallyport.cli.enrolment.authority;

import io.sallyport.cli.enrolment.Terms;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.server.Pages;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code enrolment}: what lets devices enrol themselves. */
@Command(
    name = "enrolment",
    addMethodSubcommands = false,
    description = "One-time tokens, and devices that wait for an operator's approval.")
public final class EnrolmentCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final String APPLICATIONS = "enrolment/applications";
  private static final String WHICH =
      "Id of the device, or its key's hash, which must be given if several ask under one id.";

  private final Terminal terminal;

  /** The commands. */
  public EnrolmentCommands(Surroundings surroundings) {
    this.terminal = surroundings.terminal();
  }

  @Command(
      description = {
        "List devices that wait for an operator, because they show nothing or what has expired.",
        "",
        "The id is what they claim, but for a renewal: there the old key is proven. KEY is the"
            + " SHA-256 of their new public key: compare it with the device's own before you"
            + " approve."
      },
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment list")
  int list(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var applications = Pages.all(control, APPLICATIONS, "applications");
      if (format.json()) {
        var json = Json.mapper().createObjectNode();
        applications.forEach(json.putArray("applications")::add);
        Json.print(terminal, json);
        return 0;
      }
      var table = Table.of("DEVICE", "STATE", "FOR", "FROM", "ASKED", "KEY");
      for (var application : applications.stream().map(Answer::new).toList()) {
        table.row(
            application.text("id"),
            application.text("state"),
            application.optionalText("renews").isEmpty() ? "enrolment" : "renewal",
            application.text("source"),
            application.text("askedAt"),
            application.text("key"));
      }
      table.print(terminal);
    }
    return 0;
  }

  @Command(
      description = "Let a device have its certificate when it asks again.",
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment approve device-001 --type lamp")
  int approve(
      @Parameters(paramLabel = "DEVICE", description = WHICH) String which,
      @Mixin Terms terms,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var body = terms.addTo(Json.mapper().createObjectNode());
      var answer = control.post(path(which, "approve"), body);
      format.print(terminal, answer.json(), answer.text("id") + " is approved");
    }
    return 0;
  }

  @Command(
      description = "Refuse a device that asked, with the key that it has.",
      footerHeading = EXAMPLE,
      footer = "  sallyport enrolment reject device-001")
  int reject(
      @Parameters(paramLabel = "DEVICE", description = WHICH) String which,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var answer = control.post(path(which, "reject"), Json.mapper().createObjectNode());
      format.print(terminal, answer.json(), answer.text("id") + " is rejected");
    }
    return 0;
  }

  private static String path(String which, String decision) {
    return APPLICATIONS + "/" + ControlClient.segment(which) + "/" + decision;
  }
}
