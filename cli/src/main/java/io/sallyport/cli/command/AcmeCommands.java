package io.sallyport.cli.command;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.Connection;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Colour;
import io.sallyport.cli.terminal.Format;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Surroundings;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code acme}: the certificate for public names. */
@Command(
    name = "acme",
    description = "See and renew the server's certificate for public names (acme.directory).",
    footerHeading = "%nExample:%n",
    footer = "  sallyport acme status")
public final class AcmeCommands {
  private static final String EXAMPLE = "%nExample:%n";
  private static final Duration POLL = Duration.ofMillis(500);

  // Bound: half a second each, so ten minutes; twice what one name takes that nobody can prove.
  private static final int POLLS_MAX = 1_200;

  private final Surroundings surroundings;

  /** The commands. */
  public AcmeCommands(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Command(
      description =
          "Show the certificate, when it is renewed, and why the last order failed; exit code 1 if"
              + " there is none.",
      footerHeading = EXAMPLE,
      footer = "  sallyport acme status --json")
  int status(@Mixin Format format, @Mixin Connection connection) {
    try (var control = connection.open()) {
      var status = control.get("acme");
      print(status, format);
      return status.optionalText("notAfter").isPresent() ? 0 : 1;
    }
  }

  @Command(
      description =
          "Order another certificate now and wait for it; exit code 1 if it is not issued, and what"
              + " was shown before stays.",
      footerHeading = EXAMPLE,
      footer = "  sallyport acme renew")
  int renew(
      @Option(names = "--no-wait", description = "End when it has begun.") boolean noWait,
      @Mixin Format format,
      @Mixin Connection connection) {
    try (var control = connection.open()) {
      var before = control.get("acme");
      var begun = control.post("acme/renew", Json.mapper().createObjectNode());
      var status = noWait ? begun : awaited(control, before, begun);
      print(status, format);
      return noWait || status.number("renewals") > before.number("renewals") ? 0 : 1;
    }
  }

  private Answer awaited(ControlClient control, Answer before, Answer begun) {
    var status = begun;
    try {
      for (int poll = 0; poll < POLLS_MAX && !isOver(before, status); poll++) {
        surroundings.pause().of(POLL);
        status = control.get("acme");
      }
    } catch (InterruptedException e) {
      // The person has seen enough; the server goes on.
      Thread.currentThread().interrupt();
    }
    return status;
  }

  private static boolean isOver(Answer before, Answer status) {
    return status.number("orders") > before.number("orders") && !status.flag("ordering");
  }

  private void print(Answer status, Format format) {
    var terminal = surroundings.terminal();
    if (format.json()) {
      Json.print(terminal, status.json());
      return;
    }
    if (!status.flag("enabled")) {
      terminal.line("no ACME server is configured: acme.directory, acme.domains");
      return;
    }
    terminal.line("names       " + String.join(" ", status.texts("names")));
    var until = status.optionalText("notAfter");
    if (until.isPresent()) {
      terminal.line("issuer      " + status.text("issuer"));
      terminal.line("ends        " + until.get());
    } else {
      terminal.line(Colour.BAD, "certificate none yet");
    }
    terminal.line((status.flag("ordering") ? "being ordered " : "next order  ") + next(status));
    if (status.number("failed") > 0) {
      terminal.line(
          Colour.BAD, "failed      " + status.number("failed") + " times: " + status.text("why"));
    }
  }

  private static String next(Answer status) {
    return status.flag("ordering") ? "now" : status.text("next");
  }
}
